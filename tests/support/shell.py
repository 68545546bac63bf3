"""The command line as a person has it: by its path, from elsewhere, empty HOME."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import duckdb

from bill_source.sandbox import SandboxServer
from orchestration.settings import Home

FIRST_DAY = datetime(2026, 6, 15, 18, tzinfo=UTC)
BILL_LEDGER = Path(sys.executable).with_name("bill-ledger")
VOLATILE = frozenset({"sync_runs", "meta"})
"""Tables that say when and how often, so they differ between equal ledgers."""


@dataclass(frozen=True)
class Shell:
    """Runs ``bill-ledger`` by its path, from elsewhere, in an empty HOME."""

    home: Home
    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a user who has activated nothing."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder / "user"),
            "BILL_LEDGER_HOME": str(self.home.path),
            **more,
        }

    def start(self, *words: str, **variables: str) -> "subprocess.Popen[str]":
        """Start a command and leave it running; its output waits to be read."""
        return self._start(subprocess.PIPE, *words, **variables)

    def serve(self, *words: str) -> "subprocess.Popen[str]":
        """Start a server; what it says goes to a file, so that it never waits."""
        with (self.folder / f"{words[0]}.log").open("w") as log:
            return self._start(log, *words)

    def _start(
        self, output: "int | TextIO", *words: str, **variables: str
    ) -> "subprocess.Popen[str]":
        (self.folder / "user").mkdir(exist_ok=True)
        return subprocess.Popen(
            [str(BILL_LEDGER), *words],
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
        )

    def run(self, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        with self.start(*words, **variables) as process:
            stdout, stderr = process.communicate(timeout=600)
        return subprocess.CompletedProcess(words, process.returncode, stdout, stderr)

    def done(self, *words: str, **variables: str) -> str:
        """Run a command that must succeed; return its stdout."""
        result = self.run(*words, **variables)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def program(self, path: Path, *words: str, **variables: str) -> None:
        """Run another program that must succeed."""
        subprocess.run(
            [str(path), *words],
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            check=True,
        )

    def connect(self, bill: SandboxServer, name: str = "acme") -> None:
        """Connect to a sandbox."""
        self.done(
            *("connect", name),
            *("--organization-id", bill.organization_id),
            *("--token-name", bill.token_name),
            *("--api-url", bill.api_url),
            BILL_TOKEN_PASSWORD=bill.token_password,
            BILL_DEV_KEY=bill.dev_key,
        )

    def sync(self, *words: str) -> Mapping[str, Any]:
        """Sync connection acme; return what ``--json`` says."""
        (row,) = json.loads(self.done("sync", "acme", "--json", *words))
        assert isinstance(row, dict)
        return row

    def tables(self, name: str = "acme") -> dict[str, list[tuple[Any, ...]]]:
        """Every published table's rows, in a fixed order; not by which run and when."""
        with self.ledger(name) as ledger:
            names = [row[0] for row in ledger.execute("show tables").fetchall()]
            return {
                table: ledger.execute(
                    "select columns(name -> name not in ('run_id', 'last_synced_at'))"  # noqa: S608 - its own names
                    f" from {table}"
                    " order by all"
                ).fetchall()
                for table in names
                if table not in VOLATILE
            }

    def ledger(self, name: str = "acme") -> duckdb.DuckDBPyConnection:
        """The published ledger, as an analyst opens it."""
        return duckdb.connect(str(self.home.connection(name).ledger), read_only=True)


Tables: TypeAlias = dict[str, list[tuple[Any, ...]]]


def differences(one: Tables, other: Tables) -> dict[str, tuple[Any, Any]]:
    """For each table that differs, the rows only the one and only the other has."""
    return {
        table: (
            [row for row in one.get(table, []) if row not in other.get(table, [])],
            [row for row in other.get(table, []) if row not in one.get(table, [])],
        )
        for table in sorted(one.keys() | other.keys())
        if one.get(table) != other.get(table)
    }
