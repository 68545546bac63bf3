"""People's decisions: how they get in and out as CSV.

Here belongs: reading a file row by row, all-or-nothing import, what is news and what
was said before, export. Not here: the kinds and their checks (decision_kinds.py), where
decisions are kept (store.py), what they do to the ledger (dbt_project).
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import IO, Any

from orchestration.decision_kinds import Column, Kind
from orchestration.decision_rules import Line, Refusal, Row, RowError
from orchestration.failures import UsageError
from orchestration.store import Decision, Store, instant_text

SHOWN_REFUSALS = 20
Body = dict[str, Any]
"""A decision as stored: its row, or its target, moment and lines if it has several."""


def import_decisions(store: Store, kind: Kind, path: Path, now: datetime) -> int:
    """Add the rows of a CSV file, all or none; return how many decisions were new.

    Args:
        store: Where decisions are kept.
        kind: What the file holds.
        path: The CSV file, UTF-8, header in line 1.
        now: The instant of import, taken where the file names none.

    Raises:
        UsageError: The file or any row is refused; nothing was added.
    """
    return _add(store, kind, read_rows(kind, path), str(path), now)


def decide(
    store: Store, kind: Kind, rows: Iterable[Mapping[str, str]], now: datetime
) -> int:
    """Add rows that came without a file, all or none; return how many were new.

    Raises:
        UsageError: A row is refused; nothing was added.
    """
    refused, lines = [], []
    for number, cells in enumerate(rows, start=1):
        row, reasons = checked(kind, cells)
        refused += [f"{kind.name}, row {number}, {reason}" for reason in reasons]
        lines.append(Line(number, row))
    _raise(refused)
    return _add(store, kind, lines, kind.name, now)


def _add(
    store: Store, kind: Kind, lines: Sequence[Line], source: str, now: datetime
) -> int:
    """Add checked rows, all or none; ``source`` is where a refusal says they are."""
    stored = [json.loads(decision.body) for decision in in_order(store, kind)]
    moment = instant_text(now)
    held = holding(kind, [body for body in stored if body[kind.moment] <= moment])
    said = {_key(kind, body) for body in stored}
    said |= {_saying(kind, body) for body in held}
    groups = _news(kind, _groups(kind, lines), said, source)
    fresh = [(_body(kind, group, moment), group) for group in groups]
    _refuse(source, _wrong_groups(kind, groups))
    _refuse(source, _wrong_order(kind, fresh, stored))
    rows = [(_key(kind, body), body[kind.moment], _json(body)) for body, _ in fresh]
    return store.add_decisions(kind.name, rows, now)


def read_rows(kind: Kind, path: Path) -> list[Line]:
    """Return a file's checked rows.

    Raises:
        UsageError: Something in the file is refused; names line, column and reason.
    """
    refused: list[str] = []
    rows = []
    for number, cells in _records(kind, path, io.StringIO(_text(path), newline="")):
        row, reasons = checked(kind, cells)
        refused += [f"{path}, line {number}, {reason}" for reason in reasons]
        rows.append(Line(number, row))
    _raise(refused)
    return rows


def _text(path: Path) -> str:
    """Return a file's text.

    Raises:
        UsageError: It cannot be read, or is not UTF-8: names the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, start = before.count(b"\n") + 1, before.rfind(b"\n") + 1
        column = before[start:].count(b",") + 1
        raise UsageError(
            f"Nothing was imported: {path}, line {line}, column {column}: is not UTF-8"
            f" ({error.reason}). Save the file as CSV UTF-8."
        ) from error


def checked(kind: Kind, cells: Mapping[str, str]) -> tuple[Row, list[str]]:
    """Return a row's cleaned cells, and why it is refused, if it is."""
    row, reasons = {}, []
    for column in kind.columns:
        try:
            row[column.name] = _cell(column, cells.get(column.name, ""))
        except ValueError as error:
            reasons.append(f"column {column.name}: {error}")
    if not reasons:
        try:
            return kind.complete(row), []
        except RowError as error:
            reasons.append(str(error))
    return row, reasons


