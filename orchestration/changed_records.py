"""Which records changed since the last build, and whom they reach.

Here belongs: what a build notes of its inputs, comparing it with what an earlier build
noted, and which changes reach every record. Not here: building (incremental.py).

All is found in ``changed``, a database of the run's own beside the warehouse's: tables
``inputs`` and ``decisions`` are what the build reads, ``scope`` the records to be made
anew. What an earlier build read is kept in the warehouse, schema ``builds``.
"""

from typing import TYPE_CHECKING

from orchestration.dbt_models import compiled_models

if TYPE_CHECKING:
    import duckdb

LEAST_VERSIONS = 40_000
"""Versions of records below which a whole build is as cheap."""
LARGEST_SHARE = 5
"""Where more than one record in so many is reached, all are built."""
FAR = {
    "decisions.bank_account_map": "*",
    "decisions.bank_transactions": "*",
    "decisions.category_rules": "*",
    "decisions.party_overrides": "*",
    "decisions.period_locks": "*",
    "settings.connection_settings": "* exclude (as_of)",
    "settings.settings_versions": "*",
    "raw_bill.accounting_classes": "* exclude (_raw)",
    "raw_bill.bank_accounts": "* exclude (_raw)",
    "raw_bill.chart_of_accounts": "* exclude (_raw)",
    "raw_bill.departments": "* exclude (_raw)",
    "raw_bill.items": "* exclude (_raw)",
    "raw_bill.locations": "* exclude (_raw)",
    "raw_bill.organizations": "* exclude (_raw)",
}
"""Inputs that reach any record, with their columns that count."""
FAR_BY_RULES = {"categorizer.party_history": "*"}
"""The same where there are rules, which may be about parties."""
NOW = {
    "versions": "int_records_versioned",
    "links": "int_records_linked",
    "vendors": "int_vendors_known",
    "customers": "int_customers_known",
}
"""Tables of ``changed`` with the models whose rows they have as they would be now."""
DECIDED = {
    "category_overrides": "source_entity || ':' || document_id",
    "exclusions": "source_entity || ':' || document_id",
    "settlement_overrides": "source_entity || ':' || document_id",
    "manual_entries": "'manual:' || entry_id",
}
"""Kinds of decisions about one record, with its key."""
NOTED = ("inputs", "decisions", "answers")
"""Tables of ``changed`` that the next build compares with its own."""
TABLES = """
select schema_name || '.' || table_name from duckdb_tables()
where database_name = current_database()
"""
NEW_VERSIONS = """
create table changed.new_versions as
select now.record_key
from changed.versions as now
anti join intermediate.int_records_versioned as known
    on now.org_id = known.org_id and now.record_key = known.record_key
    and now.version = known.version and now.synced_at = known.synced_at
"""
NAMED = {
    "vendors": "snapshot_id, vendor_id, vendor_name, currency",
    "customers": "snapshot_id, customer_id, customer_name, currency",
}
"""What documents have of their vendor or customer, whose balance moves with each."""
NEW_PARTIES = """
select 1
from (
    select org_id, synced_at from staging.stg_bill__vendors
    union all
    select org_id, synced_at from staging.stg_bill__customers
) as parties
inner join intermediate.int_snapshots as known using (org_id)
where known.is_current and parties.synced_at > known.as_of
"""
PARTIES = """
create table changed.parties as
select distinct 'vendor:' || vendor_id as party_key from ({vendors})
union all
select distinct 'customer:' || customer_id as party_key from ({customers})
"""
SCOPE = """
create table changed.scope as
with recursive
    instants as (
        select
            known.org_id,
            known.as_of as known_at,
            known.as_of_date as known_on,
            cast(timezone(now.org_timezone, now.as_of) as date) as today
        from intermediate.int_snapshots as known
        inner join settings.connection_settings as now using (org_id)
        where known.is_current
    ),
    money as (
        select org_id, 'payment:' || payment_id as record_key, process_date as day
        from staging.stg_bill__payments
        union all
        select org_id, 'receipt:' || receivable_payment_id, payment_date
        from staging.stg_bill__receivable_payments
        union all
        select org_id, 'statement:' || billing_statement_id,
            coalesce(payment_date, invoice_date)
        from staging.stg_bill__billing_statements
    ),
    reached as (
        select record_key from changed.new_versions
        union
        select record_key
        from changed.versions
        inner join instants using (org_id)
        where synced_at > known_at
        union
        select record_key
        from money
        inner join instants using (org_id)
        where day > known_on and day <= today
        union
        select record_key from changed.versions semi join changed.parties
            using (party_key)
        union
        select record_key
        from (from changed.decisions except from builds.seen_decisions)
        union
        select answers.source_entity || ':' || answers.document_id
        from categorizer.line_categories as answers, builds.seen_answers as seen
        where answers.decision_id > seen.decision_id
        union
        select links.other_key
        from reached
        inner join changed.links as links on reached.record_key = links.one_key
    )
select record_key from reached where record_key is not null
"""
LATER_ANSWERS = """
select count(*)
from categorizer.line_categories as answers, changed.answers as known
where answers.decision_id > known.decision_id
    and answers.source_entity || ':' || answers.document_id
    not in (select record_key from changed.scope)
"""
WHO_IS_WHO = """
org_id, source_entity, source_id, party_id, raw_name, normalised_name, chosen_name
"""
OTHERS_OF_PARTIES = """
select
    (
        select count(*)
        from ({parties}) as parties
        inner join changed.versions as versions
            on versions.org_id = parties.org_id
            and versions.party_key = parties.source_entity || ':' || parties.source_id
        where versions.record_key not in (select record_key from changed.scope)
    ),
    (
        select count(*)
        from ({parties}) as parties
        inner join decisions.manual_entries as entries
            on entries.org_id = parties.org_id
            and (
                entries.party_id in (parties.source_id, parties.party_id)
                or entries.party_id in (
                    select former_party_id from categorizer.party_redirects
                )
            )
    )
"""


