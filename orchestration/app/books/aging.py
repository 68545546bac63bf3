"""Who is owed what, and who owes us, by age, at the end of any day.

Here belongs: open items by party and bucket, and the documents of a party. Not here:
one document (documents.py), the macros (dbt_project/published_macros.sql).
"""

from datetime import date
from typing import TYPE_CHECKING, Literal

from orchestration.app.books.answers import Ask
from orchestration.app.books.documents import DOCUMENTS

if TYPE_CHECKING:
    import pandas as pd

Side = Literal["payable", "receivable"]
MACROS = {"payable": "ap_aging_asof", "receivable": "ar_aging_asof"}
BUCKETS = ("current", "1-30", "31-60", "61-90", "over 90", "unapplied")
SUMS = ",\n    ".join(
    "cast(coalesce(sum(open_home) filter"
    f" (where bucket = '{bucket}'), 0) as decimal(18, 2)) as \"{bucket}\""
    for bucket in BUCKETS
)
BY_PARTY = f"""
select
    party_id,
    coalesce(max(parties.display_name), 'No party') as party_name,
    {SUMS},
    cast(sum(open_home) as decimal(18, 2)) as total
from {{macro}}(?) as items
left join parties using (org_id, party_id)
group by party_id
order by total desc, party_name, party_id
"""
OF_PARTY = f"""
select
    items.document_type, documents.number, documents.date, items.due_date,
    items.days_past_due, items.bucket, items.open_home, documents.amount_home,
    items.document_id
from {{macro}}(?) as items
left join ({DOCUMENTS}) as documents using (document_type, document_id)
where items.party_id is not distinct from ?
order by items.due_date nulls last, documents.date, items.document_id
"""


def by_party(ask: Ask, side: Side, as_of: date) -> "pd.DataFrame":
    """Return a row per party with a column per bucket, the largest first."""
    return ask(BY_PARTY.format(macro=MACROS[side]), [as_of])


def of_party(ask: Ask, side: Side, as_of: date, party_id: str | None) -> "pd.DataFrame":
    """Return a party's open documents, oldest due first."""
    return ask(OF_PARTY.format(macro=MACROS[side]), [as_of, party_id])
