-- What bills, invoices and payments have open or unapplied is what the control lines of
-- their open item add up to, and what is settled of a document is the rest of it.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "bills"}}}) }}
{%- set item = "org_id, account_number, document_type, document_id" %}
with
    documents as (
        select
            org_id,
            '2000' as account_number,
            'bill' as document_type,
            bill_id as document_id,
            - open_home as amount,
            amount_home - open_home - settled_home as rest
        from {{ ref("bills") }}
        union all
        select
            org_id,
            '1100' as account_number,
            'invoice' as document_type,
            invoice_id as document_id,
            open_home as amount,
            amount_home - open_home - settled_home as rest
        from {{ ref("invoices") }}
        union all
        select
            org_id,
            case when direction = 'ap' then '2000' else '1100' end as account_number,
            case
                when direction = 'ap' then 'payment' else 'receipt'
            end as document_type,
            payment_id as document_id,
            case
                when direction = 'ap' then unapplied_home else - unapplied_home
            end as amount,
            0 as rest
        from {{ ref("payments") }}
    ),

    items as (
        select {{ item }}, sum(amount) as amount
        from {{ ref("journal_lines") }}
        where account_number in ('1100', '2000')
        group by {{ item }}
    )

select documents.*, items.amount as lines_amount
from documents
left join
    items
    on documents.org_id = items.org_id
    and documents.account_number = items.account_number
    and documents.document_type = items.document_type
    and documents.document_id = items.document_id
where documents.amount <> coalesce(items.amount, 0) or documents.rest <> 0
