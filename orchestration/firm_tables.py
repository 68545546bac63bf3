"""The tables of the firm view: their columns, and what each ledger gives to them.

Here belongs: names, comments and the question to one published ledger per table. Not
here: going from ledger to ledger, swapping the file (firm.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA_VERSION = "1"
HEALTH_COLUMNS = {
    "connection": ("VARCHAR", "The connection's name."),
    "org_id": ("VARCHAR", "The BILL organization."),
    "state": ("VARCHAR", "connected, syncing, needs_reconnection, paused or error."),
    "cause": ("VARCHAR", "Why; empty where all is well."),
    "since": ("TIMESTAMPTZ", "Since when it is so."),
    "last_success": ("TIMESTAMPTZ", "When a run last ended well."),
    "next_action": ("VARCHAR", "What to do next."),
    "as_of": ("TIMESTAMPTZ", "The instant its published ledger is as of."),
    "built_at": ("TIMESTAMPTZ", "When its published ledger was built."),
    "last_run_status": ("VARCHAR", "How the newest run ended: success or failure."),
    "last_run_at": ("TIMESTAMPTZ", "When the newest run ended."),
    "api_calls_24h": ("BIGINT", "Requests to BILL of the runs of the last 24 hours."),
    "home_currency": ("VARCHAR", "The currency of all its amounts here."),
    "problem": (
        "VARCHAR",
        "Why its ledger could not be read now; its rows are those read before, if any.",
    ),
    "ledger_stamp": ("VARCHAR", "Which published file its rows come from."),
}
HEALTH = "connections"
HEALTH_COMMENT = "A connection: how it is, and how fresh its ledger."


@dataclass(frozen=True)
class Table:
    """A table with rows of every connection.

    ``query`` is asked of one ledger; it returns the columns after ``connection``.
    """

    comment: str
    columns: Mapping[str, tuple[str, str]]
    query: str


OF_EACH = {
    "connection": ("VARCHAR", "The connection's name."),
    "org_id": ("VARCHAR", "The BILL organization."),
}
OPEN_ITEMS = """
select org_id, 'payable', bucket, count(*), sum(open_home), max(as_of)
from source.main.ap_aging
where as_of = (select max(as_of) from source.main.ap_aging)
group by all
union all
select org_id, 'receivable', bucket, count(*), sum(open_home), max(as_of)
from source.main.ar_aging
where as_of = (select max(as_of) from source.main.ar_aging)
group by all
"""
SPEND = """
select
    org_id,
    date_trunc('month', entry_date),
    account_number,
    any_value(account_name),
    any_value(account_type),
    sum(amount)
from source.main.journal_lines
where account_type in ('expense', 'cogs')
group by all
having sum(amount) <> 0
"""
COVERAGE = """
select
    org_id,
    element,
    source_entity,
    synced,
    records_in_source,
    loaded,
    posted,
    not_posted,
    last_synced_at
from source.main.sync_matrix
"""
CATEGORIES = """
select
    org_id,
    case
        when account_number in ('6999', '4999') then 'uncategorized'
        else coalesce(category_source, 'system')
    end,
    count(*),
    sum(abs(amount_home))
from source.main.category_predictions
group by all
"""
FINDINGS = """
select org_id, check_name, severity, count(*), min(first_seen)
from source.main.data_quality
where resolved_at is null
group by all
"""
TABLES = {
    "open_items": Table(
        "What is owed and owing by days past due, as of each ledger's newest day.",
        {
            **OF_EACH,
            "side": ("VARCHAR", "payable or receivable."),
            "bucket": ("VARCHAR", "Days past due, as in ap_aging and ar_aging."),
            "documents": ("BIGINT", "How many documents."),
            "open_home": ("DECIMAL(38, 2)", "What is open, in the home currency."),
            "as_of": ("DATE", "The day."),
        },
        OPEN_ITEMS,
    ),
    "spend": Table(
        "What a month cost, by account, as billed (accrual).",
        {
            **OF_EACH,
            "month": ("DATE", "The first day of the month."),
            "account_number": ("VARCHAR", "The account."),
            "account_name": ("VARCHAR", "Its name."),
            "account_type": ("VARCHAR", "expense or cogs."),
            "amount": ("DECIMAL(38, 2)", "Debits less credits, home currency."),
        },
        SPEND,
    ),
    "coverage": Table(
        "One of BILL's lists: how much of it is in the ledger.",
        {
            **OF_EACH,
            "element": ("VARCHAR", "The list, or part of BILL."),
            "source_entity": ("VARCHAR", "What the ledger calls one of its records."),
            "synced": ("VARCHAR", "Whether it is synced."),
            "records_in_source": ("BIGINT", "Records in BILL."),
            "loaded": ("BIGINT", "Records loaded."),
            "posted": ("BIGINT", "Records posted."),
            "not_posted": ("BIGINT", "Records not posted; posting_status has why."),
            "last_synced_at": ("TIMESTAMPTZ", "When the list was last read."),
        },
        COVERAGE,
    ),
    "categories": Table(
        "Lines by who decided their account.",
        {
            **OF_EACH,
            "decided_by": ("VARCHAR", "Who; uncategorized lines wait for a person."),
            "lines": ("BIGINT", "How many lines."),
            "amount_home": ("DECIMAL(38, 2)", "Their absolute amount, home currency."),
        },
        CATEGORIES,
    ),
    "findings": Table(
        "Open rows of data_quality, counted.",
        {
            **OF_EACH,
            "check_name": ("VARCHAR", "The check."),
            "severity": ("VARCHAR", "error, warn or info."),
            "findings": ("BIGINT", "How many are open."),
            "first_seen": ("TIMESTAMPTZ", "Since when the oldest is."),
        },
        FINDINGS,
    ),
}
META_COLUMNS = {
    "key": ("VARCHAR", "schema_version or built_at."),
    "value": ("VARCHAR", "The value, as text."),
}
