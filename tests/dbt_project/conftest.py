"""Small warehouses for the dbt project: raw tables, settings, decisions, one build.

Here belongs: building raw tables from BILL-shaped records, and running dbt on them. Not
here: what the ledger should then say (the tests), how BILL is read (tests/bill_source).
"""

import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from once import made_once

from bill_source.entities import BY_TABLE, ENTITIES, Children, Column, Entity, singular
from bill_source.warehouse import FILE
from orchestration import dbt_builds, dbt_models, dbt_tests
from orchestration.assets.dbt_nodes import all_tests
from orchestration.decision_kinds import KINDS
from orchestration.settings import ConnectionFolder
from orchestration.warehouse import (
    LINE_ANSWERS,
    PARTY_ANSWERS,
    Warehouse,
    decision_columns,
)

ORG = "00801ORG"
SYNCED_AT = "2026-09-10 12:00:00+00"
WAREHOUSE = "warehouse.duckdb"

TYPES = {
    "text": "VARCHAR",
    "hash": "VARCHAR",
    "money": "DECIMAL(18,2)",
    "rate": "DECIMAL(28,8)",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP WITH TIME ZONE",
}
PARENT_COLUMNS = {
    "org_id": "VARCHAR",
    "_version": "BIGINT",
    "_synced_at": "TIMESTAMP WITH TIME ZONE",
    "_content_hash": "VARCHAR",
    "_raw": "VARCHAR",
    "_deleted": "BOOLEAN",
    "_dlt_load_id": "VARCHAR",
}
OTHER_TABLES = """
create schema settings; create schema decisions; create schema categorizer;
create table raw_bill.quarantine (
    org_id varchar, entity varchar, id varchar, reason varchar, resolved boolean,
    _version bigint, _synced_at timestamp with time zone, _raw varchar
);
create table raw_bill.list_states (
    org_id varchar, entity varchar, state varchar, reason varchar, rows_held bigint,
    _version bigint, _synced_at timestamp with time zone
);
create table raw_bill.schema_changes (
    org_id varchar, entity varchar, path varchar, kind varchar, value varchar,
    record_id varchar, _synced_at timestamp with time zone
);
create table settings.connection_settings (
    org_id varchar, connection_name varchar, org_timezone varchar,
    home_currency varchar, bill_posting_policy varchar,
    fiscal_year_start_month integer, ledger_start_date date,
    first_synced_at timestamp with time zone, as_of timestamp with time zone
);
create table settings.sync_elements (
    org_id varchar, element varchar, source_entity varchar, synced varchar,
    direction varchar, list_group varchar, note varchar, loaded bigint, gone bigint,
    last_synced_at timestamp with time zone
);
create table settings.records_unread (
    org_id varchar, source_entity varchar, source_id varchar
);
create table settings.lock_balances (
    org_id varchar, lock_date date, locked_at timestamp with time zone, basis varchar,
    account_number varchar, balance decimal(18, 2)
);
create table settings.settings_versions (
    org_id varchar, version_id bigint, org_timezone varchar, home_currency varchar,
    bill_posting_policy varchar, ledger_start_date date,
    effective_at timestamp with time zone
);
create table categorizer.line_categories (
    org_id varchar, source_entity varchar, document_id varchar, line_id varchar,
    account_number varchar, confidence decimal(5, 4), decided_by varchar,
    explanation varchar, deciding_level varchar, lines_agreeing bigint,
    lines_alike bigint, deciding_words varchar, is_usual_amount boolean,
    example_document_id varchar, suggestion_1 varchar, suggestion_2 varchar,
    suggestion_3 varchar, runner_up_confidence decimal(5, 4), model_version varchar,
    decided_at timestamp with time zone, decision_id bigint
);
create table categorizer.party_members (
    org_id varchar, source_entity varchar, source_id varchar, party_id varchar,
    raw_name varchar, normalised_name varchar, chosen_name varchar, method varchar,
    score decimal(5, 4), decided_by varchar, decided_at timestamp with time zone
);
create table categorizer.party_history (
    org_id varchar, source_entity varchar, source_id varchar, party_id varchar,
    raw_name varchar, normalised_name varchar, chosen_name varchar, method varchar,
    score decimal(5, 4), decided_by varchar, decided_at timestamp with time zone,
    change_id bigint
);
create table categorizer.party_redirects (
    org_id varchar, former_party_id varchar, party_id varchar
);
create table categorizer.party_suggestions (
    org_id varchar, source_entity varchar, source_id varchar, party_id varchar,
    other_entity varchar, other_id varchar, other_party_id varchar, kind varchar,
    score decimal(5, 4), why varchar
);
"""


