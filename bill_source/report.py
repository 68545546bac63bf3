"""What a load and a connection check tell their caller, as plain values.

Here belongs: the result types of the public functions. Not here: how anything is
counted (sync.py, client.py) or shown (orchestration).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Progress:
    """One step of a running load: ``rows`` of ``table`` have been read so far."""

    table: str
    rows: int


@dataclass
class TableReport:
    """What one load did to the raw tables of one BILL list.

    Attributes:
        rows_read: Records received, duplicates included.
        versions_appended: Records whose content was new or had changed.
        quarantined: Records that could not be read exactly.
        watermark: Newest updatedTime seen in complete passes, where one is kept.
        duration: From the first request for the list to its last record.
        readable: False where BILL refused the list (see the report's warnings).
        rows: Distinct ids now in the table.
        rows_listed: Distinct ids BILL listed, when the whole list was read.
    """

    table: str
    rows_read: int = 0
    versions_appended: int = 0
    quarantined: int = 0
    watermark: datetime | None = None
    duration: timedelta = timedelta()
    readable: bool = True
    rows: int = 0
    rows_listed: int | None = None


@dataclass
class LoadReport:
    """What one load did, table by table."""

    organization_id: str
    started_at: datetime
    synced_at: datetime
    finished_at: datetime | None = None
    tables: dict[str, TableReport] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    api_calls: int = 0
    logins: int = 0

    @property
    def versions_appended(self) -> int:
        """Record versions appended over all tables."""
        return sum(table.versions_appended for table in self.tables.values())

    @property
    def quarantined(self) -> int:
        """Records set aside over all tables."""
        return sum(table.quarantined for table in self.tables.values())


@dataclass(frozen=True)
class ConnectionReport:
    """Who a credential logs in as, and what it may read."""

    organization_id: str
    user_id: str
    readable: tuple[str, ...]
    unreadable: tuple[str, ...]
