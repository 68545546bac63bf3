"""What a full reading of BILL found that the syncs before it had missed.

Here belongs: counting it from a load's report. Not here: how it is found (bill_source),
where it is kept (store.py), how it is shown (source_health.py).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bill_source import LoadReport


@dataclass(frozen=True)
class FullReading:
    """The differences of one full reading; instants are UTC, ISO 8601.

    Attributes:
        run_id: Dagster's id of the run.
        as_of: The instant the run counts as.
        finished_at: When the reading ended.
        lists_read: How many lists were read whole.
        drifted: Changed records that the syncs before had missed.
        missing: Held records that BILL neither lists nor has by id.
        differences: JSON, both counts by list, of lists that have any.
    """

    run_id: str
    as_of: str
    finished_at: str
    lists_read: int
    drifted: int
    missing: int
    differences: str


def full_reading(report: LoadReport, run_id: str) -> FullReading:
    """Return the differences a load's report tells of."""
    tables = report.tables.values()
    differences = {
        table.table: {"drifted": table.drifted or 0, "missing": table.missing}
        for table in tables
        if table.drifted or table.missing
    }
    return FullReading(
        run_id=run_id,
        as_of=_text(report.synced_at),
        finished_at=_text(report.finished_at or datetime.now(UTC)),
        lists_read=sum(table.rows_listed is not None for table in tables),
        drifted=sum(table.drifted or 0 for table in tables),
        missing=sum(table.missing for table in tables),
        differences=json.dumps(differences, sort_keys=True),
    )


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
