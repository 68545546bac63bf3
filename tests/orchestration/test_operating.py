"""Keeping it running: the firm view, alerts, backups, a ledger that starts later."""

import os
import shutil

import duckdb
import pytest
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.firm import build_firm, refresh_firm
from orchestration.firm_tables import HEALTH, HEALTH_COLUMNS, TABLES
from orchestration.settings import Home
from orchestration.states import States

pytestmark = pytest.mark.slow
WITHOUT_COMMENT = """
select table_name, column_name from duckdb_columns()
where not internal and coalesce(comment, '') = ''
union all
select table_name, '' from duckdb_tables() where coalesce(comment, '') = ''
"""


@pytest.fixture(scope="module")
def synced(shared_shell: Shell, bill: SandboxServer) -> Shell:
    """A connection after its first sync; tests change copies of its home only."""
    shared_shell.connect(bill)
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