def export_decisions(store: Store, kind: Kind, file: IO[str]) -> int:
    """Write every decision of a kind as CSV that can be imported again."""
    decisions = store.decisions(kind.name)
    rows = [row for d in decisions for row in rows_of(kind, json.loads(d.body))]
    later = {column.name for column in kind.columns if column.is_later}
    used = {name for row in rows for name, cell in row.items() if cell}
    header = [name for name in kind.header if name not in later or name in used]
    writer = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return len(decisions)


def withdraw(
    store: Store,
    kind: Kind,
    targets: Iterable[Sequence[str]],
    now: datetime,
    by: str = "",
) -> None:
    """Take back what holds about some targets, a decision for each: all, or none.

    Args:
        store: Where decisions are kept.
        kind: What is taken back.
        targets: What it is about, such as an entity, a document and a line id.
        now: The instant from which it no longer counts.
        by: Who takes it back, where that is known.

    Raises:
        UsageError: Decisions of this kind cannot be withdrawn, or none holds.
    """
    if "withdrawn" not in kind.header:
        raise UsageError(
            f"Decisions of kind {kind.name} cannot be taken back this way. Import a"
            " newer row that says what holds instead."
        )
    held = {
        _target(kind, body): body
        for body in holding(kind, [json.loads(d.body) for d in in_order(store, kind)])
        if body.get("withdrawn") != "true"
    }
    rows = []
    for target in targets:
        body = held.get((*target, *[""] * (len(kind.target) - len(target))))
        if body is None:
            raise UsageError(
                f"No decision of kind {kind.name} holds about {' '.join(target)}. See:"
                " bill-ledger decisions list NAME"
            )
        newer = {**body, kind.moment: instant_text(now), "withdrawn": "true"}
        newer.pop("decided_by", None)
        newer |= {"decided_by": by} if by else {}
        rows.append((_key(kind, newer), newer[kind.moment], _json(newer)))
    store.add_decisions(kind.name, rows, now)


def rows_of(kind: Kind, body: Body) -> list[Row]:
    """Return the rows of a stored decision, every column in each."""
    shared = {name: value for name, value in body.items() if name != "lines"}
    lines = body.get("lines", [{}])
    return [
        {name: {**shared, **line}.get(name, "") for name in kind.header}
        for line in lines
    ]


def in_order(store: Store, kind: Kind) -> list[Decision]:
    """Return the decisions of a kind in the order in which they take effect."""
    return sorted(
        store.decisions(kind.name),
        key=lambda decision: (decision.effective_at, decision.decision_id),
    )


def holding(kind: Kind, bodies: Iterable[Body]) -> list[Body]:
    """Return those of some decisions, oldest first, that no later one takes back."""
    if kind.ends is None:
        return list({_target(kind, body): body for body in bodies}.values())
    kept: list[Body] = []
    for body in bodies:
        kept = [old for old in kept if not kind.ends(old, body)]
        kept.append(body)
    return kept


