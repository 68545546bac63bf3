"""The append-only version log: which of the records we read are news.

Here belongs: comparing a record with its newest known version, and setting aside what
cannot be read exactly. Not here: asking BILL (sync.py), storing rows (pipeline.py).
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from bill_source.answers import decode
from bill_source.entities import Entity
from bill_source.masking import mask
from bill_source.outbox import QUARANTINE, SCHEMAS, Outbox
from bill_source.records import Row, Stamp, content_hash, encode, typed_rows
from bill_source.values import UnreadableError, read_instant

Known = dict[str, tuple[str, int]]
"""Content hash and number of the newest version, by id."""


@dataclass
class Versions:
    """What the warehouse holds of one entity when a sync starts.

    ``set_aside`` holds the same for quarantined records; a resolved one has no hash.
    The sets hold the ids whose newest version is archived, open (``open_filter``) or
    ``unsettled``: rows that may have changed without their updatedTime moving.
    """

    known: Known = field(default_factory=dict)
    set_aside: Known = field(default_factory=dict)
    archived: set[str] = field(default_factory=set)
    unarchived: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    unsettled: set[str] = field(default_factory=set)


class VersionLog:
    """Takes the records of one entity and passes on those whose content changed."""

    def __init__(
        self,
        entity: Entity,
        versions: Versions,
        outbox: Outbox,
        *,
        org_id: str,
        now: datetime,
    ) -> None:
        self.entity = entity
        self.seen: set[str] = set()
        self.changed: set[str] = set()
        self.touched: dict[str, set[str]] = {}
        self.rows_read = 0
        self.appended = 0
        self.quarantined = 0
        self._known = versions.known
        self._set_aside = versions.set_aside
        self._outbox = outbox
        self._org_id = org_id
        self._now = now
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Distinct ids known."""
        return len(self._known)

    def accept(self, records: Sequence[bytes]) -> list[datetime | None]:
        """Take one page of records; return their updatedTime, None where absent."""
        with self._lock:
            self.rows_read += len(records)
            return [self._accept_one(text) for text in records]

    def _accept_one(self, text: bytes) -> datetime | None:
        try:
            record = decode(text)
        except msgspec.DecodeError:
            self._quarantine("", text.decode("utf-8", "replace"), "not valid JSON")
            return None
        if not isinstance(record, dict):
            self._quarantine("", text.decode(), "not an object")
            return None
        raw = encode(record) if self._mask(record) else text.decode()
        record_id = record.get("id")
        if not isinstance(record_id, str) or not record_id:
            self._quarantine("", raw, "no id")
        else:
            self.seen.add(record_id)
            self._compare(record_id, record, raw)
        return updated_time(record)

    def _mask(self, record: dict[str, Any]) -> bool:
        return mask(record, is_bank=self.entity.is_bank)

    def _compare(self, record_id: str, record: dict[str, Any], raw: str) -> None:
        digest = content_hash(record)
        known_digest, version = self._known.get(record_id, ("", 0))
        if digest != known_digest:
            stamp = Stamp(self._org_id, record_id, version + 1)
            try:
                rows = typed_rows(self.entity, record, stamp, (self._now, digest, raw))
            except UnreadableError as error:
                self._quarantine(record_id, raw, str(error))
                return
            self._outbox.add(rows)
            self._note_touched(rows)
            self._known[record_id] = (digest, version + 1)
            self.changed.add(record_id)
            self.appended += 1
        self._resolve(record_id, raw)

    def _note_touched(self, rows: dict[str, list[Row]]) -> None:
        for table, column, target in self.entity.touches:
            place = SCHEMAS[table].get_field_index(column)
            found = {row[place] for row in rows[table]} - {None}
            self.touched.setdefault(target, set()).update(found)

    def _quarantine(self, record_id: str, raw: str, reason: str) -> None:
        key = record_id or content_hash(raw)
        digest = content_hash([reason, raw])
        self.quarantined += 1
        if self._set_aside.get(key, ("", 0))[0] != digest:
            self._set(key, raw, reason, digest)

    def _resolve(self, record_id: str, raw: str) -> None:
        if self._set_aside.get(record_id, ("", 0))[0]:
            self._set(record_id, raw, "", "")

    def _set(self, key: str, raw: str, reason: str, digest: str) -> None:
        version = self._set_aside.get(key, ("", 0))[1] + 1
        self._set_aside[key] = (digest, version)
        resolved = not digest
        place = (self._org_id, self.entity.table, key, reason, resolved, version)
        self._outbox.add({QUARANTINE: [(*place, self._now, digest, raw)]})


def updated_time(record: dict[str, Any]) -> datetime | None:
    """Return a record's updatedTime, or None where it has none we can read."""
    return _instant(record, "updatedTime")


def created_times(records: Iterable[bytes]) -> list[datetime | None]:
    """Return the createdTime of each record, None where it has none we can read."""
    found = []
    for text in records:
        record = decode(text)
        is_object = isinstance(record, dict)
        found.append(_instant(record, "createdTime") if is_object else None)
    return found


def _instant(record: dict[str, Any], name: str) -> datetime | None:
    try:
        return read_instant(record.get(name) or "")
    except UnreadableError:
        return None
