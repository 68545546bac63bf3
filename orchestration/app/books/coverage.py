"""What is in the books and what is not: lists, documents, differences, changes.

Here belongs: the questions of the page about coverage. Not here: how each table comes
about (dbt_project), single documents (documents.py).
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from orchestration.app.books.answers import Ask, rows_of
from orchestration.app.books.documents import DOCUMENTS

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_000
"""Single documents or changes to a table; a file of a query has them all."""
WAITS = "waits for a person"
MATRIX = """
with sums as (
    select source_entity, cast(sum(total) as decimal(18, 2)) as posted_amount
    from journal_entries
    where entry_type = source_entity or entry_type = 'fee'
    group by source_entity
)

select
    element, synced, records_in_source, loaded, posted, sums.posted_amount, not_posted,
    array_to_string(not_posted_by_reason, ', ') as reasons, waiting_in_quarantine,
    deleted_in_source, last_synced_at, note
from sync_matrix
left join sums using (source_entity)
order by synced = 'no', sums.posted_amount is null, loaded = 0, element
"""
NOT_POSTED = f"""
with refused as (
    select distinct source_entity as document_type, source_id as document_id, reason
    from posting_status
    where not posted and reason <> 'reference_data'
)

select refused.*, number, party_id, date, currency, amount
from refused
left join ({DOCUMENTS}) as documents using (document_type, document_id)
"""
REASONS = f"""
select
    document_type, reason, count(*) as documents, currency,
    cast(sum(amount) as decimal(18, 2)) as amount
from ({NOT_POSTED}) as refused
group by document_type, reason, currency
order by documents desc, document_type, reason, currency
"""
REFUSED = f"""
select
    document_type, number, parties.display_name as party_name, date, currency, amount,
    reason, document_id
from ({NOT_POSTED}) as refused
left join parties using (party_id)
where ? = '' or reason = ?
order by date desc nulls last, document_type, document_id
limit {MOST_ROWS}
"""
CAUSES = """
select
    grain, cause, currency, count(*) as items,
    cast(sum(ledger_open) as decimal(18, 2)) as ledger_open,
    cast(sum(source_due) as decimal(18, 2)) as source_due,
    cast(sum(unexplained) as decimal(18, 2)) as unexplained
from reconciliation
group by grain, cause, currency
order by sum(abs(unexplained)) desc, cause = 'agrees', grain, items desc, cause
"""
DIFFERENCES = f"""
select
    items.grain, items.document_type, documents.number,
    parties.display_name as party_name, items.currency, items.ledger_open,
    items.source_due, items.unexplained, items.cause, items.document_id
from reconciliation as items
left join ({DOCUMENTS}) as documents using (document_type, document_id)
left join parties on items.org_id = parties.org_id
    and items.party_id = parties.party_id
where items.unexplained <> 0
order by abs(items.unexplained) desc, items.document_id
limit {MOST_ROWS}
"""
CLEARING = f"""
select
    items.account_number, items.document_type, documents.number,
    parties.display_name as party_name, items.cause, items.amount, items.age_days,
    items.since, items.document_id
from clearing_items as items
left join ({DOCUMENTS}) as documents using (document_type, document_id)
left join parties on documents.party_id = parties.party_id
where items.is_open
order by items.account_number, items.age_days desc, items.document_id
"""
FINDINGS = """
select check_name, severity, count(*) as findings, min(first_seen) as first_seen
from data_quality
where resolved_at is null
group by check_name, severity
order by severity, findings desc, check_name
"""
FINDING = f"""
select
    findings.severity, document_type, number, findings.message, findings.first_seen,
    document_id
from data_quality as findings
left join ({DOCUMENTS}) as documents using (document_type, document_id)
where resolved_at is null and check_name = ?
order by findings.first_seen desc, document_id
limit {MOST_ROWS}
"""
CLOSED = """
select lock_date, locked_at from lock_balances order by locked_at desc limit 1
"""
SINCE = f"""
select
    changes.changed_at, changes.change, changes.cause, changes.entry_date,
    entries.entry_type, entries.source_number, parties.display_name as party_name,
    entries.total, changes.entry_id
