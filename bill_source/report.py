"""What a load and a connection check tell their caller, as plain values.

Here belongs: the result types of the public functions. Not here: how anything is
counted (sync.py, client.py) or shown (orchestration).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Progress:
    """One step of a running load: ``rows`` of ``table`` have been read so far.

    Attributes:
        table: The raw table of the list; empty where the step concerns them all.
        rows: Records read so far.
        total: Estimate of the list's rows while a long first import runs.
        note: What holds the load up, such as BILL's hourly limit; mostly empty.
    """

    table: str
    rows: int
    note: str = ""
    total: int | None = None

    @classmethod
    def waiting(cls, until: datetime, why: str) -> "Progress":
        """Tell that nothing is asked of BILL before an instant, and why."""
        return cls("", 0, f"waiting until {until:%H:%M} UTC: {why}")


@dataclass
class TableReport:
    """What one load did to the raw tables of one BILL list.

    Attributes:
        rows_read: Records received, duplicates included.
        versions_appended: Records whose content was new or had changed.
        quarantined: Records that could not be read exactly.
        watermark: Newest updatedTime seen in complete passes, where one is kept.
        duration: From the first request for the list to its last record.
        state: How BILL answers for the list: ``listed``, ``forbidden``, ``empty`` (it
            lacks most rows we hold) or ``accepted_empty``.
        reason: Why it is not ``listed``.
        rows: Distinct ids now in the table.
        rows_listed: Distinct ids BILL listed, when the whole list was read.
        drifted: Versions that only a complete reading found, where one was made.
        missing: Rows we hold that BILL neither lists nor has by their ids; they stay.
        new_fields: Paths of fields that BILL's documentation does not have.
        new_values: ``path = value`` of enum values that it does not have.
    """

    table: str
    rows_read: int = 0
    versions_appended: int = 0
    quarantined: int = 0
    watermark: datetime | None = None
    duration: timedelta = timedelta()
    state: str = "listed"
    reason: str = ""
    rows: int = 0
    rows_listed: int | None = None
    drifted: int | None = None
    missing: int = 0
    new_fields: tuple[str, ...] = ()
    new_values: tuple[str, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether BILL lets us read the list."""
        return self.state != "forbidden"

    def warnings(self) -> Iterator[str]:
        """Yield what a person should know of the list, a sentence each."""
        if self.state in {"forbidden", "empty"}:
            held = f" The {self.rows} rows loaded before stay." if self.rows else ""
            yield f"{self.table}: {self.reason.rstrip('.')}.{held}"
        if self.quarantined:
            yield (
                f"{self.table}: {self.quarantined} records could not be read exactly;"
                " see raw_bill.quarantine."
            )
        if self.missing:
            yield (
                f"{self.table}: BILL neither lists {self.missing} of the rows we hold"
                " nor has them by id; they stay."
            )
        if self.drifted:
            yield (
                f"{self.table}: a complete reading found {self.drifted} versions that"
                " the syncs before had not seen."
            )
        news = (*self.new_fields, *self.new_values)
        if news:
            yield f"{self.table}: new in BILL and kept: {', '.join(news)}."


@dataclass
class LoadReport:
    """What one load did, table by table.

    ``calls_left`` is how many requests the developer key had left in its last hour.
    """

    organization_id: str
    started_at: datetime
    synced_at: datetime
    finished_at: datetime | None = None
    tables: dict[str, TableReport] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    api_calls: int = 0
    calls_left: int = 0
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
class Refusal:
    """A list the credential may not read, and why as far as BILL tells."""

    table: str
    reason: str


@dataclass(frozen=True)
class ConnectionReport:
    """Who a credential logs in as, and what it may read.

    Attributes:
        organization_id: The organization of the session.
        user_id: The user BILL sees behind the credential, where it tells one.
        role: That user's role, such as ``ACCOUNTANT``; empty where BILL keeps it back.
        readable: Raw tables of the lists that can be read.
        refused: The other lists, each with the reason.
    """

    organization_id: str
    user_id: str
    role: str
    readable: tuple[str, ...]
    refused: tuple[Refusal, ...]

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Raw tables of the lists that cannot be read."""
        return tuple(refusal.table for refusal in self.refused)
