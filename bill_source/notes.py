"""What a sync notes about records besides their versions: set aside, or surprising.

Here belongs: opening and closing the cases of quarantine, and keeping each new field
or value once. Not here: finding either (records.py, drift.py), judging news
(versions.py).
"""

from collections.abc import Iterable

from bill_source.batches import Found, Origin
from bill_source.drift import Finding
from bill_source.entities import Entity
from bill_source.held import Held
from bill_source.masking import masked_text
from bill_source.outbox import Outbox
from bill_source.records import content_hash
from bill_source.tables import QUARANTINE, SCHEMA_CHANGES


class Notes:
    """The notes on one list in one sync.

    Attributes:
        fields: New fields that came, and ``values`` new enum values.
    """

    def __init__(
        self, entity: Entity, held: Held, outbox: Outbox, origin: Origin
    ) -> None:
        self.fields: set[str] = set()
        self.values: set[str] = set()
        self._entity = entity
        self._cases = held.set_aside()
        self._findings = held.findings()
        self._unreadable: set[str] = set()
        self._outbox = outbox
        self._origin = origin

    @property
    def quarantined(self) -> int:
        """How many records could not be read exactly."""
        return len(self._unreadable)

    def note(self, findings: Iterable[Finding]) -> None:
        """Keep what BILL's documentation does not have, each once."""
        for path, kind, value, record_id in sorted(findings):
            told = f"{path} = {value}" if kind == "new_value" else path
            (self.values if kind == "new_value" else self.fields).add(told)
            if (path, value) not in self._findings:
                self._findings.add((path, value))
                where = (self._origin.org_id, self._entity.table, path, kind, value)
                row = (*where, record_id, self._origin.synced_at)
                self._outbox.add_rows(SCHEMA_CHANGES, [row])

    def set_aside(self, record_id: str, text: str, reason: str) -> None:
        """Open the case of a record, unless it stands open with the same reason.

        Args:
            record_id: Its id; where that cannot be read, its text stands for it.
            text: Its masked JSON.
            reason: What cannot be read exactly.
        """
        key = record_id or content_hash(text)
        digest = content_hash([reason, text])
        self._unreadable.add(key)
        if self._cases.get(key, ("", 0))[0] != digest:
            self._add(key, text, reason, digest)

    def resolve(self, group: Iterable[Found], unreadable: set[str]) -> None:
        """Close the cases of what came right, or came as it was before."""
        if self._cases:
            for found in group:
                is_open = self._cases.get(found.id, ("", 0))[0]
                if is_open and found.id not in unreadable:
                    text = masked_text(found.raw, is_bank=self._entity.is_bank)
                    self._add(found.id, text, "", "")

    def _add(self, key: str, text: str, reason: str, digest: str) -> None:
        version = self._cases.get(key, ("", 0))[1] + 1
        self._cases[key] = (digest, version)
        place = (self._origin.org_id, self._entity.table, key, reason, not digest)
        row = (*place, version, self._origin.synced_at, digest, text)
        self._outbox.add_rows(QUARANTINE, [row])
