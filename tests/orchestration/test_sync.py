"""Syncing: what is published, what a second run does, what survives."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle import (
    CELLS_OF,
    calendar_of,
    differences,
    needs_hledger,
    published_cells,
)
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.assets import transform

pytestmark = pytest.mark.slow

UNBALANCED_ENTRIES = """
select entry_id from journal_lines group by entry_id
having sum(debit) <> sum(credit) or count(*) < 2 or count(distinct entry_date) > 1
"""
UNBALANCED_MONTHS = """
select basis, month_end from trial_balance group by all having sum(closing) <> 0
"""
BOTH_OR_NEITHER = """
select source_id from posting_status
where posted = (reason is not null) or posted <> (entry_id is not null)
"""
WITHOUT_COMMENT = """
select table_name, column_name from duckdb_columns()
where schema_name = 'main' and not internal and coalesce(comment, '') = ''
union all
select table_name, '' from duckdb_tables()
where schema_name = 'main' and coalesce(comment, '') = ''
"""
OWED = """
select source_party_id, sum(amount) from journal_lines
where account_number = '2000' group by 1 order by 1
"""
BOOKED = """
select account_number, category_source from journal_lines
where document_id = ? and source_line_id = ? and account_number not in ('2000', '1100')
"""
PARTIES = """
select display_name, merge_source, n_source_records from parties
where party_id in (select party_id from bills where source_party_id in (?, ?))
"""
REDIRECTS = """
select former_party_id in (select party_id from parties), count(*)
from party_redirects group by 1
"""
NEWEST_IDS = "select count(distinct id) from raw_bill.{}"


@pytest.mark.parametrize(
    "query", [UNBALANCED_ENTRIES, UNBALANCED_MONTHS, BOTH_OR_NEITHER, WITHOUT_COMMENT]
)
def test_the_published_ledger_holds_its_promises(synced: Shell, query: str) -> None:
    """Entries and months balance, statuses are one of two, everything is described."""
    with synced.ledger() as ledger:
        assert ledger.execute(query).fetchall() == []


def test_every_source_record_has_a_posting_status(synced: Shell) -> None:
    """Each list of the sandbox is covered, record by record."""
    counted = {}
    with synced.ledger() as ledger:
        rows = ledger.execute(
            "select source_entity, count(distinct source_id) from posting_status"
            " group by 1"
        ).fetchall()
        counted = dict(rows)
    with duckdb.connect(
        str(synced.home.connection("acme").warehouse), read_only=True
    ) as warehouse:
        for entity, table in (
            ("bill", "bills"),
            ("vendor_credit", "vendor_credits"),
            ("payment", "payments"),
            ("invoice", "invoices"),
            ("credit_memo", "credit_memos"),
        ):
            ids = warehouse.execute(NEWEST_IDS.format(table)).fetchall()[0][0]
            assert counted[entity] == ids > 0, entity


def test_every_record_that_is_loaded_has_a_posting_status(synced: Shell) -> None:
    """Of each list, those too that no model reads, as contacts and exports."""
    with synced.ledger() as ledger:
        lists = ledger.execute(
            "select source_entity, loaded, posted + not_posted, count(source_id)"
            " from sync_matrix left join (select distinct source_entity, source_id"
            " from posting_status) using (source_entity) where loaded > 0 group by all"
        ).fetchall()
    assert {"customer_contact", "export", "bill"} <= {name for name, *_ in lists}
    assert [row for row in lists if len(set(row[1:])) > 1] == []


def test_money_in_the_published_file_is_decimal_only(synced: Shell) -> None:
    """No column of a published table is a float."""
    with synced.ledger() as ledger:
        floats = ledger.execute(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = 'main' and data_type in ('DOUBLE', 'FLOAT')"
        ).fetchall()
    assert floats == []


def test_a_sync_without_news_changes_nothing(synced: Shell) -> None:
    """No version is appended and the ledger's fingerprints stay."""
    before = fingerprints(synced)

    assert synced.sync()["versions_appended"] == 0
    assert fingerprints(synced) == before


