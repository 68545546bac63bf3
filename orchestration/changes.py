"""What changed in the ledger from one published state to the next, and why.

Here belongs: comparing entries with their last recorded state, the log of changes,
revisions. Not here: what an entry is (dbt_project), publishing (publish.py).

The log lives in the warehouse's schema history and in exports/, which makes it again.
Played from its first row, it gives the ledger.
"""

import contextlib
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.views import escaped

if TYPE_CHECKING:
    import duckdb

NAME = "ledger_changes"
LOG = f"history.{NAME}"
COMMENT = (
    "What each run changed in the ledger: entries that are new, restated, removed or"
    " adjusting. Played from the first row, it gives the ledger."
)
COLUMNS = {
    "org_id": ("VARCHAR", "The BILL organization."),
    "run_id": ("VARCHAR", "The run that changed it; see sync_runs."),
    "entry_id": ("VARCHAR", "The journal entry."),
    "entry_key": ("VARCHAR", "The entry's readable key."),
    "change": ("VARCHAR", "new, restated, removed or adjusting."),
    "cause": (
        "VARCHAR",
        (
            "Why: first_import, new, amount_changed, recategorized, redated,"
            " party_changed, dimensions_changed, details_changed, a reason of"
            " posting_status or of the adjusting entry."
        ),
    ),
    "before": ("VARCHAR", "Its lines before as JSON, both books; NULL where new."),
    "after": ("VARCHAR", "Its lines after as JSON; NULL where removed."),
    "revision": ("INTEGER", "How many contents the entry has had, this one included."),
    "entry_date": ("DATE", "The entry's date after the change, else before it."),
    "changed_at": ("TIMESTAMPTZ", "The instant as of which the run counts."),
}
STATES = "history.entry_contents"
"""Of each entry that was ever logged, what stands for its lines and its revision.

NULL stands for an entry that was removed. Made again from the log where it is not of it
(an older export, an older release); then nothing is known of lines: every entry is
looked at. Another `CONTENT` or hash needs another name here, so that this happens.
"""
CONTENT = {
    "basis": "basis",
    "date": "entry_date",
    "account": "account_number",
    "party": "source_party_id",
    "document_type": "document_type",
    "document": "document_id",
    "debit": "debit",
    "credit": "credit",
    "description": "description",
    "class": "class_id",
    "department": "department_id",
    "location": "location_id",
    "job": "job_id",
    "item": "item_id",
    "local_amount": "local_amount",
    "local_currency": "local_currency",
    "fx_rate": "fx_rate",
    "category_source": "category_source",
}
"""What of a line is an entry's content, as the log names it, with the line's column.

Not the party and names, which are today's everywhere; not ids and roles, which follow
from the rest or are BILL's numbers of lines, given anew when somebody saves a bill; not
the confidence of a model, which moves without anything being posted differently.
"""
DECIMALS = {"debit", "credit", "local_amount", "fx_rate"}
"""Written as text, so that no reader of JSON makes a float of them."""
ADDED = "local_currency"
"""In each line of the log, but where an older release wrote it."""
FORMER = list(CONTENT)[:9]
"""What such a release wrote of a line."""
MAKE = (
    "create schema if not exists history;"
    " drop table if exists history.entry_states;"
    f" create table if not exists {LOG}"
    f" ({', '.join(f'{name} {kind}' for name, (kind, _) in COLUMNS.items())});"
    f" create table if not exists {STATES}"
    " (org_id varchar, entry_id varchar, lines hugeint, revision integer)"
)
IS_OF_LOG = f"""
select
    (select count(*) from {LOG})
    = (select coalesce(sum(revision), 0) from {STATES})
"""
NEWEST = """
qualify row_number() over (
    partition by org_id, entry_id order by changed_at desc, revision desc
) = 1
"""
STATES_OF_LOG = f"""
create or replace table {STATES} as
select
    org_id,
    entry_id,
    case when after is not null then cast(-1 as hugeint) end as lines,
    revision
from {LOG}
{NEWEST}
"""
LINES = """
    select 'accrual' as basis, * from ledger.journal_lines
    union all
    select 'cash' as basis, * from ledger.journal_lines_cash
"""
STATES_NOW = f"""
create or replace temp table states_now as
with contents as (
    select
        entry_id,
        sum(hash(line_no, {", ".join(CONTENT.values())})) as lines
    from ({LINES})
    group by entry_id
)
select entries.org_id, entries.entry_id, contents.lines
from ledger.journal_entries as entries
inner join contents using (entry_id)
"""
TO_COMPARE = f"""
create or replace temp table entries_to_compare as
select org_id, entry_id
from states_now as now
full join {STATES} as then_ using (org_id, entry_id)
where now.lines is distinct from then_.lines
"""