class ReachesAllError(Exception):
    """What changed reaches any record: all has to be built."""


def note_inputs(connection: "duckdb.DuckDBPyConnection") -> None:
    """Note what a build reads: what reaches any record, and decisions about one."""
    read = FAR | (
        FAR_BY_RULES if _counts(connection, "decisions.category_rules") else {}
    )
    connection.execute("create table changed.inputs (name varchar, content varchar)")
    for name in sorted(_tables(connection) & read.keys()):
        connection.execute(
            f"insert into changed.inputs select '{name}', concat(count(*), ' ',"
            f" sum(hash(rows))) from (select {read[name]} from {name}) as rows"
        )
    said = (
        f"select distinct '{kind}' as kind, decision_id, {key} as record_key"
        f" from decisions.{kind}"
        for kind, key in DECIDED.items()
    )
    connection.execute(f"create table changed.decisions as {' union all '.join(said)}")
    connection.execute(
        "create table changed.answers as select coalesce(max(decision_id), 0)"
        " as decision_id, count(*) as answers from categorizer.line_categories"
    )


def keep_inputs(connection: "duckdb.DuckDBPyConnection") -> None:
    """Keep in the warehouse what this build noted."""
    connection.execute("create schema if not exists builds")
    for name in NOTED:
        connection.execute(
            f"create or replace table builds.seen_{name} as from changed.{name}"
        )


def forget_inputs(connection: "duckdb.DuckDBPyConnection") -> None:
    """Take away what an earlier build kept: the next one is whole."""
    for name in NOTED:
        connection.execute(f"drop table if exists builds.seen_{name}")


def is_small(connection: "duckdb.DuckDBPyConnection") -> bool:
    """Whether the ledger was built before, of few records."""
    versions = "intermediate.int_records_versioned"
    is_built = versions in _tables(connection)
    return is_built and _counts(connection, versions) < LEAST_VERSIONS


