"""Lists served from a folder of JSON files, exactly as they are written there.

Here belongs: reading ``<list>.json``, noticing changes. Not here: how rows are filtered
or paged, which is the same for a generated company. A file of a list that BILL gives
per parent is an object from each parent's id to its rows; a plain list there belongs to
the first record of the parents' file.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from bill_source.sandbox.answers import Body
from bill_source.sandbox.directory import ALL, FILES
from bill_source.sandbox.store import Row

_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_RAW_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class DataError(ValueError):
    """A served file is not what it should be."""


class Files:
    """A store whose lists are files; a missing file is an empty list."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise DataError(f"{folder} is not a folder of <list>.json files")
        self._folder = folder
        self._stamps: dict[str, tuple[int, int]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._by_id: dict[str, dict[str, Row]] = {}
        self._below: dict[str, dict[str, list[Row]]] = {}
        self._versions: dict[str, int] = {}
        self._rates: Body = {}
        for name in FILES:
            self._refresh(name)

    def rows(self, name: str) -> Sequence[Row]:
        """Return a file's rows, read again if the file changed."""
        self._refresh(name)
        return self._rows.get(name, ())

    def find(self, name: str, row_id: str) -> Row | None:
        """Return one row by its id."""
        self._refresh(name)
        known = self._by_id.get(name, {})
        if row_id in known or name not in ALL or not ALL[name].is_spend:
            return known.get(row_id)
        found = (row for row in known.values() if row.body.get("id") == row_id)
        return next(found, None)

    def children(self, name: str, parent_id: str) -> Sequence[Row]:
        """Return a file's rows below one parent, of which there may be no file."""
        self._refresh(name)
        below = self._below.get(name, {})
        parents = self.rows(ALL[name].parent)
        first = parents[0].id if parents else ""
        found = self.find(ALL[name].parent, parent_id)
        key = found.id if found else parent_id
        return [*below.get(key, ()), *(below.get("", ()) if key == first else ())]

    def version(self, name: str) -> int:
        """Return how often a file has been read."""
        self._refresh(name)
        return self._versions.get(name, 0)

    def organization(self) -> Row | None:
        """Return the organization's record, if the folder has one."""
        rows = self.rows("organization")
        return rows[0] if rows else None

    def rates(self) -> Body:
        """Return the ``rates`` of the card file."""
        self._refresh("card-accounts")
        return self._rates

    def _refresh(self, name: str) -> None:
        """Read a file again when its time or size is not what it was."""
        path = self._folder / f"{name}.json"
        try:
            stat = path.stat()
        except FileNotFoundError:
            stamp = (0, 0)
        else:
            stamp = (stat.st_mtime_ns, stat.st_size)
        if self._stamps.get(name, (0, 0)) == stamp:
            return
        below = self._read(path, name) if stamp != (0, 0) else {}
        rows = [row for some in below.values() for row in some]
        self._stamps[name] = stamp
        self._below[name] = below
        self._rows[name] = rows
        self._by_id[name] = {row.id: row for row in rows}
        self._versions[name] = self._versions.get(name, 0) + 1

    def _read(self, path: Path, name: str) -> dict[str, list[Row]]:
        """Return the rows of one file by their parent, empty where none is told."""
        field = ALL[name].identity if name in ALL else "id"
        below: dict[str, list[Row]] = {}
        try:
            for parent_id, records in self._records(path.read_bytes(), name).items():
                below[parent_id] = [
                    _row(raw, path, field, f"{parent_id}|{number}")
                    for number, raw in enumerate(records)
                ]
        except msgspec.DecodeError as error:
            raise DataError(f"{path} is not a list of JSON objects: {error}") from error
        return below

    def _records(self, text: bytes, name: str) -> dict[str, list[msgspec.Raw]]:
        """Return the raw text of each record in a file, by parent."""
        if text.lstrip().startswith(b"["):
            return {"": _RAW_LIST.decode(text)}
        body = _RAW_OBJECT.decode(text)
        if "rates" in body:
            self._rates = _DECODER.decode(body["rates"])
        for key in ("results", "cards", "bills", "organizations"):
            if key in body:
                return {"": _RAW_LIST.decode(body[key])}
        if name in ALL and ALL[name].parent:
            return {parent: _records_below(raw) for parent, raw in body.items()}
        return {"": [msgspec.Raw(text.strip())]}


def _records_below(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """Return the records of one parent: a list, or the only one."""
    return _RAW_LIST.decode(raw) if bytes(raw).startswith(b"[") else [raw]


def _row(raw: msgspec.Raw, path: Path, field: str, number: str) -> Row:
    """Return one record, its text kept to the digit; some lists give it no id."""
    body = _DECODER.decode(raw)
    row_id = body.get(field) if isinstance(body, dict) and field else number
    if not isinstance(body, dict) or not isinstance(row_id, str):
        raise DataError(f"{path} holds a record without a text {field or 'id'}")
    return Row(row_id, body, raw=bytes(raw))