def _line_as_json() -> str:
    """Return what writes a line's content as JSON, without what it has not."""
    values = ", ".join(
        f"'{key}': " + (f"cast({column} as varchar)" if key in DECIMALS else column)
        for key, column in CONTENT.items()
    )
    return f"json_merge_patch('{{}}', to_json({{{values}}}))"


ENTRIES = f"""
create or replace temp table entries_now as
with contents as (
    select
        entry_id,
        '[' || string_agg({_line_as_json()}, ',' order by basis, line_no) || ']'
            as content
    from ({LINES})
    semi join entries_to_compare using (entry_id)
    group by entry_id
)
select entries.*, contents.* exclude (entry_id)
from ledger.journal_entries as entries
inner join contents using (entry_id)
"""
LAST = f"""
create or replace temp table entries_then as
select *
from {LOG}
semi join entries_to_compare using (org_id, entry_id)
{NEWEST}
"""
LACKS = f"not contains(then_.after, '\"{ADDED}\":')"
LINES_LACK = f"select 1 from entries_then as then_ where {LACKS} limit 1"


def _shape(keys: Iterable[str]) -> str:
    """Return what reads these keys of each line's JSON, as text."""
    return f"'{json.dumps([dict.fromkeys(keys, 'VARCHAR')])}'"


COMPLETE = f"""
update {LOG} as logged
set after = now.content
from entries_then as then_
inner join entries_now as now using (org_id, entry_id)
where logged.org_id = then_.org_id and logged.entry_id = then_.entry_id
    and logged.revision = then_.revision and {LACKS}
    and from_json(then_.after, {_shape(FORMER)})
    = from_json(now.content, {_shape(FORMER)})
"""
"""To what an older release logged of lines that stand, what they have besides is added.

Else each entry would be restated by an upgrade, which changes none.
"""


SIDES = ("lines_now", "lines_then")


def _differ(*keys: str, said: str = "{}") -> str:
    """Return whether what lines say under some keys is not what it was.

    ``said``: what is compared of the list of what each line has there.
    """
    values = ", ".join(f"line.{key}" for key in keys)
    value = values if len(keys) == 1 else f"[{values}]"
    lists = (f"list_transform({lines}, lambda line: {value})" for lines in SIDES)
    return " <> ".join(said.format(each) for each in lists)


