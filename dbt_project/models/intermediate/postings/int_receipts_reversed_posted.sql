-- A returned receipt takes back all it did, applications included, on the void date.
{{ config(materialized="view") }}
with
    posted as (
        select *
        from {{ ref("int_receipts_posted") }}
        union all
        select *
        from {{ ref("int_receipts_applied_posted") }}
    )

select
    {{
        reversed_posting(
            "posted",
            entry_key="posted.snapshot_id || '|receipt|' || posted.source_id || '|void'",
            entry_type="'receipt_void'",
            entry_date="receipts.void_date",
        )
    }}
from posted
inner join
    {{ ref("int_receipts_known") }} as receipts
    on posted.snapshot_id = receipts.snapshot_id
    and posted.source_id = receipts.receipt_id
where receipts.is_voided
