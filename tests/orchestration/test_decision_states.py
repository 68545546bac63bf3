"""Decisions reach the warehouse with types, and their list says what became of each."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.connections import Connection
from orchestration.decision_kinds import KINDS
from orchestration.decision_states import decision_rows
from orchestration.decisions import import_decisions
from orchestration.settings import ConnectionFolder, Home
from orchestration.store import Store
from orchestration.warehouse import Warehouse, decision_columns

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ACME = Connection(name="acme", organization_id="00801ORG", api_url="http://127.0.0.1:1")
ENTRY = "entry_id,entry_date,account_number,debit,credit,effective_at\n"
LOCKS = "lock_date,locked_at,locked_by,reopened\n"
OVERRIDES = "source_entity,document_id,line_id,account_number,effective_at\n"
Put = Callable[[str, str], int]


@pytest.fixture
def folder(home: Home) -> ConnectionFolder:
    """The folder of a connection that has never synced."""
    return home.connection("acme")


@pytest.fixture
def put(folder: ConnectionFolder, tmp_path: Path) -> Put:
    """Import CSV text of a kind; return how many decisions were new."""

    def import_text(name: str, text: str) -> int:
        path = tmp_path / "decisions.csv"
        path.write_text(text)
        return import_decisions(Store(folder.store), KINDS[name], path, NOW)

    return import_text


def written(folder: ConnectionFolder, query: str, as_of: datetime = NOW) -> list[Any]:
    """Return a query's rows once decisions are in the warehouse."""
    folder.path.mkdir(parents=True, exist_ok=True)
    warehouse = Warehouse(folder)
    warehouse.write_inputs(ACME, Store(folder.store), as_of)
    with warehouse.open() as connection:
        return connection.execute(query).fetchall()


def publish(folder: ConnectionFolder) -> None:
    """Make a published ledger that knows a bill, its line, a vendor and a finding."""
    with duckdb.connect(str(folder.ledger)) as ledger:
        ledger.execute(
            "create table meta as select 'as_of' as key,"
            " '2026-05-01T12:00:00+00:00' as value;"
            "create table posting_status as select 'bill' as source_entity,"
            " unnest(['00n1', '00n2']) as source_id;"
            "create table party_members as select 'vendor' as source_entity,"
            " '009a' as source_id;"
            "create table parties as select 'p1' as party_id;"
            "create table party_redirects as select 'p0' as former_party_id;"
            "create table category_predictions as select 'bli1' as line_id;"
            "create table data_quality (check_name varchar, document_id varchar,"
            " message varchar, resolved_at timestamptz);"
            "insert into data_quality values"
            " ('override_orphaned', '00n1', 'The line is gone', null),"
            " ('settlement_override_rejected', '00n1', 'It has payments', null),"
            " ('settlement_override_rejected', '00n2', 'It had payments', now());"
        )


def states(folder: ConnectionFolder) -> list[str]:
    """Return what became of each decision."""
    return [row["state"] for row in decision_rows(folder)]


def test_every_kind_has_its_table_before_anything_was_decided(
    folder: ConnectionFolder,
) -> None:
    """With the documented columns and their types, so that dbt can build."""
    query = (
        "select table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'decisions' and not ends_with(table_name, '_answers')"
        " order by table_name, column_index"
    )
    names = {
        "DECIMAL(18, 2)": "DECIMAL(18,2)",
        "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
    }
    assert written(folder, query) == [
        (name, column, names.get(type_, type_))
        for name in sorted(KINDS)
        for column, type_ in decision_columns(KINDS[name]).items()
    ]


def test_an_entry_arrives_with_its_lines_in_order(
    folder: ConnectionFolder, put: Put
) -> None:
    """Dates are dates, money is exact, an empty cell is null."""
    put("manual_entries", ENTRY + "e,2026-01-01,1010,5,,\ne,2026-01-01,3000,,5.00,\n")

    query = (
        "select entry_date, debit, credit, memo, line_number, effective_at,"
        " decision_id from decisions.manual_entries order by line_number"
    )
    first, amount = date(2026, 1, 1), Decimal("5.00")
    assert written(folder, query) == [
        (first, amount, None, None, 1, NOW, 1),
        (first, None, amount, None, 2, NOW, 1),
    ]


