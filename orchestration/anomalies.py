"""What is possible and yet unusual in a ledger: questions that warn a person.

Here belongs: volume, amounts, share uncategorized, old clearing items, what is drawn
for Dagster's pages. Not here: what must never be (dbt tests), what BILL answered
(checks.py).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

VOLUME = """
with months as (
    select date_trunc('month', entry_date) as month, count(*) as entries
    from ledger.journal_entries
    where entry_date < date_trunc('month', cast(? as date))
    group by all
),

usual as (
    select month, entries,
        median(entries) over (
            order by month rows between 6 preceding and 1 preceding
        ) as middle,
        row_number() over (order by month) as nth
    from months
)

select
    strftime(month, '%Y-%m') || ': ' || entries || ' entries, usually '
    || cast(middle as integer)
from usual
where month = date_trunc('month', cast(? as date)) - interval 1 month
    and nth > 6 and middle >= 20
    and (entries * 4 < middle or entries > middle * 4)
"""
AMOUNTS = """
with known as (
    select bill_id, party_id, amount_home, bill_date,
        max(amount_home) over earlier as largest,
        count(*) over earlier as bills_before
    from ledger.bills
    where posted
    window earlier as (
        partition by party_id order by bill_date, bill_id
        rows between unbounded preceding and 1 preceding
    )
)

select bill_id || ': ' || amount_home || ', the largest before was ' || largest
from known
where bills_before >= 3 and amount_home > 1000 and amount_home > largest * 10
    and bill_date between cast(? as date) - 30 and cast(? as date)
order by bill_id
"""
UNCATEGORIZED = """
with recent as (
    select
        sum(abs(amount_home)) as everything,
        coalesce(sum(abs(amount_home)) filter (
            where account_number in ('4999', '6999')
        ), 0) as doubtful
    from ledger.category_predictions
    where document_date between cast(? as date) - 90 and cast(? as date)
)

select doubtful || ' of ' || everything || ' in the last 90 days'
from recent
where doubtful * 5 > everything
"""
CLEARING = """
select account_number || ' ' || document_id || ': ' || amount || ' for '
    || age_days || ' days'
from ledger.clearing_items
where is_open and age_days > 10 and cast(? as date) = cast(? as date)
order by age_days desc, document_id
"""
ANOMALIES: Mapping[str, tuple[str, str]] = {
    "a_month_is_as_busy_as_usual": (
        "Last month has a quarter to four times the entries of the months before.",
        VOLUME,
    ),
    "no_bill_is_out_of_line": (
        "No bill of the last 30 days is more than ten times its vendor's largest.",
        AMOUNTS,
    ),
    "most_money_is_categorized": (
        "At most a fifth of the last 90 days' amounts waits on 4999 and 6999.",
        UNCATEGORIZED,
    ),
    "clearing_accounts_are_settled": (
        "Nothing is between BILL and the bank for more than ten days.",
        CLEARING,
    ),
}
ENTRIES_BY_MONTH = """
select strftime(entry_date, '%Y-%m'), count(*)
from ledger.journal_entries group by 1 order by 1
"""
OPEN_BY_AGE = """
select bucket, sum(open_home) from ledger.{table}
where as_of = (select max(as_of) from ledger.{table})
group by 1
order by min(coalesce(days_past_due, 999999))
"""


def anomalies(
    connection: "duckdb.DuckDBPyConnection", today: str
) -> Mapping[str, list[str]]:
    """Return what each question found in the ledger as of a day; mostly nothing."""
    return {
        name: [row[0] for row in connection.execute(query, [today, today]).fetchall()]
        for name, (_, query) in ANOMALIES.items()
    }


def pictured(
    connection: "duckdb.DuckDBPyConnection",
) -> Mapping[str, Mapping[str, Decimal]]:
    """Return what is drawn, by title: labels and values."""
    questions = {
        "Entries by month": ENTRIES_BY_MONTH,
        "Open bills by days past due": OPEN_BY_AGE.format(table="ap_aging"),
        "Open invoices by days past due": OPEN_BY_AGE.format(table="ar_aging"),
    }
    return {
        title: {
            str(label): Decimal(value)
            for label, value in connection.execute(query).fetchall()
        }
        for title, query in questions.items()
    }
