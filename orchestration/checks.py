"""Questions about a run that SQL tests cannot ask.

Here belongs: checks on what BILL sent and how it answered. Not here: the ledger's
invariants, which are dbt tests.

They warn and hold nothing up: rows stay as they were, and the ledger is right about
what is held.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from bill_source import LoadReport
from orchestration.resources import ConnectionRun

LIST_STATES = dg.AssetKey(["raw_bill", "list_states"])
QUARANTINE = dg.AssetKey(["raw_bill", "quarantine"])
SCHEMA_CHANGES = dg.AssetKey(["raw_bill", "schema_changes"])
STATE = """
select entity from (
    select
        entity,
        state,
        row_number() over (partition by entity order by _version desc) as newness
    from raw_bill.list_states
)
where newness = 1 and state = ?
order by entity
"""
SET_ASIDE = """
select entity || ' ' || id from (
    select
        entity,
        id,
        resolved,
        row_number() over (partition by entity, id order by _version desc) as newness
    from raw_bill.quarantine
)
where newness = 1 and not resolved
order by entity, id
"""
SPECS = [
    dg.AssetCheckSpec(
        "every_list_was_readable",
        asset=LIST_STATES,
        description="BILL refuses none of its lists to this token.",
    ),
    dg.AssetCheckSpec(
        "no_list_was_emptied",
        asset=LIST_STATES,
        description="BILL lists something wherever rows are held.",
    ),
    dg.AssetCheckSpec(
        "nothing_had_been_missed",
        asset=LIST_STATES,
        description="A full reading found what the syncs before it had found.",
    ),
    dg.AssetCheckSpec(
        "every_record_was_readable",
        asset=QUARANTINE,
        description="No record waits in quarantine.",
    ),
    dg.AssetCheckSpec(
        "every_value_was_known",
        asset=SCHEMA_CHANGES,
        description="BILL sent no value that its documentation does not have.",
    ),
]


@dg.multi_asset_check(name="source_health", specs=SPECS)
def source_health(run: ConnectionRun) -> Iterator[dg.AssetCheckResult]:
    """Warn of what a person should look at in BILL or in its settings."""
    findings = _findings(run)
    for spec in SPECS:
        found = findings[spec.name]
        yield dg.AssetCheckResult(
            passed=not found,
            asset_key=spec.asset_key,
            check_name=spec.name,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"found": dg.MetadataValue.json(found)},
        )


def _findings(run: ConnectionRun) -> Mapping[str, list[str]]:
    """Return what each check found: raw tables, records, values."""
    with run.warehouse.open() as warehouse:

        def ask(query: str, *values: str) -> list[str]:
            return [row[0] for row in warehouse.execute(query, values).fetchall()]

        return {
            "every_list_was_readable": ask(STATE, "forbidden"),
            "no_list_was_emptied": ask(STATE, "empty"),
            "nothing_had_been_missed": _drifted(run.report),
            "every_record_was_readable": ask(SET_ASIDE),
            "every_value_was_known": _new_values(run.report),
        }


def _drifted(report: LoadReport | None) -> list[str]:
    tables = report.tables.values() if report else ()
    return [table.table for table in tables if table.drifted or table.missing]


def _new_values(report: LoadReport | None) -> list[str]:
    tables = report.tables.values() if report else ()
    return [f"{table.table} {value}" for table in tables for value in table.new_values]