def test_what_was_superseded_stays_and_what_is_to_come_waits(
    folder: ConnectionFolder, put: Put
) -> None:
    """SQL can tell what counted at any instant up to the run's, and sees no later."""
    put(
        "period_locks",
        LOCKS
        + "2026-01-31,2026-02-10,Ada,\n2025-12-31,2026-02-11,Ada,true\n"
        + "2026-03-31,2026-04-10,Ada,\n",
    )

    query = "select lock_date, reopened from decisions.period_locks order by locked_at"
    assert written(folder, query, datetime(2026, 4, 9, tzinfo=UTC)) == [
        (date(2026, 1, 31), False),
        (date(2025, 12, 31), True),
    ]
    assert len(written(folder, query)) == 3


def test_before_the_first_sync_everything_waits(
    folder: ConnectionFolder, put: Put
) -> None:
    """What names records is pending; the rest counts from the next sync."""
    put("exclusions", "source_entity,document_id,reason\nbill,00n1,a test\n")
    put("period_locks", LOCKS + "2026-01-31,,Ada,\n")

    assert states(folder) == [
        "counts from the next sync at or after its instant",
        "pending: not loaded yet: bill 00n1",
    ]


def test_the_list_says_what_became_of_each(folder: ConnectionFolder, put: Put) -> None:
    """It counts, is superseded, waits, or is rejected with the reason."""
    put(
        "category_overrides",
        OVERRIDES
        + "bill,00n1,bli1,6200,2026-01-01\nbill,00n1,bli1,6210,2026-01-02\n"
        + "bill,00n1,gone,6210,2026-01-02\ninvoice,00n1,,6210,2026-01-02\n"
        + "bill,00n1,bli1,6300,2027-01-01\n",
    )
    put(
        "settlement_overrides",
        "source_entity,document_id,settlement_date,amount,kind,effective_at\n"
        "bill,00n1,2026-01-01,5,writeoff,2026-01-01\n"
        "bill,00n2,2026-01-01,5,writeoff,2026-01-01\n",
    )
    put(
        "party_overrides",
        "action,source_entity,source_id,into_entity,into_id,effective_at\n"
        "merge,vendor,009a,vendor,009b,2026-01-01\n",
    )
    publish(folder)

    assert states(folder) == [
        "superseded",
        "counts",
        "rejected: The line is gone",
        "pending: not loaded yet: invoice 00n1",
        "counts from the next sync at or after its instant",
        "rejected: It has payments",
        "counts",
        "pending: not loaded yet: vendor 009b",
    ]


def test_an_entry_waits_for_whom_it_names(folder: ConnectionFolder, put: Put) -> None:
    """For a vendor, a customer or a party, of now or of before; a bill is no party."""
    header = "entry_id,entry_date,account_number,party_id,debit,credit,effective_at\n"
    for party in ("009a", "p1", "p0", "009ghost", "00n1"):
        lines = (
            f"{party},2026-01-01,6900,{party},5,,2026-01-01\n"
            f"{party},2026-01-01,1010,,,5,2026-01-01\n"
        )
        put("manual_entries", header + lines)
    publish(folder)

    assert states(folder) == [
        *["counts"] * 3,
        "pending: not loaded yet: party 009ghost",
        "pending: not loaded yet: party 00n1",
    ]


def test_a_stored_decision_that_is_no_longer_valid_is_listed_with_the_reason(
    folder: ConnectionFolder, put: Put
) -> None:
    """As one on a control account, kept since before imports refused it."""
    body = (
        '{"source_entity": "bill", "document_id": "00n1", "line_id": "",'
        ' "account_number": "2000", "effective_at": "2026-01-01T00:00:00.000000Z"}'
    )
    Store(folder.store).add_decisions(
        "category_overrides", [("old", "2026-01-01T00:00:00.000000Z", body)], NOW
    )
    put("exclusions", "source_entity,document_id,reason\nbill,00n1,a test\n")

    rejected, _ = states(folder)
    assert rejected.startswith("rejected: column account_number: 2000 Accounts Payable")


@pytest.mark.slow
def test_decisions_come_in_while_a_sync_holds_the_warehouse(
    shell: Shell, bill: SandboxServer
) -> None:
    """Import and list need neither the warehouse nor the connection's lock."""
    shell.connect(bill)
    folder = shell.home.connection("acme")
    folder.path.mkdir(parents=True, exist_ok=True)
    file = shell.folder / "locks.csv"
    file.write_text(LOCKS + "2026-01-31,,Ada,\n")

    with Warehouse(folder).open():
        shell.done("decisions", "import", "acme", "period_locks", str(file))
        listed = shell.done("decisions", "list", "acme")

    assert "counts from the next sync" in listed
    assert "2026-01-31" in shell.done("decisions", "export", "acme", "period_locks")
