"""The resolver's step: answers are kept, and its failure stops nothing.

Here belongs: the step by itself on a warehouse of a few rows. Not here: a whole sync
(test_sync.py), who is one party (tests/models).
"""

from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb
import pytest

from models.party_ids import founded_by
from orchestration.assets.parties import Outcome, resolved
from orchestration.connections import Connection
from orchestration.resources import ConnectionRun
from orchestration.settings import Home
from orchestration.store import instant_text
from orchestration.upkeep import NOW_TAG
from orchestration.warehouse import Warehouse

TABLES = """
create schema intermediate; create schema decisions;
create table intermediate.int_party_records_known (
    source_entity varchar, source_id varchar, raw_name varchar, tax_id varchar,
    email varchar, phone varchar, bank_account varchar, address_line varchar,
    zip varchar, created_at timestamp with time zone
);
create table decisions.party_overrides (
    action varchar, source_entity varchar, source_id varchar, into_entity varchar,
    into_id varchar, name varchar, effective_at timestamp with time zone,
    decision_id bigint
);
"""
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def run(home: Home) -> ConnectionRun:
    """A run of a connection whose warehouse has two vendors of one name."""
    run = ConnectionRun()
    run._home = home
    run._connection = Connection(name="acme", organization_id="008", api_url="")
    run._run = dg.DagsterRun(job_name="test", tags={NOW_TAG: instant_text(NOW)})
    run.folder.path.mkdir(parents=True)
    with run.warehouse.open() as warehouse:
        warehouse.execute(TABLES)
    add(run.warehouse, "v1", "Acme Inc", "2026-01-01")
    add(run.warehouse, "v2", "ACME, LLC", "2026-01-02")
    return run


def add(warehouse: Warehouse, source_id: str, name: str, day: str) -> None:
    """Add a vendor."""
    with warehouse.open() as connection:
        connection.execute(
            "insert into intermediate.int_party_records_known"
            " (source_entity, source_id, raw_name, created_at)"
            " values ('vendor', ?, ?, ?)",
            [source_id, name, f"{day} 00:00:00+00"],
        )


def members(run: ConnectionRun) -> list[tuple[Any, ...]]:
    """What dbt will read."""
    with duckdb.connect(str(run.folder.warehouse)) as warehouse:
        return warehouse.execute(
            "select source_id, party_id from categorizer.party_members order by all"
        ).fetchall()


def test_answers_are_kept_and_given_again(run: ConnectionRun) -> None:
    """A second run changes nothing, also where the warehouse was lost meanwhile."""
    one = founded_by("vendor", "v1")

    assert resolved(run) == Outcome(records=2, parties=1, changed=2)
    assert resolved(run) == Outcome(records=2, parties=1, changed=0)
    assert members(run) == [("v1", one), ("v2", one)]
    with run.warehouse.open() as warehouse:
        warehouse.execute("drop schema categorizer cascade")
    resolved(run)
    assert members(run) == [("v1", one), ("v2", one)]


def test_a_decision_leaves_a_redirect(run: ConnectionRun) -> None:
    """The split's own id is former again when a newer merge takes it back.

    What was who when stays known, people's word since they gave it.
    """
    resolved(run)
    for number, action in enumerate(("split", "merge")):
        with run.warehouse.open() as warehouse:
            warehouse.execute(
                "insert into decisions.party_overrides values"
                " (?, 'vendor', 'v2', 'vendor', 'v1', null, ?, ?)",
                [action, f"2026-04-0{number + 1} 00:00:00+00", number],
            )
        outcome = resolved(run)
        assert (outcome.parties, outcome.redirects) == ((2, 0), (1, 1))[number]
    with run.warehouse.open() as warehouse:
        rows = warehouse.execute("from categorizer.party_redirects").fetchall()
        history = warehouse.execute(
            "select source_id, party_id, strftime(decided_at, '%m-%d')"
            " from categorizer.party_history order by change_id"
        ).fetchall()
    one, two = founded_by("vendor", "v1"), founded_by("vendor", "v2")
    assert history == [
        *(("v1", one, "05-01"), ("v2", one, "05-01")),
        ("v2", two, "04-01"),
        *(("v1", one, "04-02"), ("v2", one, "04-02")),
    ]
    assert rows == [("008", founded_by("vendor", "v2"), founded_by("vendor", "v1"))]


def test_a_resolver_that_fails_stops_nothing(
    run: ConnectionRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memberships stay as they were; the new record is left to its exact name."""

    def fail(*_: object) -> None:
        raise RuntimeError("no such metric")

    resolved(run)
    before = members(run)
    add(run.warehouse, "v3", "Zebra", "2026-01-03")
    monkeypatch.setattr("models.parties.resolve", fail)

    outcome = resolved(run)

    assert outcome == Outcome(failure="RuntimeError: no such metric")
    assert members(run) == before