def test_a_sync_without_news_builds_nothing_and_is_published(
    synced: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No model is built; the run is in the file and its exports, the tables stay."""
    folder = synced.home.connection("acme")
    synced.sync()
    before = synced.tables()
    built: list[str] = []
    monkeypatch.setattr(transform, "_built", lambda *_: built.append("by dbt"))
    monkeypatch.setattr(transform, "_rebuilt", lambda *_: built.append("again"))

    run_id = synced.sync()["run_id"]

    assert built == []
    assert synced.tables() == before
    newest = "select run_id from {} order by started_at desc limit 1"
    with synced.ledger() as ledger:
        exported = f"'{folder.exports / 'sync_runs.parquet'}'"
        for table in ("sync_runs", exported):
            assert ledger.execute(newest.format(table)).fetchall() == [(run_id,)]
        as_of = "select max(as_of) = (select value::timestamptz from {} {}) from {}"
        meta = f"'{folder.exports / 'meta.parquet'}'"
        for facts in ("meta", meta):
            asked = as_of.format(facts, "where key = 'as_of'", "sync_runs")
            assert ledger.execute(asked).fetchall() == [(True,)]
        assert ledger.execute("from ap_aging_asof('2026-06-15')").fetchall() != []


def fingerprints(shell: Shell) -> list[tuple[Any, ...]]:
    """The ledger hash of each month, as published."""
    with shell.ledger() as ledger:
        rows = ledger.execute(
            "select key, value from meta where key like 'ledger_hash.%' order by key"
        ).fetchall()
    assert rows
    return rows


def test_decisions_count_from_the_next_sync_and_last(synced: Shell) -> None:
    """A correction outranks the model, merged vendors are one party, no debt moves.

    ``--full`` builds in any case, and gives again what a sync without news left.
    """
    with synced.ledger() as ledger:
        before = ledger.execute(OWED).fetchall()
        entity, document, line = ledger.execute(
            "select source_entity, document_id, line_id from category_predictions"
            " where source_entity = 'bill' and account_number <> '6800'"
            " order by all limit 1"
        ).fetchall()[0]
        (one, *_, other) = ledger.execute(
            "select source_id from party_members where source_entity = 'vendor'"
            " and source_id in (select source_party_id from bills) order by 1"
        ).fetchall()
    decide(
        synced,
        "category_overrides",
        "source_entity,document_id,line_id,account_number,effective_at,note",
        f"{entity},{document},{line},6800,,a gift",
    )
    decide(
        synced,
        "party_overrides",
        "action,source_entity,source_id,into_entity,into_id,name,effective_at",
        f"merge,vendor,{other[0]},vendor,{one[0]},,",
        f"rename,vendor,{one[0]},,,Both of them,",
    )

    synced.sync()

    with synced.ledger() as ledger:
        assert ledger.execute(BOOKED, [document, line]).fetchall() == [("6800", "user")]
        assert ledger.execute(OWED).fetchall() == before
        assert ledger.execute(PARTIES, [one[0], other[0]]).fetchall() == [
            ("Both of them", "user", 2)
        ]
        assert ledger.execute(REDIRECTS).fetchall() == [(False, 1)]
    assert "counts" in synced.done("decisions", "list", "acme")
    synced.sync()
    left, built = synced.tables(), dbt_runs(synced)
    synced.sync("--full")
    assert dbt_runs(synced) != built
    assert synced.tables() == left


def dbt_runs(shell: Shell) -> int:
    """When dbt last built the ledger: it writes each query that it runs."""
    compiled = shell.home.connection("acme").dbt.rglob("journal_entries.sql")
    return max(path.stat().st_mtime_ns for path in compiled)


def decide(shell: Shell, kind: str, *lines: str) -> None:
    """Import a file of decisions."""
    file = shell.folder / f"{kind}.csv"
    file.write_text("\n".join(lines) + "\n")
    shell.done("decisions", "import", "acme", kind, str(file))


def test_overnight_changes_are_loaded_and_nothing_else(
    synced: Shell, bill: SandboxServer
) -> None:
    """A day later some versions are new, far fewer than in the first load."""
    with synced.ledger() as ledger:
        first = ledger.execute("select max(versions_appended) from sync_runs")
        most = first.fetchall()[0][0]
    bill.advance_days(1)

    appended = synced.sync()["versions_appended"]

    assert 0 < appended < most / 4
    test_the_published_ledger_holds_its_promises(synced, UNBALANCED_ENTRIES)


def test_the_same_instant_gives_the_same_tables(synced: Shell) -> None:
    """A repeated ``--now`` changes nothing; an earlier one is refused."""
    synced.sync("--now", "2026-12-31T12:00:00Z")
    before = synced.tables()
    synced.sync("--now", "2026-12-31T12:00:00Z")

    assert synced.tables() == before
    result = synced.run("sync", "acme", "--now", "2026-12-30")
    assert result.returncode == 2
    assert "cannot become unknown" in result.stderr


def test_the_tables_go_out_as_csv_and_parquet(synced: Shell) -> None:
    """One file per published table, in a folder that is made."""
    for kind in ("csv", "parquet"):
        synced.done("export", "acme", kind, str(synced.folder / "out" / kind))
        written = {path.stem for path in (synced.folder / "out" / kind).iterdir()}
        assert written >= {*synced.tables(), "meta"}


@pytest.mark.parametrize("basis", ["accrual", "cash"])
@pytest.mark.parametrize(
    "program", [pytest.param("hledger", marks=needs_hledger), "beancount"]
)
def test_another_program_sees_the_same_statements(
    synced: Shell, program: str, basis: str
) -> None:
    """An exported book gives every cell we published; exported again it is the same."""
    journal = synced.folder / f"{basis}.{program}"
    words = ("export", "acme", program, str(journal), "--basis", basis)
    assert f"the {basis} book" in synced.done(*words)
    before = journal.read_bytes()
    synced.done(*words)

    with synced.ledger() as ledger:
        ours, calendar = published_cells(ledger, basis), calendar_of(ledger, 1)
    assert len(calendar.months) >= 3
    assert differences(ours, CELLS_OF[program](journal, calendar)) == {}
    assert journal.read_bytes() == before


def test_the_accrual_book_is_the_default(synced: Shell) -> None:
    """Without ``--basis`` the file is the ledger's own book."""
    journal = synced.folder / "default.hledger"
    synced.done("export", "acme", "hledger", str(journal))
    assert journal.read_text().startswith("; accrual book")


def test_a_book_is_not_written_where_it_cannot_be(synced: Shell) -> None:
    """A folder, a missing folder, one we may not write: exit 2, nothing left behind."""
    folder = synced.folder / "taken"
    folder.mkdir(exist_ok=True)
    for place in (folder, folder / "missing" / "book", Path("/proc/book")):
        result = synced.run("export", "acme", "beancount", str(place))
        assert result.returncode == 2, place
        assert "Cannot write" in result.stderr
        assert "Traceback" not in result.stderr
    assert list(folder.iterdir()) == []
    assert not list(synced.folder.glob("*.part"))


def test_no_secret_is_in_any_file_but_one(synced: Shell, bill: SandboxServer) -> None:
    """Neither password nor developer key is in a log, a database or run config."""
    secrets = [bill.token_password.encode(), bill.dev_key.encode()]
    holders = set()
    for path in synced.folder.rglob("*"):
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets):
            holders.add(path.name)
    assert holders == {"secrets.toml"}


def test_nothing_is_written_outside_the_home_folder(first_sync: Shell) -> None:
    """The user's own home stays empty, whatever our libraries like to leave there."""
    assert {path.name for path in first_sync.folder.iterdir()} == {"home", "user"}
    assert list((first_sync.folder / "user").iterdir()) == []
