"""Keeping it running: the firm view, backups, a ledger that starts later."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from shell import Shell, said_until

from bill_source.sandbox import SandboxServer
from orchestration.cli import app
from orchestration.firm import build_firm, refresh_firm
from orchestration.firm_tables import HEALTH, HEALTH_COLUMNS, TABLES
from orchestration.locks import exclusive
from orchestration.settings import PROJECT, Home
from orchestration.states import States

pytestmark = pytest.mark.slow
START = date(2026, 5, 20)
STARTS = f'ledger_start_date = "{START}"\n'
BEFORE_START = "select count(*) from posting_status where reason = 'before_start'"
DATED_BEFORE = "select count(*) from journal_lines where entry_date < ?"
WITHOUT_COMMENT = """
select table_name, column_name from duckdb_columns()
where not internal and coalesce(comment, '') = ''
union all
select table_name, '' from duckdb_tables() where coalesce(comment, '') = ''
"""


@pytest.fixture(scope="module")
def synced(shared_shell: Shell, bill: SandboxServer) -> Shell:
    """A ledger that starts on `START`; tests change copies of its home only."""
    shared_shell.connect(bill)
    with shared_shell.home.connections.open("a") as file:
        file.write(STARTS)
    assert shared_shell.sync()["versions_appended"] > 0
    return shared_shell


@pytest.fixture
def firm(shell: Shell, synced: Shell) -> Home:
    """The home folder of a firm with two clients, acme and beta, a test's own."""
    home = shell.home
    shutil.copytree(synced.home.path, home.path)
    shutil.copytree(home.connection("acme").path, home.connection("beta").path)
    entry = home.connections.read_text()
    home.connections.write_text(entry + entry.replace("[acme]", "[beta]"))
    build_firm(home)
    return home


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    """Ask the firm view as an analyst does."""
    with duckdb.connect(str(home.firm), read_only=True) as view:
        return view.execute(query).fetchall()


def test_a_sync_makes_the_firm_view(synced: Shell) -> None:
    """It has the connection's state as the run left it, and every table has rows."""
    query = "select connection, state, last_run_status from connections"
    assert ask(synced.home, query) == [("acme", "connected", "success")]
    for table in TABLES:
        assert ask(synced.home, f"from {table} limit 1"), table


def test_the_firm_view_says_of_each_client_what_its_ledger_says(firm: Home) -> None:
    """Open items and spend equal those of each ledger, to the cent."""
    sides = "select connection, side, sum(open_home) from open_items group by all"
    spend = "select connection, sum(amount) from spend group by all"
    expected_sides, expected_spend = [], []
    for name in ("acme", "beta"):
        with duckdb.connect(str(firm.connection(name).ledger), read_only=True) as one:
            for side, aging in (("payable", "ap_aging"), ("receivable", "ar_aging")):
                ((open_home,),) = one.execute(
                    "select sum(open_home) from query_table(?)"
                    " where as_of = (select max(as_of) from query_table(?))",
                    [aging, aging],
                ).fetchall()
                expected_sides.append((name, side, open_home))
            ((cost,),) = one.execute(
                "select sum(debit - credit) from journal_lines"
                " where account_type in ('expense', 'cogs')"
            ).fetchall()
            expected_spend.append((name, cost))

    assert sorted(ask(firm, sides)) == expected_sides
    assert sorted(ask(firm, spend)) == expected_spend
    assert expected_spend[0][1] > 0


def test_everything_in_the_firm_view_is_described(firm: Home) -> None:
    """As in every ledger: no table or column without a comment."""
    assert ask(firm, WITHOUT_COMMENT) == []
    assert set(ask(firm, "select table_name from duckdb_tables()")) == {
        (name,) for name in (*TABLES, HEALTH, "meta")
    }
    described = ask(firm, "select column_name from (describe connections)")
    assert [name for (name,) in described] == list(HEALTH_COLUMNS)


def test_a_broken_ledger_costs_nobody_elses_rows(firm: Home) -> None:
    """Its last rows stay, the problem is named, and the others are fresh."""
    before = ask(firm, "from spend order by all")
    firm.connection("beta").ledger.write_bytes(b"not a database" * 1000)
    States(firm.connection("acme").store).move("paused", "by a person")

    assert refresh_firm(firm)

    assert ask(firm, "from spend order by all") == before
    problems = ask(firm, "select connection, problem <> '' from connections order by 1")
    assert problems == [("acme", False), ("beta", True)]
    assert ask(firm, "select state from connections where connection = 'acme'") == [
        ("paused",)
    ]


def test_a_client_that_never_synced_is_listed(firm: Home) -> None:
    """It has no rows, and the view says why."""
    shutil.rmtree(firm.connection("beta").path)
    build_firm(firm)

    assert ask(firm, "select problem from connections where connection = 'beta'") == [
        ("Nothing has been published yet.",)
    ]
    assert ask(firm, "select distinct connection from spend") == [("acme",)]


def test_a_reader_keeps_the_view_it_opened(firm: Home) -> None:
    """An analyst neither blocks the next view nor sees half of it."""
    with duckdb.connect(str(firm.firm), read_only=True) as reader:
        before = reader.execute("from spend order by all").fetchall()
        shutil.rmtree(firm.connection("beta").path)
        assert refresh_firm(firm)
        assert reader.execute("from spend order by all").fetchall() == before
    assert len(ask(firm, "from spend")) < len(before)


