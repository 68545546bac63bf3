"""Lists served from a folder of JSON files, exactly as they are written there.

Here belongs: reading ``<list>.json``, noticing changes. Not here: how rows are filtered
or paged, which is the same for a generated company.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from bill_source.sandbox.answers import Body
from bill_source.sandbox.catalog import FILES
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
        return self._by_id.get(name, {}).get(row_id)

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
        rows = self._read(path) if stamp != (0, 0) else []
        self._stamps[name] = stamp
        self._rows[name] = rows
        self._by_id[name] = {row.id: row for row in rows}
        self._versions[name] = self._versions.get(name, 0) + 1

    def _read(self, path: Path) -> list[Row]:
        """Return the rows of one file: a list body, a bare list or one object."""
        try:
            return [_row(raw, path) for raw in self._records(path.read_bytes())]
        except msgspec.DecodeError as error:
            raise DataError(f"{path} is not a list of JSON objects: {error}") from error

    def _records(self, text: bytes) -> list[msgspec.Raw]:
        """Return the raw text of each record in a file."""
        if text.lstrip().startswith(b"["):
            return _RAW_LIST.decode(text)
        body = _RAW_OBJECT.decode(text)
        if "rates" in body:
            self._rates = _DECODER.decode(body["rates"])
        for key in ("results", "cards"):
            if key in body:
                return _RAW_LIST.decode(body[key])
        return [msgspec.Raw(text.strip())]


def _row(raw: msgspec.Raw, path: Path) -> Row:
    """Return one record, its text kept to the digit."""
    body = _DECODER.decode(raw)
    if not isinstance(body, dict) or not isinstance(body.get("id"), str):
        raise DataError(f"{path} holds a record without a text id")
    return Row(body["id"], body, raw=bytes(raw))