def _groups(kind: Kind, lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each decision: one, or all of one target and moment."""
    if kind.check_group is None:
        return [[line] for line in lines]
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        key = (*_target(kind, line.row), line.row[kind.moment])
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _news(
    kind: Kind, groups: list[list[Line]], said: set[str], source: str
) -> list[list[Line]]:
    """Return what a file adds to what was said.

    A row that names no instant says what is so now: it is news unless that holds.
    """
    news, undated, here = [], [], set()
    for lines in groups:
        body = _body(kind, lines, "")
        is_dated = bool(body[kind.moment])
        words = _key(kind, body) if is_dated else _saying(kind, body)
        if words in here:
            continue
        here.add(words)
        news += [] if words in said else [lines]
        # Also what holds already: else a file that contradicts itself would say
        # something else each time it is imported.
        undated += [] if is_dated else [Line(lines[0].number, body)]
    _refuse(source, _contradictions(kind, undated))
    return news


def _contradictions(kind: Kind, undated: Sequence[Line]) -> Iterator[Refusal]:
    """Rows that take each other back and name no instant leave open which counts."""
    for old, new in _rivals(kind, undated):
        yield Refusal(
            new.number or 0,
            kind.moment,
            f"is empty here and in line {old.number}, which says something else about"
            " the same; the later one needs a later instant",
        )


def _rivals(kind: Kind, lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Yield pairs of lines of which the second takes back the first."""
    if kind.ends is not None:
        for old, new in combinations(lines, 2):
            if kind.ends(old.row, new.row):
                yield old, new
        return
    firsts: dict[tuple[str, ...], Line] = {}
    for line in lines:
        first = firsts.setdefault(_target(kind, line.row), line)
        if first is not line:
            yield first, line


def _wrong_groups(kind: Kind, groups: Iterable[Sequence[Line]]) -> Iterator[Refusal]:
    if kind.check_group is not None:
        for lines in groups:
            yield from kind.check_group(lines)


def _wrong_order(
    kind: Kind, fresh: Iterable[tuple[Body, Sequence[Line]]], stored: Iterable[Body]
) -> Iterator[Refusal]:
    if kind.check_order is not None:
        lines = [Line(None, body) for body in stored]
        lines += [Line(lines[0].number, body) for body, lines in fresh]
        yield from kind.check_order(
            sorted(lines, key=lambda line: line.row[kind.moment])
        )


def _records(
    kind: Kind, path: Path, file: IO[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the number of its first line."""
    reader = csv.reader(file, strict=True)
    line = 0
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(kind, path, header)
        line = reader.line_num
        rows = []
        for cells in reader:
            rows.append((line + 1, cells))
            line = reader.line_num
    except csv.Error as error:
        raise UsageError(
            f"Nothing was imported: {path}, line {line + 1}: is no CSV ({error}). A"
            " quoted cell ends with a quote; no cell is longer than"
            f" {csv.field_size_limit():,} characters."
        ) from error
    for start, cells in rows:
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise UsageError(
                f"Nothing was imported: {path}, line {start}, column"
                f" {header[min(len(cells), len(header) - 1)]}: the row has {len(cells)}"
                f" cells and the header {len(header)}."
            )
        yield start, dict(zip(header, cells, strict=True))


def _check_header(kind: Kind, path: Path, header: Sequence[str]) -> None:
    expected = f"The header of {kind.name} is: {','.join(kind.header)}"
    for name in header:
        if name not in kind.header or header.count(name) > 1:
            raise UsageError(
                f"Nothing was imported: {path}, line 1, column {name!r}: unknown or"
                f" repeated column. {expected}"
            )
    for column in kind.columns:
        if column.is_required and column.name not in header:
            raise UsageError(
                f"Nothing was imported: {path}, line 1, column {column.name!r}: is"
                f" missing. {expected}"
            )


def _cell(column: Column, value: str) -> str:
    if value.strip():
        return column.check(value)
    if column.is_required:
        raise ValueError("is empty")
    return ""


def _body(kind: Kind, lines: Sequence[Line], moment: str) -> Body:
    """Return a decision as it is stored; an empty moment is filled in."""
    row = {**lines[0].row, kind.moment: lines[0].row[kind.moment] or moment}
    later = {column.name for column in kind.columns if column.is_later}
    row = {name: cell for name, cell in row.items() if cell or name not in later}
    if kind.check_group is None:
        return row
    shared = {name: row[name] for name in (*kind.target, kind.moment)}
    rest = [name for name in kind.header if name not in shared]
    return {
        **shared,
        "lines": [{name: line.row[name] for name in rest} for line in lines],
    }


def _key(kind: Kind, body: Body) -> str:
    """Return what tells a decision from every other; the order of lines does not."""
    return hashlib.sha256(f"{kind.name}|{_json(_sorted(body))}".encode()).hexdigest()


def _saying(kind: Kind, body: Body) -> str:
    """Return what a decision says, whenever it was said."""
    return _json({**_sorted(body), kind.moment: ""})


def _sorted(body: Body) -> Body:
    lines = body.get("lines")
    return {**body, "lines": sorted(lines, key=_json)} if lines else body


def _json(body: Body) -> str:
    return json.dumps(body, sort_keys=True)


def _target(kind: Kind, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in kind.target)


def _refuse(source: str, refusals: Iterable[Refusal]) -> None:
    _raise(
        [
            f"{source}, line {line}, column {column}: {reason}"
            for line, column, reason in refusals
        ]
    )


def _raise(refused: Sequence[str]) -> None:
    if refused:
        shown = "\n".join(refused[:SHOWN_REFUSALS])
        raise UsageError(
            f"Nothing was imported, since {len(refused)} cell(s) are refused:\n{shown}"
        )
