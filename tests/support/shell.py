"""The command line as a person has it: by its path, from elsewhere, empty HOME.

A process of its own takes seconds to import what a command needs, so a command that
only has to do its work runs in this one, through the same entry point and with a
person's environment. Where the process is what a test is about, it starts one.
"""

import io
import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import (
    ExitStack,
    chdir,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
    suppress,
)
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from bill_source.sandbox import SandboxServer
from orchestration.cli import main
from orchestration.settings import Home

FIRST_DAY = datetime(2026, 6, 15, 18, tzinfo=UTC)
BILL_LEDGER = Path(sys.executable).with_name("bill-ledger")
VOLATILE = frozenset({"sync_runs", "meta"})
"""Tables that say when and how often, so they differ between equal ledgers."""


@dataclass(frozen=True)
class Shell:
    """Runs ``bill-ledger`` from elsewhere, in an empty HOME."""

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

    def _make_user(self) -> None:
        (self.folder / "user").mkdir(exist_ok=True)

    def start(self, *words: str, **variables: str) -> "subprocess.Popen[str]":
        """Start a command and leave it running; its output waits to be read."""
        self._make_user()
        return subprocess.Popen(
            [str(BILL_LEDGER), *words],
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def serve(
        self, *words: str, path: Path = BILL_LEDGER, **variables: str
    ) -> "Iterator[subprocess.Popen[str]]":
        """Start a server, and end it with every process that it started.

        What it says goes to a file, so that it never waits.
        """
        self._make_user()
        with (
            (self.folder / f"{words[0]}.log").open("w") as log,
            subprocess.Popen(
                [str(path), *words],
                cwd=self.folder,
                env=self.environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            ) as process,
        ):
            try:
                yield process
            finally:
                end_group(process)

    def run_apart(
        self, *words: str, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end in a process of its own, called by its path."""
        with self.start(*words, **variables) as process:
            stdout, stderr = process.communicate(timeout=600)
        return subprocess.CompletedProcess(words, process.returncode, stdout, stderr)

    def run(self, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end in this process."""
        self._make_user()
        stdout, stderr = io.StringIO(), io.StringIO()
        with ExitStack() as stack:
            stack.enter_context(as_process(self.environment(**variables), words))
            stack.enter_context(chdir(self.folder))
            stack.enter_context(redirect_stdout(stdout))
            stack.enter_context(redirect_stderr(stderr))
            try:
                main()
            except SystemExit as end:
                status = int(end.code or 0)
        return subprocess.CompletedProcess(
            words, status, stdout.getvalue(), stderr.getvalue()
        )

    def done_apart(self, *words: str, **variables: str) -> str:
        """Run a command, apart, that must succeed; return its stdout."""
        result = self.run_apart(*words, **variables)
        assert result.returncode == 0, result.stderr
        return result.stdout

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


def end_group(process: "subprocess.Popen[str]") -> None:
    """End a server politely, and then whatever is left of what it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=30)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def said_until(process: "subprocess.Popen[str]", words: str) -> str:
    """Read what a process says on stderr up to these words, or to its end."""
    assert process.stderr is not None
    said = process.stderr.readline()
    while said and words not in said:
        said = process.stderr.readline()
    return said


@contextmanager
def as_process(
    environment: Mapping[str, str], words: tuple[str, ...]
) -> Iterator[None]:
    """Lend this process what a command has: variables, arguments, an empty stdin.

    Warnings of our libraries go nowhere, as the environment of a command says too.
    """
    variables, arguments, stdin = dict(os.environ), sys.argv, sys.stdin
    on_end = signal.getsignal(signal.SIGTERM)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(BILL_LEDGER), *words]
    try:
        with Path(os.devnull).open() as sys.stdin, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.signal(signal.SIGTERM, on_end)
        sys.stdin, sys.argv = stdin, arguments
        os.environ.clear()
        os.environ.update(variables)


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
