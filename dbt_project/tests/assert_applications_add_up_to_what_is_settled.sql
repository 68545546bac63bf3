-- I8: what settled a bill or invoice is its applications, and what people wrote onto
-- its open item. What came before the ledger starts has no entry: of such a document
-- nothing is open but what an entry brought forward.
{{
    config(
        severity="warn", meta={"dagster": {"ref": {"name": "payment_applications"}}}
    )
}}
with
    shares as (
        select
            org_id,
            'bill' as document_type,
            bill_id as document_id,
            settled_home - case
                when not_posted_reason = 'before_start' then amount_home else 0
            end as amount
        from {{ ref("bills") }}
        union all
        select
            org_id,
            'invoice' as document_type,
            invoice_id as document_id,
            settled_home - case
                when not_posted_reason = 'before_start' then amount_home else 0
            end as amount
        from {{ ref("invoices") }}
        union all
        select
            applications.org_id,
            applications.to_type as document_type,
            applications.to_id as document_id,
            -1 * applications.amount_home as amount
        from {{ ref("payment_applications") }} as applications
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on applications.org_id = settings.org_id
            and (
                settings.ledger_start_date is null
                or applications.date >= settings.ledger_start_date
            )
        where applications.to_type in ('bill', 'invoice')
        union all
        select
            org_id,
            document_type,
            document_id,
            case when account_number = '1100' then amount else -1 * amount end as amount
        from ({{ known_now("int_manual_entries_known") }}) as manual_entries
        where
            not is_waiting
            and account_number
            = case document_type when 'bill' then '2000' when 'invoice' then '1100' end
    )

select org_id, document_type, document_id, sum(amount) as difference
from shares
group by org_id, document_type, document_id
having sum(amount) <> 0
