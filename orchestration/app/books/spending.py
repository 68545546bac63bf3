"""What was bought from whom, and where the cash went.

Here belongs: vendors by spend, 1099 payments, spend over time, cash by account and
month. Not here: statements (statements.py), open items (aging.py).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from orchestration.app.books.answers import NOTHING, Ask, rows_of, total
from orchestration.books import Basis

if TYPE_CHECKING:
    import pandas as pd

BURN_MONTHS = 3
VENDORS = """
select
    party_id, coalesce(max(party_name), 'No party') as party_name,
    cast(sum(accrual_amount) as decimal(18, 2)) as billed,
    cast(sum(cash_amount) as decimal(18, 2)) as paid,
    cast(sum(n_bills) as bigint) as bills,
    bool_or(is_1099) as is_1099,
    min(first_bill) as first_bill
from vendor_spend
where month between ? and ? and (? = '' or contains(lower(party_name), ?))
group by party_id
having billed <> 0 or paid <> 0
order by {amount} desc, party_name, party_id
"""
VENDOR = """
select
    month, account_number, account_name,
    cast(sum(accrual_amount) as decimal(18, 2)) as billed,
    cast(sum(cash_amount) as decimal(18, 2)) as paid,
    cast(sum(n_bills) as bigint) as bills
from vendor_spend
where party_id is not distinct from ? and month between ? and ?
group by month, account_number, account_name
order by month, account_number
"""
PAID_1099 = """
select
    party_id, max(party_name) as party_name,
    cast(sum(cash_amount) as decimal(18, 2)) as paid
from vendor_spend
where is_1099 and year(month) = ?
group by party_id
having paid <> 0
order by paid desc, party_name, party_id
"""
OVER_TIME = """
select
    month, statement_line, cast(sum(amount) as decimal(18, 2)) as amount
from profit_and_loss
where
    basis = ? and month between ? and ?
    and account_type in ('cogs', 'expense', 'other_expense')
group by month, statement_line
having sum(amount) <> 0
order by month, statement_line
"""
CASH = """
with activity as (
    select
        month, account_number, account_name,
        cast(sum(payments) as decimal(18, 2)) as payments,
        cast(sum(receipts) as decimal(18, 2)) as receipts,
        cast(sum(refunds) as decimal(18, 2)) as refunds,
        cast(sum(transfers) as decimal(18, 2)) as transfers,
        cast(sum(net) as decimal(18, 2)) as net,
        min(closing_balance) as closing
    from cash_activity
    where month between ? and ?
    group by month, account_number, account_name
)

select activity.*, accounts.account_subtype
from activity
left join accounts using (account_number)
where payments <> 0 or receipts <> 0 or refunds <> 0 or transfers <> 0 or closing <> 0
order by month, account_number
"""


def vendors(
    ask: Ask, basis: Basis, first: date, last: date, words: str = ""
) -> "pd.DataFrame":
    """Return each vendor's spend, billed and paid; the largest in a book first."""
    looked_for = words.strip().lower()
    query = VENDORS.format(amount="billed" if basis == "accrual" else "paid")
    return ask(query, [first, last, looked_for, looked_for])


def vendor(ask: Ask, party_id: str | None, first: date, last: date) -> "pd.DataFrame":
    """Return one vendor's spend by month and account."""
    return ask(VENDOR, [party_id, first, last])


def paid_1099(ask: Ask, year: int) -> "pd.DataFrame":
    """Return what was paid in a calendar year to vendors that BILL tracks for 1099."""
    return ask(PAID_1099, [year])


def over_time(ask: Ask, basis: Basis, first: date, last: date) -> "pd.DataFrame":
    """Return cost by month and statement line."""
    return ask(OVER_TIME, [basis, first, last])


def cash(ask: Ask, first: date, last: date) -> "pd.DataFrame":
    """Return by month what moved on bank and clearing accounts, and what is left."""
    return ask(CASH, [first, last])


class Burn(NamedTuple):
    """What moved on all bank accounts in a month, and what they held at its end."""

    month: date
    net: Decimal
    closing: Decimal


def burn(cash: "pd.DataFrame") -> list[Burn]:
    """Return the bank accounts' months from what `cash` said; clearing left out."""
    months: dict[date, list[dict[str, Any]]] = {}
    for row in rows_of(cash):
        if row["account_subtype"] == "bank":
            months.setdefault(row["month"], []).append(row)
    return [
        Burn(month, total(r["net"] for r in rows), total(r["closing"] for r in rows))
        for month, rows in sorted(months.items())
    ]


def monthly_burn(months: Sequence[Burn]) -> Decimal:
    """Return what the last months used up a month on average; a gain is negative."""
    last = months[-BURN_MONTHS:]
    mean = -total(month.net for month in last) / max(len(last), 1)
    return mean.quantize(NOTHING)