def test_an_unchanged_ledger_is_not_read_again(firm: Home) -> None:
    """Its rows come from the view before: here from one that somebody marked."""
    with duckdb.connect(str(firm.firm)) as view:
        view.execute("update spend set account_name = 'marked' where connection='beta'")
    os.utime(firm.connection("acme").ledger)
    build_firm(firm)

    marked = "select distinct connection from spend where account_name = 'marked'"
    assert ask(firm, marked) == [("beta",)]


def test_a_damaged_view_is_made_anew(firm: Home) -> None:
    """The view holds nothing that is nowhere else."""
    before = ask(firm, "from spend order by all")
    firm.firm.write_bytes(b"damaged")
    build_firm(firm)

    assert ask(firm, "from spend order by all") == before


def test_a_backup_of_a_running_home_gives_the_same_ledger(
    synced: Shell, shells: Callable[[str], Shell]
) -> None:
    """It waits for the run, and what is restored has the whole history.

    The firm view, made as the run ends and the backup begins, takes it for no run. A
    ledger that is let begin earlier has what was before, and the same since.
    """
    restored = shells("restored")
    with synced.start("sync", "acme") as run:
        assert said_until(run, "loading from BILL")
        backup = start_backup(synced, restored.folder / "backups")
        with pytest.raises(subprocess.TimeoutExpired):
            backup.wait(timeout=1)
        run.communicate(timeout=120)
    assert run.returncode == 0
    before = synced.tables()
    stdout, _ = backup.communicate(timeout=60)
    assert ask(synced.home, "select state from connections") == [("connected",)]
    Path(stdout.strip()).rename(restored.home.path)

    assert not restored.home.connection("acme").warehouse.exists()
    assert restored.tables() == before
    assert of_earlier_days(restored)[0] > 0 == of_earlier_days(restored)[1]

    entry = restored.home.connections.read_text()
    restored.home.connections.write_text(entry.replace(STARTS, ""))
    assert restored.sync()["versions_appended"] == 0
    assert of_earlier_days(restored)[0] == 0 < of_earlier_days(restored)[1]
    for table in ("journal_lines", "journal_lines_cash"):
        assert set(before[table]) < set(restored.tables()[table])


def of_earlier_days(shell: Shell) -> tuple[int, int]:
    """Records left out because of the start, and lines dated before it."""
    with shell.ledger() as ledger:
        ((left_out,),) = ledger.execute(BEFORE_START).fetchall()
        ((lines,),) = ledger.execute(DATED_BEFORE, [START]).fetchall()
    return left_out, lines


def test_a_backup_keeps_secrets_to_its_owner(synced: Shell, shell: Shell) -> None:
    """Folders and files of a backup are its owner's alone, no leftover beside."""
    with start_backup(synced, shell.folder / "backups") as backup:
        stdout, _ = backup.communicate(timeout=60)
    made = Path(stdout.strip())

    assert made.stat().st_mode & 0o777 == 0o700
    assert (made / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert list(made.parent.iterdir()) == [made]
    with sqlite3.connect(made / "acme" / "store.sqlite") as store:
        assert store.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_a_backup_leaves_out_whom_it_cannot_copy(home: Home, shell: Shell) -> None:
    """The others are in it; status and message name who is not. FOLDER is relative."""
    for name in ("busy", "damaged", "well"):
        States(home.connection(name).store).move("connected")
    home.connection("damaged").store.write_bytes(b"not a database" * 1000)
    with exclusive(home.connection("busy").lock):
        backup = start_backup(shell, "backups", "1")
        stdout, stderr = backup.communicate(timeout=60)
    made = Path(stdout.strip())

    assert backup.returncode == 1
    assert list((shell.folder / "backups").iterdir()) == [made]
    assert [path.name for path in made.iterdir()] == ["well"]
    assert States(made / "well" / "store.sqlite").state().state == "connected"
    assert "A run of busy did not end in 1 seconds." in stderr
    assert "Copying damaged/store.sqlite: SQLite says: " in stderr
    assert "Not in this backup: busy damaged." in stderr


def start_backup(shell: Shell, *words: str | Path) -> "subprocess.Popen[str]":
    """Start the script as a timer would."""
    return subprocess.Popen(
        [str(PROJECT / "deploy" / "backup.sh"), *map(str, words)],
        cwd=shell.folder,
        env=shell.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("unit", sorted((PROJECT / "deploy").glob("*.service")))
def test_each_unit_starts_a_program_that_exists(unit: Path) -> None:
    """What systemd starts is a command of ours or a file in the tree."""
    text = unit.read_text()
    (command,) = re.findall(r"^ExecStart=/opt/bill-ledger/(.*)$", text, re.MULTILINE)
    program, *words = command.split()
    if program.startswith(".venv"):
        names = {one.callback.__name__ for one in app.registered_commands}  # type: ignore[union-attr]
        assert words[0] in names
    else:
        assert os.access(PROJECT / program, os.X_OK)
