"""Syncs that the app starts: each a `bill-ledger sync` of its own, which outlives it.

Here belongs: starting one, what it said so far, how it ended, where the Dagster UI
shows it. Not here: what a sync does (running.py).
"""

import subprocess
import urllib.parse
from dataclasses import dataclass, field
from threading import Lock

import requests
import streamlit as st

from orchestration.failures import ExitStatus
from orchestration.locks import is_held
from orchestration.settings import Home, child_environment, program

DAGSTER_UI = "http://127.0.0.1:3000"
ANSWER_SECONDS = 0.3
LAST_LINES = 12


@dataclass
class Runs:
    """The syncs this app started, by connection."""

    started: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def start(self, home: Home, name: str, *, full: bool = False) -> None:
        """Start a sync unless one is going on; nothing of it waits for this app."""
        with self.lock:
            if self.is_going_on(home, name):
                return
            command = [str(program("bill-ledger")), "sync", name]
            folder = home.connection(name)
            folder.path.mkdir(parents=True, exist_ok=True)
            with folder.progress.open("wb") as log:
                self.started[name] = subprocess.Popen(
                    [*command, "--full"] if full else command,
                    env=child_environment(home),
                    cwd=home.path,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                )

    def is_going_on(self, home: Home, name: str) -> bool:
        """Whether a sync runs, of this app's or anybody else's."""
        ours = self.started.get(name)
        return (ours is not None and ours.poll() is None) or is_held(
            home.connection(name).lock
        )

    def ending(self, name: str) -> ExitStatus | None:
        """Return how the last sync this app started ended; None where none did."""
        ours = self.started.get(name)
        code = None if ours is None else ours.poll()
        if code is None:
            return None
        known = {int(status) for status in ExitStatus}
        return ExitStatus(code) if code in known else ExitStatus.FAILED

    def words(self, home: Home, name: str) -> list[str]:
        """Return the last things a sync said that this app started, oldest first."""
        if name not in self.started:
            return []
        said = home.connection(name).progress.read_text("utf-8", errors="replace")
        return [line for line in said.splitlines() if line.strip()][-LAST_LINES:]


@st.cache_resource
def runs() -> Runs:
    """Return the syncs of this app, the same for every visitor."""
    return Runs()


def dagster_link(name: str) -> str:
    """Return where the Dagster UI lists a connection's runs; empty where it is off."""
    try:
        answer = requests.get(f"{DAGSTER_UI}/server_info", timeout=ANSWER_SECONDS)
    except requests.RequestException:
        return ""
    if "dagster_version" not in answer.text:
        return ""
    tag = urllib.parse.quote(f"tag:dagster/partition={name}")
    return f"{DAGSTER_UI}/runs?q[0]={tag}"
