-- I7: the lines a document posts, sales tax among them, add up to its amount, and what
-- BILL's own lines lack to it is booked apart only where an issue says so.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
{%- set document = "org_id, document_type, document_id" %}
with
    adjusting as (
        select org_id, entry_id
        from {{ ref("int_accrual_entries") }}
        where
            entry_type = 'adjusting'
            and source_entity in ('bill', 'vendor_credit', 'invoice', 'credit_memo')
            and substr(book_entry_key, length(book_entry_key) - 4) = '|post'
    ),

    shares as (
        select
            documents.org_id,
            documents.source_entity as document_type,
            documents.document_id,
            case
                when documents.source_entity in ('bill', 'credit_memo') then -1 else 1
            end
            * documents.home_amount as amount,
            0 as difference
        from ({{ known_now("int_documents_judged") }}) as documents
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on documents.org_id = settings.org_id
        where
            documents.is_posted
            and (
                settings.ledger_start_date is null
                or documents.document_date >= settings.ledger_start_date
            )
        union all
        select
            {{ document }},
            amount,
            case when role = 'difference' then amount else 0 end as difference
        from {{ ref("journal_lines") }}
        where role in ('difference', 'line', 'tax')
        union all
        select
            lines.org_id,
            lines.document_type,
            lines.document_id,
            lines.amount,
            0 as difference
        from {{ ref("journal_lines") }} as lines
        inner join
            adjusting
            on lines.org_id = adjusting.org_id
            and lines.entry_id = adjusting.entry_id
        where lines.account_number not in ('1100', '2000')
    ),

    totals as (
        select {{ document }}, sum(amount) as amount, sum(abs(difference)) as difference
        from shares
        group by {{ document }}
    )

select totals.org_id, totals.document_type, totals.document_id, totals.amount
from totals
where
    totals.amount <> 0
    or (
        totals.difference <> 0
        and not exists (
            select 1
            from {{ ref("data_quality") }} as issues
            where
                issues.org_id = totals.org_id
                and issues.document_type = totals.document_type
                and issues.document_id = totals.document_id
                and issues.check_name = 'lines_do_not_sum'
                and issues.resolved_at is null
        )
    )
