"""The append-only version log: which of the records we read are news.

Here belongs: comparing a record with its newest known version, and setting aside what
cannot be read exactly. Not here: asking BILL (listing.py), storing rows (pipeline.py).
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bill_source.answers import decode
from bill_source.batches import Batch, Found, Origin, read_batch
from bill_source.drift import findings_of
from bill_source.entities import Entity
from bill_source.held import Held
from bill_source.instants import Times
from bill_source.masking import mask, masked_text, may_hold_sensitive
from bill_source.notes import Notes
from bill_source.outbox import Outbox
from bill_source.records import Stamp, content_hash, encode, typed_rows
from bill_source.tables import table_of
from bill_source.values import UnreadableError

BATCH_RECORDS = 2_000
BATCH_BYTES = 8 * 2**20
SINGLY = 16
"""So few records are read one by one where their batch has an odd one."""

DIGITS = 32
"""Of a hash: enough to tell contents apart."""

Version = tuple[str, int]
"""Content hash and number of a version; a deleted record's has no hash."""


class VersionLog:
    """Takes the records of one entity and passes on those whose content changed.

    Records are looked at many at a time: ``seen`` is right at once, all else after
    ``flush``.

    Attributes:
        seen: Ids that came in this sync.
        changed: Ids of which a version was appended.
        touched: Documents that those versions refer to, by raw table.
        moved: How often a record came with other content than before in this sync.
        notes: What was set aside, or is new in BILL.
    """

    def __init__(
        self, entity: Entity, held: Held, outbox: Outbox, *, origin: Origin
    ) -> None:
        self.entity = entity
        self.seen: set[str] = set()
        self.changed: set[str] = set()
        self.touched: dict[str, set[str]] = {}
        self.rows_read = 0
        self.appended = 0
        self.moved = 0
        self._created = 0
        self._held = held
        self.notes = Notes(entity, held, outbox, origin)
        self._recent: dict[int, dict[str, Version]] = {}
        self._pending: list[Found] = []
        self._pending_bytes = 0
        self._heads = _heads(entity)
        self._is_plain = bool(entity.identity) and not may_hold_sensitive(entity)
        self._again: set[str] = set()
        self._outbox = outbox
        self._origin = origin
        self._lock = threading.RLock()

    def __len__(self) -> int:
        """Distinct ids known."""
        return self._held.count + self._created

    def accept(self, records: Sequence[bytes], parent_id: str = "") -> Times:
        """Take one page of records; return their updatedTime, None where absent."""
        with self._lock:
            self.rows_read += len(records)
            times = self._take_page(records, parent_id)
            full = len(self._pending) >= BATCH_RECORDS
            if full or self._pending_bytes >= BATCH_BYTES:
                self.flush()
        return times

    def _take_page(self, records: Sequence[bytes], parent_id: str) -> Times:
        """Take records by their heads where nothing is odd, else one by one."""
        try:
            heads = self._heads.decode(_array(records)) if self._is_plain else None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            heads = None
        if heads is None or len(heads) != len(records):
            return [self._take_singly(text, parent_id) for text in records]
        for head, text in zip(heads, records, strict=True):
            self._note(head.id, text, parent_id)
        return [head.updated for head in heads]

    def flush(self) -> None:
        """Decide about every record that was accepted."""
        with self._lock:
            pending, self._pending, self._pending_bytes = self._pending, [], 0
            for group in _rounds(pending):
                self._compare(group)

    def stored(self, package: int) -> None:
        """Forget what we remembered of a package: the warehouse has it now."""
        self._recent.pop(package, None)

    def bury(self, ids: Iterable[str]) -> None:
        """Append a last version of records that BILL confirms it no longer has."""
        with self._lock:
            self.flush()
            wanted = sorted(ids)
            known, texts = self._known(wanted), self._raws(wanted)
            parents = self._held.parents(wanted)
            self._append(
                Found(one, texts[one], "", parents.get(one, ""), known[one][1] + 1)
                for one in wanted
                if known.get(one, ("", 0))[0]
            )

    def _take_singly(self, text: bytes, parent_id: str) -> str | None:
        """Take a record in which something is to be masked, or odd."""
        try:
            record = decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.notes.set_aside("", self._stored(text), "not valid JSON")
            return None
        if not isinstance(record, dict):
            self.notes.set_aside("", self._stored(text), "not an object")
            return None
        is_masked = mask(record, is_bank=self.entity.is_bank)
        raw = encode(record).encode() if is_masked else text
        identity = self.entity.identity
        name = record.get(identity) if identity else content_hash(record)
        self._note(name, raw, parent_id)
        updated = record.get("updatedTime")
        return updated if isinstance(updated, str) else None

    def _note(self, name: Any, raw: bytes, parent_id: str) -> None:
        digest = hashlib.sha256(raw).hexdigest()[:DIGITS]
        if not isinstance(name, str) or not name:
            self.notes.set_aside("", self._stored(raw), "no id")
            return
        record_id = f"{parent_id}+{name}" if self.entity.scoped else name
        if record_id in self.seen:
            self._again.add(record_id)
        self.seen.add(record_id)
        self._pending.append(Found(record_id, raw, digest, parent_id))
        self._pending_bytes += len(raw)

    def _compare(self, group: list[Found]) -> None:
        known = self._known([found.id for found in group])
        nothing: Version = ("", 0)
        unlike = [f for f in group if known.get(f.id, nothing)[0] != f.digest]
        texts = self._raws([f.id for f in unlike if known.get(f.id, nothing)[0]])
        news = [f for f in unlike if not self._is_same(f.raw, texts.get(f.id))]
        read = self._append(
            f._replace(version=known.get(f.id, nothing)[1] + 1) for f in news
        )
        self.moved += len(read & self._again)
        self.notes.resolve(group, {found.id for found in news} - read)

    def _is_same(self, raw: bytes, known: bytes | None) -> bool:
        """Whether two texts of a record differ in spelling only."""
        if known is None:
            return False
        try:
            record = decode(raw)
            mask(record, is_bank=self.entity.is_bank)
            return content_hash(record) == content_hash(decode(known))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False

    def _known(self, ids: Sequence[str]) -> dict[str, Version]:
        """Return the newest version of each id, where there is one."""
        found: dict[str, Version] = {}
        for package in sorted(self._recent):
            recent = self._recent.get(package, {})
            found |= {one: recent[one] for one in ids if one in recent}
        left = [one for one in ids if one not in found]
        if not self._held.count:  # then only this sync can have stored it
            left = [one for one in left if one in self._again]
        return found | self._held.newest(left)

    def _raws(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        if not ids:
            return {}
        return self._held.raws(ids) | self._outbox.newest_raw(self.entity.table, ids)

    def _append(self, news: Iterable[Found]) -> set[str]:
        """Append versions; return the ids of those that could be read."""
        readable: set[str] = set()
        for found, batch in self._read(list(news)):
            readable.update(one.id for one in found)
            package = self._outbox.add(batch.tables)
            recent = self._recent.setdefault(package, {})
            for one in found:
                recent[one.id] = (one.digest, one.version)
                self._created += one.version == 1
            self.appended += len(found)
            self.changed.update(one.id for one in found)
            self._note_touched(batch)
            self.notes.note(batch.findings)
        return readable

    def _read(self, news: list[Found]) -> Iterator[tuple[list[Found], Batch]]:
        """Read many at once where all are plain, else ever fewer, at last singly."""
        if not news:
            return
        batch = read_batch(self.entity, news, self._origin)
        if batch is not None:
            yield news, batch
        elif len(news) > SINGLY:
            half = len(news) // 2
            yield from self._read(news[:half])
            yield from self._read(news[half:])
        else:
            for found in news:
                read = self._read_singly(found)
                if read is not None:
                    yield [found], read

    def _stored(self, raw: bytes) -> str:
        return masked_text(raw, is_bank=self.entity.is_bank)

    def _read_singly(self, found: Found) -> Batch | None:
        text = self._stored(found.raw)
        try:
            record = decode(found.raw)
            mask(record, is_bank=self.entity.is_bank)
            origin = self._origin
            stamp = Stamp(origin.org_id, found.id, found.version, found.parent_id)
            deleted = not found.digest
            tail = (origin.synced_at, found.digest, deleted, text)
            rows = typed_rows(self.entity, record, stamp, tail)
        except (UnreadableError, msgspec.DecodeError, UnicodeDecodeError) as error:
            self.notes.set_aside(found.id, text, _reason(error))
            return None
        tables = {name: table_of(name, each) for name, each in rows.items() if each}
        return Batch(tables, list(findings_of(self.entity, record, found.id)))

    def _note_touched(self, batch: Batch) -> None:
        for table, column, target in self.entity.touches:
            if table in batch.tables:
                found = batch.tables[table][column].unique().to_pylist()
                self.touched.setdefault(target, set()).update(filter(None, found))


def _heads(entity: Entity) -> msgspec.json.Decoder[list[Any]]:
    """Return a decoder of the two fields every record of a page is known by."""
    names = {"id": entity.identity or "id", "updated": "updatedTime"}
    fields = [(name, str | None, None) for name in names]
    head = msgspec.defstruct("Head", fields, rename=names, gc=False)
    return msgspec.json.Decoder(list[head])  # type: ignore[valid-type]


def _rounds(found: Iterable[Found]) -> Iterator[list[Found]]:
    """Cut records into groups in which no id comes twice, in their order."""
    group: dict[str, Found] = {}
    for one in found:
        if one.id in group and group[one.id].raw != one.raw:
            yield list(group.values())
            group = {}
        group[one.id] = one
    if group:
        yield list(group.values())


def _array(records: Sequence[bytes]) -> bytes:
    return b"[%b]" % b",".join(records)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, UnreadableError) else "not valid JSON"
