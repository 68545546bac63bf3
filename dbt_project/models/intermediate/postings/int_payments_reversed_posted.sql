-- A void takes back the whole payment on the day it was accepted; the original
-- stays.
{{ config(materialized="view") }}
select
    {{
        reversed_posting(
            "posted",
            entry_key="posted.snapshot_id || '|payment|' || posted.source_id || '|void'",
            entry_type="'payment_void'",
            entry_date="payments.void_date",
        )
    }}
from {{ ref("int_payments_posted") }} as posted
inner join
    {{ ref("int_payments_known") }} as payments
    on posted.snapshot_id = payments.snapshot_id
    and posted.source_id = payments.payment_id
where payments.is_voided
