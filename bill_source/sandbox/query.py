"""BILL's filter and sort grammar, read strictly.

Here belongs: text of ``filters`` and ``sort`` to conditions and keys, and refusals of
what a list does not document. Not here: which fields a list has (catalog.py), paging
(paging.py).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from bill_source.sandbox.answers import Body, RefusalError
from bill_source.sandbox.catalog import NOT_ON_ROWS, OPERATORS, Listing, kind_of
from bill_source.sandbox.switches import Switches

NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for a creation or change instant that a served file does not tell."""

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?(Z|[+-]\d\d(:?\d\d)?)?)?"
)
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,8})?")
_SORTED_KINDS = ((Decimal, int), (datetime,), (str,))
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "gt": gt,
    "gte": ge,
    "lt": lt,
    "lte": le,
}


@dataclass(frozen=True)
class Condition:
    """One clause of a filter: a field, an operator and what it is compared with."""

    field: str
    operator: str
    values: tuple[Any, ...]
    places: tuple[str, ...] = ()

    def holds(self, body: Body) -> bool:
        """Tell whether a record satisfies this clause."""
        found = [
            value
            for place in self.places or (self.field,)
            for value in values_at(body, place)
            if value is not None
        ]
        if self.operator in {"ne", "nin"}:
            return all(value not in self.values for value in found)
        return any(self._compare(value) for value in found)

    def _compare(self, value: Any) -> bool:
        """Compare one value of a record with ours; a served file may hold anything."""
        if isinstance(value, str) != isinstance(self.values[0], str):
            return False
        if self.operator == "in":
            return value in self.values
        if self.operator == "sw":
            return str(value).startswith(self.values[0])
        return _COMPARE[self.operator](value, self.values[0])


@dataclass(frozen=True)
class SortKey:
    """One field to sort by."""

    field: str
    descending: bool


def parse_instant(text: str) -> datetime | None:
    """Read a date or date-time in a format BILL documents; None if it is neither.

    A value without an offset is taken as UTC, which BILL leaves open.
    """
    if not _INSTANT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def values_at(body: Body, path: str) -> Iterator[Any]:
    """Yield a record's values at a dotted path; coding is looked up on lines too."""
    if path in {"createdTime", "updatedTime"}:
        value = body.get(path)
        yield value if isinstance(value, datetime) else _instant_or_default(value)
        return
    yield from _walk(body, path.split("."))
    if path == "address.country":
        yield from _walk(body, ["billingAddress", "country"])
    if path.startswith("classifications."):
        for key in ("billLineItems", "invoiceLineItems"):
            yield from _walk(body, [key, *path.split(".")])


def _walk(value: Any, parts: Sequence[str]) -> Iterator[Any]:
    """Yield what stands at the end of a path, on each element of a list."""
    if isinstance(value, list):
        for element in value:
            yield from _walk(element, parts)
    elif not parts:
        yield value
    elif isinstance(value, dict):
        yield from _walk(value.get(parts[0]), parts[1:])


def _instant_or_default(value: Any) -> datetime:
    """Return a served file's timestamp, or the fixed instant when it has none."""
    moment = parse_instant(value) if isinstance(value, str) else None
    return moment or NO_TIME


def split_clauses(text: str) -> list[str]:
    """Split at commas that stand outside double quotes."""
    if text.count('"') % 2:
        raise _bad_value("filters", text, "a double quote is not closed")
    return re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', text)


def parse_filters(
    text: str | None, listing: Listing, switches: Switches
) -> tuple[Condition, ...]:
    """Read the ``filters`` parameter of one list.

    Raises:
        RefusalError: BDC_1130, BDC_1131 or BDC_1129, as BILL would say.
    """
    if not text:
        return ()
    return tuple(
        _parse_clause(clause, listing, switches) for clause in split_clauses(text)
    )


def _parse_clause(text: str, listing: Listing, switches: Switches) -> Condition:
    """Read ``field:op:value``."""
    name, _, rest = text.partition(":")
    operator, _, value = rest.partition(":")
    _check_allowed(name, operator, listing, switches)
    many = operator in {"in", "nin"}
    texts = value.strip('"').split(",") if many else [value.strip('"')]
    if len(texts) > switches.id_list_limit:
        raise _bad_value("filters", name, f"at most {switches.id_list_limit} values")
    values = tuple(_typed(name, part, listing) for part in texts)
    return Condition(name, operator, values, listing.places(name))


def allowed_operators(
    name: str, listing: Listing, switches: Switches
) -> tuple[str, ...]:
    """Return the operators a list takes on a field; empty for an unknown field."""
    if listing.name in NOT_ON_ROWS.get(name, ()):
        return ()
    if name == "status" and listing.name == "invoices":
        chosen = switches.invoice_status_operators
        return ("eq", "in") if chosen == "both" else (chosen,)
    if listing.name.startswith("recurring-") and name == "updatedTime":
        return (
            ("gt", "gte", "lt", "lte") if switches.updated_filter_on_recurring else ()
        )
    operators = listing.filters.get(name, ())
    return OPERATORS if operators and switches.undocumented_operators else operators


def _check_allowed(
    name: str, operator: str, listing: Listing, switches: Switches
) -> None:
    """Refuse a field or an operator this list does not document."""
    allowed = allowed_operators(name, listing, switches)
    if not allowed:
        raise _bad_field(name)
    if operator not in allowed:
        raise RefusalError(
            400,
            "BDC_1131",
            f"Filter operator is not supported for field {name}.",
            parameter=("filters", operator),
        )


def _typed(name: str, text: str, listing: Listing) -> Any:
    """Read one value as what the field holds."""
    choices = listing.choices(name)
    if choices and text not in choices:
        raise _bad_value("filters", text, f"{name} is one of {', '.join(choices)}")
    kind = kind_of(name)
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise _bad_value("filters", text, f"{name} is true or false")
        return text == "true"
    if kind == "text":
        return text
    if kind == "number":
        return _number(name, text)
    moment = parse_instant(text)
    if moment is None:
        raise _bad_value("filters", text, f"{name} is a date or date-time")
    return moment if kind == "instant" else moment.date().isoformat()


def _number(name: str, text: str) -> Decimal:
    """Read an amount."""
    if not _AMOUNT.fullmatch(text):
        raise _bad_value("filters", text, f"{name} is a number")
    return Decimal(text)


def parse_sort(text: str | None, listing: Listing) -> tuple[SortKey, ...]:
    """Read the ``sort`` parameter of one list.

    Raises:
        RefusalError: A field the list does not sort by, or a third word.
    """
    if not text:
        return ()
    keys = []
    for part in text.split(","):
        name, _, direction = part.partition(":")
        if name not in listing.sorts or direction not in {"", "asc", "desc"}:
            raise _bad_value("sort", part, "cannot sort this list so")
        keys.append(SortKey(name, direction == "desc"))
    if listing.one_sort and len(keys) > 1:
        raise _bad_value("sort", text, "only one field at a time")
    return tuple(keys)


def ordering(body: Body, path: str) -> tuple[int, Any]:
    """Return a key that sorts values of one field, records without it first."""
    value = next(values_at(body, path), None)
    for rank, kinds in enumerate(_SORTED_KINDS, start=1):
        if isinstance(value, kinds):
            return rank, value
    return 0, 0


def _bad_field(name: str) -> RefusalError:
    return RefusalError(
        400,
        "BDC_1130",
        "Filter field is not supported for this list.",
        parameter=("filters", name),
    )


def _bad_value(parameter: str, value: str, why: str) -> RefusalError:
    return RefusalError(
        400, "BDC_1129", f"{parameter}: {why}", parameter=(parameter, value)
    )
