"""The kinds of decision people may add, as a table of data.

Here belongs: each kind's columns, what it is about, which checks it has. Not here: the
checks of one cell (decision_cells.py) or of several (decision_rules.py), files
(decisions.py).
"""

from dataclasses import dataclass

from orchestration import decision_cells as cells
from orchestration import decision_rules as rules
from orchestration.failures import UsageError

DATE = "DATE"
MONEY = "DECIMAL(18, 2)"
INSTANT = "TIMESTAMPTZ"


@dataclass(frozen=True)
class Column:
    """One CSV column of a decision kind, and its type in the warehouse."""

    name: str
    check: cells.Check = cells.text
    type: str = "VARCHAR"
    is_required: bool = False
    is_later: bool = False
    """Added after decisions were stored: left out of them while it is empty, so that
    what was said before is still the same."""


@dataclass(frozen=True)
class Kind:
    """A kind of decision.

    Attributes:
        name: The word for it, also its table in the warehouse.
        columns: The CSV columns in the documented order.
        target: The columns that say what a decision is about.
        moment: The column with the instant from which it counts.
        complete: Checks a row as a whole and fills in what follows from the rest.
        ends: Whether a newer row takes an older one back; else the same target does.
        check_group: Checks the rows that are one decision together. A kind that has
            it keeps all rows of one target and moment as one decision.
        check_order: Checks new decisions together with those already stored.
    """

    name: str
    columns: tuple[Column, ...]
    target: tuple[str, ...]
    moment: str = "effective_at"
    complete: rules.Complete = rules.as_it_stands
    ends: rules.Ends | None = None
    check_group: rules.CheckGroup | None = None
    check_order: rules.CheckOrder | None = None

    @property
    def header(self) -> list[str]:
        """The CSV header, in the documented order."""
        return [column.name for column in self.columns]


def _needed(
    name: str, check: cells.Check = cells.text, type_: str = "VARCHAR"
) -> Column:
    return Column(name, check, type_, is_required=True)


LINE_DOCUMENTS = ("bill", "vendor_credit", "invoice", "credit_memo")
SETTLED = cells.one_of(*LINE_DOCUMENTS)
EXCLUDED = cells.one_of(
    *LINE_DOCUMENTS, "payment", "receipt", receivable_payment="receipt"
)
PARTY = cells.one_of("vendor", "customer")
EFFECTIVE = Column("effective_at", cells.instant, INSTANT)
NOTE = Column("note")
WITHDRAWN = Column("withdrawn", cells.true_or_false, "BOOLEAN", is_later=True)
"""True takes back what was said about the same before, and says nothing instead."""
WHY = Column("note", is_later=True)
WHO = Column("decided_by", is_later=True)
"""Who says so; the review app fills it in."""
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "category_overrides",
            (
                _needed("source_entity", cells.one_of(*LINE_DOCUMENTS)),
                _needed("document_id"),
                Column("line_id"),
                _needed("account_number", cells.category),
                EFFECTIVE,
                NOTE,
                WITHDRAWN,
                WHO,
            ),
            ("source_entity", "document_id", "line_id"),
        ),
        Kind(
            "category_rules",
            (
                _needed("rule_id"),
                _needed("priority", cells.whole_number, "INTEGER"),
                Column("party_id"),
                Column("party_name"),
                Column("text_contains"),
                Column("min_amount", cells.money, MONEY),
                Column("max_amount", cells.money, MONEY),
                Column("direction", cells.one_of("ap", "ar")),
                _needed("account_number", cells.category),
                EFFECTIVE,
                NOTE,
                WITHDRAWN,
                WHO,
            ),
            ("rule_id",),
        ),
        Kind(
            "settlement_overrides",
            (
                _needed("source_entity", SETTLED),
                _needed("document_id"),
                _needed("settlement_date", cells.day, DATE),
                _needed("amount", cells.money_not_negative, MONEY),
                _needed("kind", cells.one_of("writeoff", "settled_outside")),
                Column("account_number", cells.settlement_account),
                EFFECTIVE,
            ),
            ("source_entity", "document_id", "settlement_date", "kind"),
            complete=rules.settlement,
        ),
        Kind(
            "period_locks",
            (
                _needed("lock_date", cells.day, DATE),
                Column("locked_at", cells.instant, INSTANT),
                _needed("locked_by"),
                Column("reopened", cells.true_or_false, "BOOLEAN"),
            ),
            ("lock_date",),
            moment="locked_at",
            complete=rules.lock,
            ends=rules.lock_ends,
            check_order=rules.check_locks,
        ),
        Kind(
            "party_overrides",
            (
                _needed("action", cells.one_of("merge", "split", "rename")),
                _needed("source_entity", PARTY),
                _needed("source_id"),
                Column("into_entity", PARTY),
                Column("into_id"),
                Column("name"),
                EFFECTIVE,
                WHY,
                WHO,
            ),
            ("source_entity", "source_id", "into_entity", "into_id"),
            complete=rules.party,
            ends=rules.party_ends,
        ),
        Kind(
            "exclusions",
            (
                _needed("source_entity", EXCLUDED),
                _needed("document_id"),
                _needed("reason"),
                EFFECTIVE,
                WITHDRAWN,
                WHO,
            ),
            ("source_entity", "document_id"),
        ),
        Kind(
            "manual_entries",
            (
                _needed("entry_id"),
                _needed("entry_date", cells.day, DATE),
                _needed("account_number", cells.ledger_account),
                Column("party_id"),
                Column("document_id"),
                Column("debit", cells.one_side, MONEY),
                Column("credit", cells.one_side, MONEY),
                Column("memo"),
                EFFECTIVE,
            ),
            ("entry_id",),
            complete=rules.entry_line,
            check_group=rules.check_entry,
        ),
        Kind(
            "bank_account_map",
            (
                _needed(
                    "source_entity",
                    cells.one_of("bank_account", "card_account", "chart_of_account"),
                ),
                _needed("source_id"),
                _needed("account_number", cells.bank_account),
                EFFECTIVE,
            ),
            ("source_entity", "source_id"),
        ),
        Kind(
            "bank_transactions",
            (
                _needed("transaction_id"),
                _needed("booked_on", cells.day, DATE),
                _needed("account_number", cells.bank_account),
                _needed("amount", cells.money, MONEY),
                Column("description"),
                EFFECTIVE,
            ),
            ("transaction_id",),
        ),
    )
}


def kind_named(name: str) -> Kind:
    """Return a kind of decision.

    Raises:
        UsageError: There is none of that name.
    """
    if name not in KINDS:
        known = ", ".join(KINDS)
        raise UsageError(f"Unknown kind of decision {name!r}. There are: {known}.")
    return KINDS[name]
