"""`python -m bill_source.matrix`: what of BILL is synced, and how we know.

Here belongs: the sync matrix, made from the entities, with what is left out and the
test that proves each line. `--write` puts it into the README. Not here: how anything
is read; a line is right because its test passes.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from bill_source.entities import ENTITIES, Entity, singular

README = Path(__file__).with_name("README.md")
BEGIN = "<!-- sync matrix: made by `python -m bill_source.matrix --write` -->"
END = "<!-- end of the sync matrix -->"
HEADER = (
    "Element",
    "State",
    "Direction",
    "Cursor",
    "Deletions show as",
    "Read again besides",
    "Proof",
)
TESTS = "tests/bill_source/"
KEPT_UP = "test_lists.py::test_every_list_is_kept_up_to_date"
PROOFS = {
    "bills": "test_load.py::test_paid_bills_are_noticed",
    "payments": "test_load.py::test_unsettled_payments_are_read_again",
    "vendor_credits": "test_load.py::test_credits_that_are_open_are_read_again",
    "recurring_bills": (
        "test_load.py::test_lists_without_an_order_are_read_until_complete"
    ),
    "bank_accounts": "test_secrets.py::test_bank_details_are_stored_masked",
    "nominated_card_accounts": "test_lists.py::test_what_bill_shows_has_a_place",
    "vendor_audit_trail": "test_masking.py::test_edits_of_sensitive_fields_are_masked",
}
"""The test of what is special about a list; the others share one."""
PARTIAL = {
    "card_accounts": "without the rates BILL charges",
    "nominated_card_accounts": "without the rates BILL charges",
    "billing_statements": "without their lines and files",
    "exports": "only their ids are documented; made by people in the web app",
    "bills_pending_approval": "only those that wait for the token's own user",
}
LEFT_OUT = {
    "vendor and customer bank accounts": "bank details no ledger needs",
    "files, check images, invoice PDFs": "contents; names and dates are optional",
    "organizations a login reaches": "other companies have no place in this file",
    "document upload status": "only for ids of uploads under way",
    "mass payment batches": "no list names their ids; their payments come as payments",
    "payment options, exchange-rate quotes": "offers, not facts",
    "vendor configuration": "what it holds is not documented",
    "general ledger, journals, trial balance": "BILL keeps none",
    "lump-sum transfers to and from the bank": "not in API v3",
    "BILL's clearing-account entries": "not in API v3: made in the accounting system",
    "posting dates": "not in API v3: the invoice date is the only one",
    "approval history": "not in API v3: our versions keep each state we saw",
    "audit trail of anything but vendors": "not in API v3",
    "feed of deletions": "not in API v3: whole readings find what is gone",
    "date a payment cleared": "not in API v3: only that it has",
    "fee of each payment": "not in API v3: billing statements sum them up",
    "wallet transactions": "not in API v3",
    "template, order lines and inbox item of a bill": "not in API v3",
    "members of a sales-tax group": "not in API v3",
}


@dataclass(frozen=True)
class Line:
    """One line of the matrix, in the order of ``HEADER``."""

    element: str
    state: str
    direction: str = "-"
    cursor: str = "-"
    deletions: str = "-"
    again: str = "-"
    proof: str = "-"


@dataclass(frozen=True)
class Element:
    """What of BILL is synced, as facts for the ledger's table ``sync_matrix``.

    Attributes:
        element: Raw table, or in words what is left out.
        record: What ``posting_status`` calls one record; empty where it has none.
        synced: ``yes``, ``partial`` or ``no``.
        direction: ``from_bill``; ``none`` for what is left out.
        group: When it is read: ``core`` always, others when asked for.
        note: What is missing and why; empty where nothing is.
    """

    element: str
    record: str
    synced: str
    direction: str
    group: str
    note: str


RECORDS = {"receivable_payments": "receipt", "billing_statements": "statement"}
"""Records that the ledger calls otherwise than BILL's list."""


def elements() -> Iterator[Element]:
    """Every element of the matrix, those left out last."""
    for entity in ENTITIES:
        table, missing = entity.table, PARTIAL.get(entity.table, "")
        record = RECORDS.get(table, singular(table))
        synced = "partial" if missing else "yes"
        yield Element(table, record, synced, "from_bill", entity.group, missing)
    for element, reason in LEFT_OUT.items():
        yield Element(element, "", "no", "none", "", reason)


def lines() -> Iterator[Line]:
    """Every element of BILL that we know of, those left out last."""
    yield from (line_of(entity) for entity in ENTITIES)
    for element, reason in LEFT_OUT.items():
        yield Line(element, f"not: {reason}")


def line_of(entity: Entity) -> Line:
    """Say how one list is synced."""
    children = ", ".join(f"`{table}`" for table in list(entity.tables())[1:])
    return Line(
        f"`{entity.table}`" + (f" with {children}" if children else ""),
        _state(entity),
        "BILL to us",
        _cursor(entity),
        _deletions(entity),
        _again(entity),
        f"`{TESTS}{proof_of(entity)}`",
    )


def proof_of(entity: Entity) -> str:
    """Return the test that proves a list's line, below ``TESTS``."""
    return PROOFS.get(entity.table, KEPT_UP)


def _state(entity: Entity) -> str:
    state = "synced" if entity.group == "core" else f"optional (`{entity.group}`)"
    missing = PARTIAL.get(entity.table)
    return f"partial: {missing}" if missing else state


def _cursor(entity: Entity) -> str:
    if entity.mode == "incremental":
        return "`updatedTime`, a day's overlap"
    per = f" per {singular(entity.per).replace('_', ' ')}" if entity.per else ""
    return f"none, whole list{per}"


def _deletions(entity: Entity) -> str:
    names = {column.name for column in entity.columns}
    if entity.vanishes:
        return "missing, then 404 by id" if entity.get_path else "missing"
    if "archived" in names:
        return "`archived`" + (", `record_status`" * ("record_status" in names))
    return "`status`" if entity.mode == "incremental" else "none known"


def _again(entity: Entity) -> str:
    if entity.mode == "full":
        return "everything"
    causes = {e.table for e in ENTITIES for *_, to in e.touches if to == entity.table}
    found = [
        "open ones" if entity.open_filter else "",
        "unsettled ones" if entity.unsettled else "",
        "archived ones" if entity.archived_filter else "",
        f"those that changed {' and '.join(sorted(causes))} touch" if causes else "",
    ]
    return ", ".join(filter(None, found)).replace("_", " ")


def table() -> str:
    """Return the matrix as a Markdown table."""
    rows = [HEADER, ("---",) * len(HEADER), *(astuple(line) for line in lines())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def with_matrix(text: str) -> str:
    """Return a README with the matrix between its markers.

    Raises:
        ValueError: A marker is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The README needs the lines {BEGIN!r} and {END!r}.")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> None:
    """Print the matrix, or write it into the README."""
    parser = argparse.ArgumentParser(prog="python -m bill_source.matrix")
    parser.add_argument("--write", action="store_true", help="into the README")
    if parser.parse_args().write:
        README.write_text(with_matrix(README.read_text()))
    else:
        sys.stdout.write(f"{table()}\n")


if __name__ == "__main__":
    main()
