-- I11: an open item is in one bucket, that of the days since it was due, and a bill or
-- invoice is due when its own row says; what we owe them back, and what has no due
-- date, is unapplied.
{{ config(meta={"dagster": {"ref": {"name": "ap_aging"}}}) }}
with
    aged as (
        select *
        from {{ ref("ap_aging") }}
        union all
        select *
        from {{ ref("ar_aging") }}
    ),

    documents as (
        select
            org_id,
            'bill' as document_type,
            bill_id as document_id,
            coalesce(due_date, bill_date) as due_date
        from {{ ref("bills") }}
        union all
        select
            org_id,
            'invoice' as document_type,
            invoice_id as document_id,
            coalesce(due_date, invoice_date) as due_date
        from {{ ref("invoices") }}
    ),

    counted as (
        select
            aged.*,
            documents.due_date as own_due_date,
            case
                when aged.due_date is not null
                then
                    {{
                        overdue_days(
                            "aged.due_date",
                            "aged.as_of",
                            "aged.as_of > aged.due_date",
                        )
                    }}
            end as late_days
        from aged
        left join
            documents
            on aged.org_id = documents.org_id
            and aged.document_type = documents.document_type
            and aged.document_id = documents.document_id
    )

select org_id, as_of, document_type, document_id, bucket, days_past_due, due_date
from counted
where
    days_past_due is distinct from late_days
    or bucket <> {{ aging_bucket("late_days") }}
    or open_home = 0
    or (open_home < 0 and due_date is not null)
    or (
        open_home > 0
        and own_due_date is not null
        and due_date is distinct from own_due_date
    )