CAUSES = f"""
create or replace temp table causes as
with restated as (
    select
        now.org_id,
        now.entry_id,
        now.entry_date <> then_.entry_date as is_redated,
        from_json(now.content, {_shape(CONTENT)}) as lines_now,
        from_json(then_.after, {_shape(CONTENT)}) as lines_then
    from entries_now as now
    inner join entries_then as then_ using (org_id, entry_id)
    where then_.after <> now.content
)
select
    org_id,
    entry_id,
    case
        when is_redated then 'redated'
        when {_differ("debit", said="list_sum(cast({} as decimal(18, 2)[]))")}
            then 'amount_changed'
        when {_differ("account", said="list_sort(list_distinct({}))")}
            then 'recategorized'
        when {_differ("party")} then 'party_changed'
        when {_differ("debit", "credit", "local_amount", "local_currency", "fx_rate")}
            then 'amount_changed'
        when {_differ("account", "category_source")} then 'recategorized'
        when {_differ("class", "department", "location", "job", "item")}
            then 'dimensions_changed'
        else 'details_changed'
    end as cause
from restated
union all
select then_.org_id, then_.entry_id, coalesce(min(statuses.reason), 'removed')
from (
    select org_id, entry_id, unnest(string_split(entry_key, '|')) as source_id
    from entries_then
    anti join entries_now using (org_id, entry_id)
    where after is not null
) as then_
left join ledger.posting_status as statuses using (org_id, source_id)
group by then_.org_id, then_.entry_id
"""
CHANGED = f"""
insert into {LOG}
select
    coalesce(now.org_id, then_.org_id), ?, coalesce(now.entry_id, then_.entry_id),
    coalesce(now.entry_key, then_.entry_key),
    case
        when now.entry_id is null then 'removed'
        when now.entry_type = 'adjusting' and then_.after is null then 'adjusting'
        when then_.after is null then 'new'
        else 'restated'
    end,
    case
        when causes.cause is not null then causes.cause
        when now.entry_type = 'adjusting' then now.reason
        when ? then 'first_import'
        else 'new'
    end,
    then_.after, now.content,
    coalesce(then_.revision, 0) + 1,
    coalesce(now.entry_date, then_.entry_date),
    cast(? as timestamptz)
from entries_now as now
full join entries_then as then_
    on now.org_id = then_.org_id and now.entry_id = then_.entry_id
left join causes
    on causes.org_id = coalesce(now.org_id, then_.org_id)
    and causes.entry_id = coalesce(now.entry_id, then_.entry_id)
where then_.after is distinct from now.content
order by
    coalesce(now.entry_date, then_.entry_date), coalesce(now.entry_id, then_.entry_id)
"""
STATES_AFTER = f"""
delete from {STATES} where (org_id, entry_id) in (from entries_to_compare);
insert into {STATES}
select then_.org_id, then_.entry_id, now.lines, then_.revision
from entries_then as then_
left join states_now as now using (org_id, entry_id);
"""
REVISIONS = f"""
update ledger.journal_entries as entries
set revision = known.revision
from {STATES} as known
where entries.org_id = known.org_id and entries.entry_id = known.entry_id
    and entries.revision <> known.revision
"""


def record_changes(
    connection: "duckdb.DuckDBPyConnection", run_id: str, as_of: datetime
) -> int:
    """Log how the ledger differs from what was last logged; set entries' revisions.

    Args:
        connection: The warehouse, its ledger built and checked.
        run_id: The run whose work it is.
        as_of: The instant the run counts as.

    Returns:
        How many entries changed.
    """
    connection.execute(MAKE)
    connection.execute("begin")
    before = connection.execute(f"select count(*) from {LOG}").fetchall()[0][0]
    if connection.execute(IS_OF_LOG).fetchall() != [(True,)]:
        connection.execute(STATES_OF_LOG)
    for step in (STATES_NOW, TO_COMPARE, ENTRIES, LAST):
        connection.execute(step)
    if connection.execute(LINES_LACK).fetchall():
        connection.execute(COMPLETE)
        connection.execute(LAST)
    connection.execute(CAUSES)
    connection.execute(CHANGED, [run_id, before == 0, as_of.isoformat()])
    for step in (LAST, STATES_AFTER, REVISIONS):
        connection.execute(step)
    after = connection.execute(f"select count(*) from {LOG}").fetchall()[0][0]
    connection.execute("commit")
    return int(after - before)


def restore_changes(connection: "duckdb.DuckDBPyConnection", exports: Path) -> None:
    """Make the log again from what was exported; an older export has none."""
    file = exports / f"{NAME}.parquet"
    if file.exists():
        connection.execute(MAKE)
        connection.execute(f"insert into {LOG} from read_parquet(?)", [str(file)])


def recover_changes(connection: "duckdb.DuckDBPyConnection", ledger: Path) -> None:
    """Make a log that was lost with its exports again from the published ledger."""
    import duckdb

    connection.execute(MAKE)
    if not ledger.exists() or connection.execute(f"from {LOG} limit 1").fetchall():
        return
    attach = f"attach '{escaped(str(ledger))}' as former (read_only)"
    with contextlib.suppress(duckdb.Error):  # damaged, or of a release without a log
        connection.execute(attach)
        connection.execute(f"insert into {LOG} from former.main.{NAME}")
    connection.execute("detach database if exists former")