def find_records(connection: "duckdb.DuckDBPyConnection", *, stands: bool) -> None:
    """Find each record that changed since the inputs were kept, and all it reaches.

    ``stands``: what is built was built by the same models, and can be compared.

    Raises:
        ReachesAllError: That is too much, or all there are.
    """
    if not stands:
        raise ReachesAllError("models or columns are new")
    _compare_inputs(connection)
    models = compiled_models()
    for name, model in NOW.items():
        query = models[f"model.bill_ledger.{model}"].query
        connection.execute(f"create table changed.{name} as {query}")
    connection.execute(NEW_VERSIONS)
    known = _counts(connection, "intermediate.int_records_versioned")
    new = _counts(connection, "changed.new_versions")
    if known + new != _counts(connection, "changed.versions"):
        raise ReachesAllError("versions of records are gone")
    parties = {
        name: differing(f"changed.{name}", f"intermediate.{NOW[name]}", columns)
        for name, columns in NAMED.items()
    }
    connection.execute(PARTIES.format(**parties))
    if _counts(connection, "decisions.category_rules") and (
        _counts(connection, "changed.parties")
        or (
            _counts(connection, "decisions.period_locks")
            and _counts(connection, f"({NEW_PARTIES})")
        )
    ):
        raise ReachesAllError("rules may be about vendors or customers that changed")
    connection.execute(SCOPE)
    reached = _counts(connection, "changed.scope")
    [(every,)] = connection.execute(
        "select count(distinct record_key) from changed.versions"
    ).fetchall()
    if reached * LARGEST_SHARE > every:
        raise ReachesAllError(f"{reached:,} of {every:,} records changed")


def _compare_inputs(connection: "duckdb.DuckDBPyConnection") -> None:
    """Raise where an input that reaches any record is not as it was."""
    if not {f"builds.seen_{name}" for name in NOTED} <= _tables(connection):
        raise ReachesAllError("nothing is known of an earlier build")
    [(changed,)] = connection.execute(
        "select string_agg(distinct name, ', ' order by name)"
        f" from ({differing('changed.inputs', 'builds.seen_inputs')})"
    ).fetchall()
    if changed:
        raise ReachesAllError(f"{changed} changed")
    gone = "(from builds.seen_decisions except from changed.decisions)"
    fewer = (
        "(select 1 from builds.seen_answers as seen, changed.answers as now"
        " where now.answers < seen.answers or now.decision_id < seen.decision_id)"
    )
    if _counts(connection, gone) or _counts(connection, fewer):
        raise ReachesAllError("decisions are gone")
    if _counts(connection, "decisions.bank_transactions"):
        raise ReachesAllError("a bank feed dates all movements together")
    later = (
        "(select 1 from intermediate.int_snapshots as known"
        " inner join settings.connection_settings as now using (org_id)"
        " where known.is_current and known.as_of > now.as_of)"
    )
    if _counts(connection, later):
        raise ReachesAllError("the last build was as of a later instant")


def check_records(connection: "duckdb.DuckDBPyConnection") -> None:
    """See that categorizer and parties changed nothing of other records since.

    Raises:
        ReachesAllError: They did.
    """
    [(answered,)] = connection.execute(LATER_ANSWERS).fetchall()
    if answered:
        raise ReachesAllError("lines of other records got their categories")
    named = compiled_models()["model.bill_ledger.int_parties_named"]
    parties = differing(named.query, f"(from {named.name})", WHO_IS_WHO)
    [found] = connection.execute(OTHERS_OF_PARTIES.format(parties=parties)).fetchall()
    if found != (0, 0):
        raise ReachesAllError("other records have another party")


def differing(now: str, before: str, columns: str = "*") -> str:
    """Return the query of rows that one of two relations has more often."""
    return (
        f"select * exclude (side) from (select {columns}, 1 as side from {now}"
        f" union all select {columns}, -1 as side from {before})"
        " group by all having sum(side) <> 0"
    )


def _tables(connection: "duckdb.DuckDBPyConnection") -> set[str]:
    return {name for (name,) in connection.execute(TABLES).fetchall()}


def _counts(connection: "duckdb.DuckDBPyConnection", relation: str) -> int:
    [(rows,)] = connection.execute(f"select count(*) from {relation}").fetchall()
    return int(rows)
