"""One entry or one document, whole: lines, what settled it, every entry it made.

Here belongs: questions about a single entry or source document. Not here: lists of
lines (account_lines.py), open documents by age (aging.py).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.app.books.answers import Ask, rows_of
from orchestration.books import TABLES, Basis

if TYPE_CHECKING:
    import pandas as pd

ENTRY = """
select
    entries.entry_id, entries.entry_date, entries.entry_type, entries.source_entity,
    entries.source_id, entries.source_number, entries.memo, entries.total,
    entries.currency, entries.revision, entries.is_locked, entries.reason,
    entries.adjusts_period, parties.display_name as party_name
from journal_entries as entries
left join parties using (org_id, party_id)
where entries.entry_id = ?
"""
ENTRY_LINES = """
select
    lines.account_number, lines.account_name, lines.description,
    parties.display_name as party_name, lines.debit, lines.credit, lines.category_source
from {book} as lines
left join parties using (org_id, party_id)
where lines.entry_id = ?
order by lines.line_no, lines.line_id
"""
ENTRIES = """
select
    entry_id, entry_date, entry_type, source_number, memo, total, reason
from journal_entries
where
    (source_entity = ? and source_id = ?)
    or entry_id in (
        select entry_id from journal_lines where document_type = ? and document_id = ?
    )
order by entry_date, entry_id
"""
DOCUMENTS = """
select
    'bill' as document_type, bill_id as document_id, party_id, number,
    bill_date as date, due_date, currency, amount, amount_home, open_home,
    status, approval, not_posted_reason, flags
from bills
union all
select
    'invoice', invoice_id, party_id, number, invoice_date, due_date, currency, amount,
    amount_home, open_home, status, null, not_posted_reason, flags
from invoices
union all
select
    case when direction = 'ap' then 'payment' else 'receipt' end, payment_id, party_id,
    number, date, null, currency, amount_local, amount_home, unapplied_home, state,
    method, not_posted_reason, flags
from payments
"""
DOCUMENT = f"""
select documents.*, parties.display_name as party_name
from ({DOCUMENTS}) as documents
left join parties using (party_id)
where document_type = ? and document_id = ?
"""
CREDIT = """
select
    min(entries.source_number) as number, min(entries.entry_date) as date,
    min(entries.currency) as currency, max(entries.total) as amount,
    max(entries.total) as amount_home, min(parties.display_name) as party_name
from journal_entries as entries
left join parties using (org_id, party_id)
where
    entries.source_entity = ? and entries.source_id = ?
    and entries.entry_type = entries.source_entity
having count(*) > 0
"""
"""Vendor credits and credit memos have no table of their own."""
DOCUMENT_LINES = """
select
    description, account_number, account_name, currency, amount, amount_home,
    decided_by, explanation
from category_predictions
where source_entity = ? and document_id = ?
order by line_id
"""
APPLICATIONS = f"""
with numbered as (select document_type, document_id, number from ({DOCUMENTS})),

both_ways as (
    select
        date, kind, from_type as document_type, from_id as document_id, amount_home
    from payment_applications
    where to_type = ? and to_id = ?
    union all
    select date, kind, to_type, to_id, amount_home
    from payment_applications
    where from_type = ? and from_id = ? and (from_type, from_id) <> (to_type, to_id)
)

select
    both_ways.date, both_ways.kind, both_ways.document_type, numbered.number,
    both_ways.amount_home, both_ways.document_id
from both_ways
left join numbered using (document_type, document_id)
order by both_ways.date, both_ways.document_id, both_ways.kind
"""
KINDS = ("bill", "vendor_credit", "payment", "invoice", "credit_memo", "receipt")
"""Documents of BILL that a page can show; transfers and manual entries have none."""


@dataclass(frozen=True)
class Document:
    """A source document by its kind and BILL's id."""

    kind: str
    id: str

    @property
    def _key(self) -> list[str]:
        return [self.kind, self.id]

    def facts(self, ask: Ask) -> dict[str, Any]:
        """Return what is known of the document as a whole; empty where nothing is."""
        rows = rows_of(ask(DOCUMENT, self._key)) or rows_of(ask(CREDIT, self._key))
        return rows[0] if rows else {}

    def lines(self, ask: Ask) -> "pd.DataFrame":
        """Return the document's lines with the account of each and who chose it."""
        return ask(DOCUMENT_LINES, self._key)

    def applications(self, ask: Ask) -> "pd.DataFrame":
        """Return what settled the document, and what it settled; voids negative."""
        return ask(APPLICATIONS, [*self._key, *self._key])

    def entries(self, ask: Ask) -> "pd.DataFrame":
        """Return every entry made for the document or that touches its open item."""
        return ask(ENTRIES, [*self._key, *self._key])


def entry(ask: Ask, entry_id: str) -> dict[str, Any]:
    """Return one entry's facts; empty where there is none."""
    rows = rows_of(ask(ENTRY, [entry_id]))
    return rows[0] if rows else {}


def entry_lines(ask: Ask, entry_id: str, basis: Basis) -> "pd.DataFrame":
    """Return one entry's lines in one book."""
    return ask(ENTRY_LINES.format(book=TABLES[basis]), [entry_id])


def source_of(facts: dict[str, Any]) -> Document | None:
    """Return the document an entry comes from, where a page can show it."""
    kind = str(facts.get("source_entity"))
    return Document(kind, str(facts["source_id"])) if kind in KINDS else None