def column_types(columns: Iterable[Column]) -> dict[str, str]:
    """Name and DuckDB type of each column."""
    return {column.name: TYPES[column.kind] for column in columns}


def raw_tables(entity: Entity) -> Iterator[tuple[str, dict[str, str]]]:
    """Every raw table of an entity with its columns."""
    yield entity.table, column_types(entity.columns) | PARENT_COLUMNS
    for child in entity.children:
        keys = {"org_id": "VARCHAR", entity.parent_key: "VARCHAR", "_version": "BIGINT"}
        yield child.table, child_columns(child, keys)
        for nested in child.children:
            place = {f"{singular(child.table)}_ordinal": "BIGINT"}
            yield nested.table, child_columns(nested, keys | place)


def child_columns(child: Children, keys: dict[str, str]) -> dict[str, str]:
    """Columns of a child table."""
    own = keys | {"ordinal": "BIGINT"} | column_types(child.columns)
    return own | {"_dlt_load_id": "VARCHAR"}


def value_at(record: Mapping[str, Any], path: Iterable[str]) -> Any:
    """The value at a JSON path, or None where a part of it is missing."""
    value: Any = record
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def own_values(record: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, Any]:
    """The record's value for each column."""
    return {column.name: value_at(record, column.path) for column in columns}


@dataclass
class Books:
    """Rows to be written into the raw tables of one small company."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    org_id: str = ORG
    others: list["Books"] = field(default_factory=list)

    def another(self, org_id: str) -> "Books":
        """Books of another company in the same warehouse."""
        self.others.append(Books(rows=self.rows, org_id=org_id))
        return self.others[-1]

    def add(
        self,
        table: str,
        *records: Mapping[str, Any],
        at: str = SYNCED_AT,
        deleted: bool = False,
    ) -> None:
        """Add the next version of BILL-shaped records, first seen at an instant."""
        for record in records:
            self._add_version(BY_TABLE[table], record, at, deleted=deleted)

    def put(self, table: str, **values: Any) -> None:
        """Add a row to a table outside raw_bill, as it stands."""
        self.rows.setdefault(table, []).append({"org_id": self.org_id} | values)

    def _add_version(
        self, entity: Entity, record: Mapping[str, Any], at: str, *, deleted: bool
    ) -> None:
        key = (entity.table, str(record["id"]))
        version = self.versions[key] = self.versions.get(key, 0) + 1
        parent = own_values(record, entity.columns)
        stamp = {"org_id": self.org_id, "_version": version}
        own = {"_synced_at": at, "_deleted": deleted}
        self._append(entity.table, parent | stamp | own)
        keys = stamp | {entity.parent_key: record["id"]}
        for child in entity.children:
            self._add_children(child, record, keys)

    def _add_children(
        self, child: Children, record: Mapping[str, Any], keys: Mapping[str, Any]
    ) -> None:
        for ordinal, item in enumerate(value_at(record, (child.path,)) or (), start=1):
            own = own_values(item, child.columns)
            self._append(child.table, own | dict(keys) | {"ordinal": ordinal})
            place = {f"{singular(child.table)}_ordinal": ordinal}
            for nested in child.children:
                self._add_children(nested, item, dict(keys) | place)

    def _append(self, table: str, row: dict[str, Any]) -> None:
        self.rows.setdefault(f"raw_bill.{table}", []).append(row)

    def write(self, path: Path, order: Callable[[list[Any]], list[Any]] = list) -> None:
        """Create the warehouse at ``path``; ``order`` may shuffle each table's rows."""
        with duckdb.connect(str(path), config=FILE) as connection:
            connection.execute("set TimeZone = 'UTC'; create schema raw_bill")
            connection.execute(OTHER_TABLES)
            for entity in ENTITIES:
                for table, types in raw_tables(entity):
                    named = ", ".join(
                        f'"{name}" {kind}' for name, kind in types.items()
                    )
                    connection.execute(f"create table raw_bill.{table} ({named})")
            for kind in KINDS.values():
                named = ", ".join(
                    " ".join(pair) for pair in decision_columns(kind).items()
                )
                connection.execute(f"create table decisions.{kind.name} ({named})")
            connection.execute(LINE_ANSWERS)
            connection.execute(PARTY_ANSWERS)
            for books in (self, *self.others):
                books._write_settings(connection)
            for table, rows in self.rows.items():
                write_rows(connection, table, order(rows))

    def write_news(self, path: Path, known: Mapping[str, int]) -> None:
        """Add to a warehouse what came since its tables had so many rows of ours."""
        with duckdb.connect(str(path)) as connection:
            connection.execute("delete from settings.connection_settings")
            self._write_settings(connection)
            for table, rows in self.rows.items():
                write_rows(connection, table, rows[known.get(table, 0) :])

    def _write_settings(self, connection: duckdb.DuckDBPyConnection) -> None:
        defaults = {
            "org_id": self.org_id,
            "connection_name": "test",
            "org_timezone": "America/Los_Angeles",
            "home_currency": "USD",
            "bill_posting_policy": "exclude_denied",
            "fiscal_year_start_month": 1,
            "as_of": SYNCED_AT,
        }
        row = defaults | self.settings
        write_rows(connection, "settings.connection_settings", [row])


def write_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]
) -> None:
    """Insert rows by column name."""
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into {table} ({names}) values ({marks})",  # noqa: S608
            list(row.values()),
        )


@dataclass(frozen=True)
class Ledger:
    """A built warehouse that answers questions."""

    path: Path

    @property
    def compiled(self) -> Path:
        """Where the build left the queries of models."""
        return self.path.parent / "dbt" / "target" / "compiled" / "bill_ledger"

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql, values).fetchall()


def run_dbt(warehouse: Path, *, stands: bool = False) -> None:
    """Build a warehouse as a sync does; on failure show what was said.

    ``stands``: dbt built it before, so its tables are built again without it.
    """
    folder = ConnectionFolder(warehouse.parent)
    if stands:
        again = dbt_models.rebuild(
            Warehouse(folder), dbt_models.compiled_models(), folder.dbt / "failed"
        )
        bad: list[Any] = [each for each in again if each.status == "error"]
        error = ""
    else:
        built = dbt_builds.build(warehouse, folder.dbt, [])
        bad = [row for row in built.results if row["status"] == "error"]
        error = built.error
    if bad or error:
        pytest.fail(f"the build failed: {error} {bad}")


def run_tests(warehouse: Path) -> None:
    """Make every test of the project, as a sync does."""
    folder = ConnectionFolder(warehouse.parent)
    found = dbt_tests.run(Warehouse(folder), all_tests(), folder.dbt / "failed")
    bad = [each for each in found if each.status in {"fail", "error"}]
    if bad:
        pytest.fail(f"tests failed: {bad}")


@pytest.fixture(scope="session")
def build(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Ledger]:
    """Write books into a fresh warehouse and build the ledger from them."""

    def build_books(
        books: Books, order: Callable[[list[Any]], list[Any]] = list
    ) -> Ledger:
        return build_in(tmp_path_factory.mktemp("dbt"), books, order)

    return build_books


def build_in(
    folder: Path, books: Books, order: Callable[[list[Any]], list[Any]] = list
) -> Ledger:
    """Write books into a warehouse in a folder, and build and check the ledger."""
    warehouse = folder / WAREHOUSE
    books.write(warehouse, order)
    run_dbt(warehouse)
    run_tests(warehouse)
    return Ledger(warehouse)


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Ledger]:
    """The scenario as its company lived it: one warehouse, built after each month.

    Each ledger is a copy of what that build left; the last build had no news.
    """
    folder = tmp_path_factory.mktemp("months")
    warehouse = folder / WAREHOUSE
    books = Books(org_id="scenario")
    known: dict[str, int] = {}
    lived = []

    def build_at(instant: str) -> None:
        books.settings["as_of"] = instant
        stands = bool(known)
        if stands:
            books.write_news(warehouse, known)
        else:
            books.write(warehouse)
        known.update({table: len(rows) for table, rows in books.rows.items()})
        run_dbt(warehouse, stands=stands)
        copy = folder / f"{len(lived)}.duckdb"
        shutil.copy(warehouse, copy)
        lived.append(Ledger(copy))

    for seen_at in add_scenario(books):
        now = books.settings["as_of"]
        build_at(seen_at)
        books.settings["as_of"] = now
    build_at(now)
    return lived


@pytest.fixture(scope="session")
def rebuild() -> Callable[[Ledger], Ledger]:
    """Copy a built warehouse and build the copy again."""

    def rebuild_copy(ledger: Ledger) -> Ledger:
        copy = ledger.path.parent.with_suffix(".again") / ledger.path.name
        copy.parent.mkdir()
        shutil.copy(ledger.path, copy)
        run_dbt(copy, stands=True)
        return Ledger(copy)

    return rebuild_copy


@pytest.fixture(scope="session")
def new_books() -> type[Books]:
    """Empty books to fill."""
    return Books


@pytest.fixture(scope="session")
def case_books() -> Books:
    """The company of all cases, with the parties they share."""
    books = Books(settings={"fiscal_year_start_month": 4})
    for vendor, currency in (("usd", "USD"), ("eur", "EUR")):
        named = {"id": vendor, "name": f"Vendor {vendor}", "billCurrency": currency}
        books.add("vendors", named)
    for customer, currency in (("cust", "USD"), ("fifo", "USD"), ("gbp", "GBP")):
        named = {"id": customer, "name": f"Customer {customer}"}
        books.add("customers", named | {"invoiceCurrency": currency})
    for table, name in (("departments", "Design"), ("jobs", "Fair stand")):
        books.add(table, {"id": table, "name": name})
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml")):
        add_case(books, tomllib.loads(path.read_text(), parse_float=Decimal))
    for path in sorted((Path(__file__).parent / "locked").glob("*.toml")):
        case = tomllib.loads(path.read_text(), parse_float=Decimal)
        company = books.another(path.stem)
        company.settings = case.pop("settings")
        company.add("vendors", {"id": "v", "name": "Vendor"})
        company.add("customers", {"id": "c", "name": "Customer"})
        add_case(company, case)
    list(add_scenario(books.another("scenario")))
    notes = Path(__file__).parent / "source_issues.toml"
    for table, rows in tomllib.loads(notes.read_text()).items():
        for row in rows:
            books.put(f"raw_bill.{table}", **row)
    return books


STATES = {
    "party_members": "categorizer",
    "party_history": "categorizer",
    "party_redirects": "categorizer",
    "party_suggestions": "categorizer",
    "lock_balances": "settings",
    "settings_versions": "settings",
}
"""Tables of a case that hold what runs keep, by schema; their rows have no number."""


def add_scenario(company: Books) -> Iterator[str]:
    """Add the company whose statements are worked out by hand; tell when each came."""
    for path in sorted((Path(__file__).parent / "scenario").glob("*.toml")):
        month = tomllib.loads(path.read_text(), parse_float=Decimal)
        company.settings |= month.pop("settings", {})
        del month["month_end"]
        seen_at = month.pop("synced_at")
        add_case(company, month, at=seen_at)
        yield seen_at


def add_case(books: Books, case: Mapping[str, Any], at: str = SYNCED_AT) -> None:
    """Add a case's records, seen at ``at`` unless they say when.

    Tables that are not BILL's are decisions or answers.
    """
    schemas = {
        "line_categories": "categorizer",
        **STATES,
        **dict.fromkeys(KINDS, "decisions"),
    }
    for table, rows in case.items():
        for row in rows if not table.startswith("expected") else ():
            if table in schemas:
                name = f"{schemas[table]}.{table}"
                number = {"decision_id": len(books.rows.get(name, ()))}
                known = {} if table in STATES else number
                decided = (
                    {"decided_at": SYNCED_AT} if table == "line_categories" else {}
                )
                books.put(name, **known | decided | row)
            else:
                gone = bool(row.get("deleted"))
                books.add(table, row, at=row.get("at", at), deleted=gone)


@pytest.fixture(scope="session")
def whole_ledger(
    case_books: Books, tmp_path_factory: pytest.TempPathFactory
) -> Ledger:
    """The ledger of all cases: the company that they share, and one per locked case."""
    made = made_once(
        tmp_path_factory, "cases", lambda folder: build_in(folder, case_books)
    )
    own = tmp_path_factory.mktemp("dbt") / "cases"
    shutil.copytree(made, own)
    return Ledger(own / WAREHOUSE)


@pytest.fixture(scope="session")
def case_ledger(whole_ledger: Ledger) -> Ledger:
    """The ledger of the company that the cases share."""
    return only_company(whole_ledger, ORG)


def only_company(ledger: Ledger, org_id: str) -> Ledger:
    """A copy of a ledger with the rows of one company."""
    path = ledger.path.parent.with_suffix(f".{org_id}") / ledger.path.name
    path.parent.mkdir()
    shutil.copy(ledger.path, path)
    with duckdb.connect(str(path)) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_columns()"
            " inner join duckdb_tables() using (schema_name, table_name)"
            " where column_name = 'org_id'"
            " and schema_name in ('ledger', 'intermediate')"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f"delete from {table} where org_id <> '{org_id}'"  # noqa: S608
            )
    return Ledger(path)


@pytest.fixture(scope="session")
def scenario_ledger(whole_ledger: Ledger) -> Ledger:
    """The scenario's company, built at once."""
    return only_company(whole_ledger, "scenario")


@pytest.fixture(scope="session")
def same_tables() -> Callable[[Ledger, Ledger], None]:
    """Fail where two ledgers differ in any published table."""

    def compare(one: Ledger, other: Ledger) -> None:
        tables = "select table_name from duckdb_tables() where schema_name = 'ledger'"
        names = sorted(name for (name,) in one.query(tables))
        assert names, "the ledger has no tables"
        for name in names:
            rows = f"select * from ledger.{name} order by all"  # noqa: S608
            assert one.query(rows) == other.query(rows), name

    return compare
