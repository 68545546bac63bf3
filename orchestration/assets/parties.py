"""Vendors and customers -> parties: the resolver between documents and postings.

Here belongs: which records and decisions it is asked about, keeping its answers. Not
here: when two records are one party (models), what a party is to the ledger
(dbt_project).

Names are worth no ledger: where the resolver fails, memberships stay as they were and
dbt places new records by their exact names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.progress import announce
from orchestration.resources import ConnectionRun
from orchestration.store import PARTY_COLUMNS, instant_text
from orchestration.warehouse import write_parties

if TYPE_CHECKING:
    from models.parties import Resolution

MEMBERS = dg.AssetKey(["categorizer", "party_members"])
SUGGESTIONS = dg.AssetKey(["categorizer", "party_suggestions"])
REDIRECTS = dg.AssetKey(["categorizer", "party_redirects"])
RECORDS = dg.AssetKey(["intermediate", "int_party_records_known"])
OVERRIDES = dg.AssetKey(["decisions", "party_overrides"])
DESCRIPTIONS = {
    MEMBERS: "Which party each vendor and customer record belongs to, and why.",
    SUGGESTIONS: "Pairs of records that may be one party; a person decides.",
    REDIRECTS: "Former party ids with the present one.",
}
KNOWN_RECORDS = """
select * from intermediate.int_party_records_known order by source_entity, source_id
"""
KNOWN_OVERRIDES = """
select * from decisions.party_overrides order by effective_at, decision_id
"""
NEWEST_OVERRIDE = """
select max(effective_at) from decisions.party_overrides
where coalesce(effective_at > cast(? as timestamptz), true)
"""
HISTORY = ["source_entity", "source_id", "party_id"]
RESOLVED = dg.AssetCheckSpec(
    "names_were_compared",
    asset=MEMBERS,
    description="The resolver worked; else new records are placed by exact names.",
)


@dataclass(frozen=True)
class Outcome:
    """What one run of the resolver did, or why it could not."""

    records: int = 0
    parties: int = 0
    changed: int = 0
    suggestions: int = 0
    redirects: int = 0
    failure: str = ""


@dg.multi_asset(
    name="parties",
    specs=[
        dg.AssetSpec(
            key=key,
            deps=[RECORDS, OVERRIDES],
            group_name="categorizer",
            kinds={"python", "duckdb"},
            owners=OWNERS,
            partitions_def=CONNECTIONS,
            description=description,
        )
        for key, description in DESCRIPTIONS.items()
    ],
    check_specs=[RESOLVED],
)
def parties(
    context: dg.AssetExecutionContext, run: ConnectionRun
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Find which vendors and customers are one party."""
    with run.doing(f"{run.name}: resolving parties"):
        outcome = resolved(run)
    if outcome.failure:
        context.log.warning("The party resolver failed: %s", outcome.failure)
    metadata = {name: value for name, value in vars(outcome).items() if value != ""}
    for key in DESCRIPTIONS:
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)
    yield dg.AssetCheckResult(
        passed=not outcome.failure,
        asset_key=MEMBERS,
        check_name=RESOLVED.name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def resolved(run: ConnectionRun) -> Outcome:
    """Resolve the records known now and keep the answers; say how it went."""
    try:
        found = _resolution(run)
    except Exception as error:  # noqa: BLE001 - names are worth no ledger, see above
        announce(f"{run.name}: parties are placed by exact names only: {error}")
        with run.warehouse.open() as connection:
            write_parties(connection, run.connection.organization_id, run.store)
        return Outcome(failure=f"{type(error).__name__}: {error}")
    return _kept(run, found)


def _resolution(run: ConnectionRun) -> "Resolution":
    import pandas as pd

    from models.parties import resolve

    previous = pd.DataFrame(run.store.party_history(), columns=HISTORY)
    return resolve(
        run.warehouse.frame(KNOWN_RECORDS),
        run.warehouse.frame(KNOWN_OVERRIDES),
        previous,
    )


def _kept(run: ConnectionRun, found: "Resolution") -> Outcome:
    """Keep what changed in the store and all of it in the warehouse."""
    org_id = run.connection.organization_id
    names = [name for name in PARTY_COLUMNS if name not in {"org_id", "decided_at"}]
    decided = set(found.members.query("decided_by == 'user'")["party_id"])
    said_at = _said_at(run)
    before = {tuple(row[name] for name in names) for row in run.store.party_members()}
    answers = [
        tuple(_cell(value) for value in row)
        for row in found.members[names].itertuples(index=False)
    ]
    changed = []
    for row in answers:
        if row not in before:
            member = {"org_id": org_id, **dict(zip(names, row, strict=True))}
            is_said = member["party_id"] in decided
            member["decided_at"] = said_at if is_said else instant_text(run.now)
            changed.append([member[name] for name in PARTY_COLUMNS])
    redirects = list(found.redirects.itertuples(index=False, name=None))
    run.store.add_parties(changed, redirects)
    suggestions = list(found.suggestions.itertuples(index=False, name=None))
    with run.warehouse.open() as connection:
        connection.execute("begin")
        rows = [(org_id, *row) for row in suggestions]
        write_parties(connection, org_id, run.store, rows)
        connection.execute("commit")
    return Outcome(
        len(answers),
        parties=int(found.members["party_id"].nunique()),
        changed=len(changed),
        suggestions=len(suggestions),
        redirects=len(redirects),
    )


def _said_at(run: ConnectionRun) -> str:
    """Return since when what people said of parties counts, if they said anything new.

    A decision counts from its own instant, so that a lock made before this run has it.
    """
    runs = [one["as_of"] for one in run.store.runs() if one["status"] == "success"]
    with run.warehouse.open() as connection:
        said = connection.execute(NEWEST_OVERRIDE, [max(runs, default=None)]).fetchall()
    return instant_text(said[0][0] or run.now)


def _cell(value: Any) -> str | None:
    """Return a value as SQLite keeps it; pandas' missing values become NULL."""
    return None if value is None or value != value else str(value)  # noqa: PLR0124 - NaN