from ledger_changes as changes
left join journal_entries as entries using (org_id, entry_id)
left join parties on entries.org_id = parties.org_id
    and entries.party_id = parties.party_id
where changes.changed_at > ? and changes.cause <> 'first_import'
order by changes.changed_at desc, changes.entry_id
limit {MOST_ROWS}
"""
SINCE_SUMMED = """
select change, cause, count(*) as entries
from ledger_changes
where changed_at > ? and cause <> 'first_import'
group by change, cause
order by entries desc, change, cause
"""
MOVED = """
select basis, account_number, balance, balance_now, difference
from lock_balances
where lock_date = ? and locked_at = ? and difference <> 0
order by basis, account_number
"""
DECIDED = f"""
select
    case
        when account_number in ('6999', '4999') then '{WAITS}'
        else coalesce(category_source, 'system')
    end as decided_by,
    count(*) as lines,
    cast(sum(abs(amount_home)) as decimal(18, 2)) as amount
from category_predictions
group by 1
order by lines desc, decided_by
"""
ACCURACY = """
select month, lines, answered_lines, coverage, reviewed_lines, kept_lines,
    reached_precision
from category_accuracy
order by month
"""
ALWAYS = datetime.min.replace(tzinfo=UTC)


class Close(NamedTuple):
    """The last close: up to which day, and when."""

    lock_date: date
    locked_at: datetime


def matrix(ask: Ask) -> "pd.DataFrame":
    """Return each of BILL's lists: records there, loaded, posted, what they sum to."""
    return ask(MATRIX)


def not_posted(ask: Ask) -> "pd.DataFrame":
    """Return how many documents post nothing, by kind, reason and currency."""
    return ask(REASONS)


def refused(ask: Ask, reason: str = "") -> "pd.DataFrame":
    """Return the documents that post nothing, for one reason or for any."""
    return ask(REFUSED, [reason, reason])


def causes(ask: Ask) -> "pd.DataFrame":
    """Return how ledger and BILL compare, by cause of the difference."""
    return ask(CAUSES)


def differences(ask: Ask) -> "pd.DataFrame":
    """Return what is open otherwise than BILL's figures explain, the largest first."""
    return ask(DIFFERENCES)


def clearing(ask: Ask) -> "pd.DataFrame":
    """Return what stands on clearing accounts, since when and why."""
    return ask(CLEARING)


def findings(ask: Ask) -> "pd.DataFrame":
    """Return the open findings by check."""
    return ask(FINDINGS)


def findings_of(ask: Ask, check_name: str) -> "pd.DataFrame":
    """Return a check's open findings, the newest first."""
    return ask(FINDING, [check_name])


def last_close(ask: Ask) -> Close | None:
    """Return the last close, where there was one."""
    rows = rows_of(ask(CLOSED))
    return Close(**rows[0]) if rows else None


def changes(ask: Ask, close: Close | None) -> "pd.DataFrame":
    """Return how many entries changed since a close, or ever since the first import."""
    return ask(SINCE_SUMMED, [close.locked_at if close else ALWAYS])


def changed(ask: Ask, close: Close | None) -> "pd.DataFrame":
    """Return those entries, the newest first."""
    return ask(SINCE, [close.locked_at if close else ALWAYS])


def moved(ask: Ask, close: Close) -> "pd.DataFrame":
    """Return the balances that are not what they were at a close."""
    return ask(MOVED, [*close])


def decided(ask: Ask) -> "pd.DataFrame":
    """Return lines and amounts by who decided their account."""
    return ask(DECIDED)


def accuracy(ask: Ask) -> "pd.DataFrame":
    """Return by month how much the categorizer answered, and how much was kept."""
    return ask(ACCURACY)
