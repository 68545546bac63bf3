"""What starting costs, in CPU-seconds, beside what it cannot do without.

The baseline is Python with Dagster and dlt imported, then a bare `dbt parse` of the
same project where nothing changed: every tool at hand, and no work done.
"""

import json
import os
import resource
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from shell import Shell

from orchestration.settings import DBT_PROJECT, Home, program

MOST_FOR_NO_CHANGE = 15
"""CPU-seconds a sync without news may cost, the bundled BILL apart that it starts."""
LOADED = json.dumps(
    {
        "query": "{ workspaceOrError { ... on Workspace { locationEntries {"
        " locationOrLoadError { __typename } } } } }"
    }
).encode()
TOOLS_WHERE_QUIET = 18.0
"""What both baselines cost together where nothing else runs."""
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time, user and system, of the processes that work starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The demo after its first sync: 24 months of a company."""
    folder = tmp_path_factory.mktemp("start")
    shell = Shell(Home(folder / "home"), folder)
    shell.done_apart("demo")
    return shell


@pytest.mark.timeout(1800)
def test_starting_costs_little_more_than_the_tools(synced: Shell) -> None:
    """The command line, the code location, a sync without news."""
    python = Path(sys.executable)
    tools = cpu_seconds(
        lambda: synced.program(python, "-c", "import dagster, dlt, duckdb")
    )
    parse = [
        *("parse", "--quiet", "--no-partial-parse"),
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(synced.folder / "target")),
        *("--log-path", str(synced.folder / "target")),
    ]
    parsing = cpu_seconds(lambda: synced.program(program("dbt"), *parse))
    costs = {
        "bill-ledger --help": cpu_seconds(lambda: synced.done_apart("--help")),
        "the UI's code location": cpu_seconds(lambda: load_location(synced)),
        "the UI until it shows our assets": open_ui(synced),
        "the bundled BILL alone": cpu_seconds(lambda: live(synced)),
        "a sync without news": cpu_seconds(lambda: synced.done_apart("sync", "demo")),
    }

    least = tools + parsing
    print(f"\n{'importing dagster, dlt, duckdb':32} {tools:6.1f} CPU-s")
    print(f"{'a bare dbt parse':32} {parsing:6.1f} CPU-s")
    for what, cost in costs.items():
        print(f"{what:32} {cost:6.1f} CPU-s  {cost / least:4.1f} of both")
    own = costs["a sync without news"] - costs["the bundled BILL alone"]
    # On a machine that is busy with others everything costs more.
    assert own <= MOST_FOR_NO_CHANGE * max(1.0, least / TOOLS_WHERE_QUIET)
    assert costs["bill-ledger --help"] < tools


def live(shell: Shell) -> None:
    """Start the demo's BILL and stop it, which its syncs do within their process."""
    code = (
        "from orchestration.bundled import running;"
        "from orchestration.connections import Registry;"
        "from orchestration.settings import current_home;"
        "home = current_home();"
        "running(Registry(home).get('demo'), home.connection('demo')).__enter__()"
    )
    shell.program(Path(sys.executable), "-c", code)


def load_location(shell: Shell) -> None:
    """Load every definition, as the process behind the UI does before it answers."""
    code = (
        "from orchestration.definitions import defs;"
        "defs.get_repository_def().load_all_definitions()"
    )
    shell.program(Path(sys.executable), "-c", code)


def open_ui(shell: Shell) -> float:
    """Start the UI with its daemon; return what all its processes cost till it shows.

    It keeps one of its processes for our code, which so is loaded.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with shell.serve("ui", "--port", str(port)) as process:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql",
            LOADED,
            {"Content-Type": "application/json"},
        )
        since = time.monotonic()
        while not shows(asked):
            assert time.monotonic() < since + 300, "the UI never showed our assets"
            time.sleep(0.5)
        return session_seconds(process.pid)


def shows(asked: urllib.request.Request) -> bool:
    """Whether the UI has loaded our code, and without an error."""
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - ours
            said = json.load(answer)
    except OSError:
        return False
    entries = said["data"]["workspaceOrError"].get("locationEntries", [])
    loaded = [entry["locationOrLoadError"] for entry in entries]
    return loaded == [{"__typename": "RepositoryLocation"}]


def session_seconds(session: int) -> float:
    """The CPU time of a session's processes, and of those of theirs that ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS
