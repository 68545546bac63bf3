"""What a ledger costs, beside the same journal by hand: `make bench ledger`."""

import os
import resource
import runpy
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rebuilding import build_changed, build_whole, models_of

from bill_source.warehouse import FILE
from orchestration import changed_records, dbt_tests
from orchestration.assets.dbt_nodes import all_tests
from orchestration.publish import Publisher
from orchestration.settings import DBT_PROJECT, ConnectionFolder, program
from orchestration.store import Store
from orchestration.warehouse import Warehouse

HERE = Path(__file__).parent
SIZES = (9_000, 92_000)
"""Bills; with half as many invoices, and payments, the larger is a million lines."""
AS_OF = datetime(2026, 1, 12, tzinfo=UTC)
MILLION = 1_000_000
"""Lines from which on the targets count."""
ROWS = "select sum(hash(rows)) from ledger.{} as rows"
LEDGER = (
    "select table_name from duckdb_tables() where schema_name = 'ledger' order by 1"
)
DIFFERENT = """
select count(*) from (
    (from ledger.journal_lines except all from journal_by_hand)
    union all
    (from journal_by_hand except all from ledger.journal_lines)
)
"""
TARGET = 3
"""What making journal_lines should cost at most, as a multiple of the SQL by hand."""
SHARE = Decimal("0.15")
"""What a build after 1 % changed may cost of a full one, whose start-up is added."""
MODELS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
EVERYTHING = ("build", *MODELS)
JOURNAL = ("run", "--select", "+journal_lines")


class LargeLedger:
    """A warehouse with so many bills, and what working on it costs in CPU-seconds."""

    def __init__(self, bills: int, folder: Path) -> None:
        """Make the raw tables; no cost of that is counted."""
        self.folder = ConnectionFolder(folder)
        self.path = self.folder.warehouse
        self.target = folder / "target"
        # The books of the dbt tests: they know every raw table.
        books: Any = runpy.run_path(str(HERE.parent / "dbt_project" / "conftest.py"))
        books["Books"]().write(self.path)
        self.run("delete from settings.connection_settings")
        self.run((HERE / "large_ledger.sql").read_text().replace("$bills", str(bills)))

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run SQL on the warehouse."""
        with duckdb.connect(str(self.path), config=FILE | {"threads": 2}) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()

    def by_hand(self) -> float:
        """Make the journal with the SQL beside this file."""
        sql = (HERE / "journal_by_hand.sql").read_text()
        self.run("drop table if exists journal_by_hand")
        before = time.process_time()
        self.run(sql)
        return time.process_time() - before

    def build(self, *words: str) -> float:
        """Run dbt: every model, or some."""
        folders = {
            "--project-dir": DBT_PROJECT,
            "--profiles-dir": DBT_PROJECT,
            "--target-path": self.target,
            "--log-path": self.target,
        }
        options = [str(word) for option in folders.items() for word in option]
        environment = {**os.environ, "BILL_LEDGER_WAREHOUSE": str(self.path)}
        return children_cost(
            lambda: subprocess.run(
                [program("dbt"), *words, "--quiet", *options],
                env=environment,
                check=True,
            )
        )

    def change(self) -> float:
        """Change 1 % of the bills; return what the build after that costs."""
        self.run((HERE / "large_ledger_changed.sql").read_text())
        before = time.process_time()
        build_changed(Warehouse(self.folder))
        return time.process_time() - before

    def build_again(self) -> float:
        """Build every table as runs do that find too much changed: without dbt."""
        before = time.process_time()
        build_whole(Warehouse(self.folder))
        return time.process_time() - before

    def publish(self) -> float:
        """Publish what is built, as runs do; return what that costs."""
        store = Store(self.folder.store)
        before = time.process_time()
        Publisher(self.folder, "bench").publish(store, {}, "bench", AS_OF)
        return time.process_time() - before

    def rows(self) -> dict[str, int]:
        """What stands for the rows of every table of the ledger."""
        return {name: self.run(ROWS.format(name))[0][0] for (name,) in self.run(LEDGER)}

    def check(self) -> float:
        """Make all tests, as runs do: without dbt."""
        before = time.process_time()
        found = [*dbt_tests.run(Warehouse(self.folder), all_tests(), self.target)]
        cost = time.process_time() - before
        assert {tested.status for tested in found} <= {"pass", "warn"}
        return cost


def least(cost: Callable[[], float], times: int = 3) -> float:
    """Return the least of several costs: what else the machine does only adds."""
    return min(cost() for _ in range(times))


def children_cost(work: Callable[[], object]) -> float:
    """Return the CPU time, user and system, of the processes that work starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> LargeLedger:
    """A company without records: what every build costs at least."""
    return LargeLedger(0, tmp_path_factory.mktemp("empty"))


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("bills", SIZES)
def test_a_ledger_costs_little_more_than_its_journal_by_hand(
    bills: int,
    empty: LargeLedger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same lines; a full build, and one after 1 % of the bills changed."""
    monkeypatch.setattr(changed_records, "LEAST_VERSIONS", 0)
    start_up = least(lambda: empty.build(*EVERYTHING))
    fewer = least(lambda: empty.build(*JOURNAL))
    ledger = LargeLedger(bills, tmp_path)
    full = least(lambda: ledger.build(*EVERYTHING)) - start_up
    journal = least(lambda: ledger.build(*JOURNAL)) - fewer
    checks = ledger.check()
    hand = least(ledger.by_hand)
    [(lines,)] = ledger.run("select count(*) from ledger.journal_lines")
    [(different,)] = ledger.run(DIFFERENT)
    for step in ("documents", "ledger"):
        models_of(step)  # what a step has is no part of what building it costs
    again = ledger.build_again()
    first = ledger.publish()
    changed = least(ledger.change)
    of_changes = ledger.rows()
    published = ledger.publish()  # it counts revisions, which a build begins anew
    ledger.build_again()
    allowed = float(SHARE) * full + start_up

    print(
        f"\n{lines:,} lines of {bills:,} bills and {bills // 2:,} invoices, 24 locks"
        f"\njournal_lines by hand        {hand:7.1f} CPU-s"
        f"\njournal_lines by dbt         {journal:7.1f} CPU-s beyond"
        f" {fewer:.1f} of start-up, {journal / hand:.1f} times (target {TARGET})"
        f"\nevery model                  {full:7.1f} CPU-s beyond"
        f" {start_up:.1f} of start-up"
        f"\nevery model, without dbt     {again:7.1f} CPU-s in all"
        f"\nevery test                   {checks:7.1f} CPU-s"
        f"\nafter 1 % changed            {changed:7.1f} CPU-s in all:"
        f" {changed / full:.0%} of every model (target {SHARE:.0%} and the start-up:"
        f" {allowed:.1f})"
        f"\npublishing, the first time   {first:7.1f} CPU-s"
        f"\npublishing, after 1 %        {published:7.1f} CPU-s"
    )
    assert different == 0
    assert of_changes == ledger.rows()
    if lines > MILLION:
        assert journal < TARGET * hand
        assert changed < allowed
