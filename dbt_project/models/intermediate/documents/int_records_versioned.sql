-- Every version of every record that posts, with the vendor or customer it names.
select
    org_id,
    {{ record_key("bill", "bill_id") }} as record_key,
    'vendor:' || vendor_id as party_key,
    version,
    synced_at
from {{ ref("stg_bill__bills") }}
union all
select
    org_id,
    {{ record_key("vendor_credit", "vendor_credit_id") }} as record_key,
    'vendor:' || vendor_id as party_key,
    version,
    synced_at
from {{ ref("stg_bill__vendor_credits") }}
union all
select
    org_id,
    {{ record_key("payment", "payment_id") }} as record_key,
    'vendor:' || vendor_id as party_key,
    version,
    synced_at
from {{ ref("stg_bill__payments") }}
union all
select
    org_id,
    {{ record_key("invoice", "invoice_id") }} as record_key,
    'customer:' || customer_id as party_key,
    version,
    synced_at
from {{ ref("stg_bill__invoices") }}
union all
select
    org_id,
    {{ record_key("credit_memo", "credit_memo_id") }} as record_key,
    'customer:' || customer_id as party_key,
    version,
    synced_at
from {{ ref("stg_bill__credit_memos") }}
union all
select
    org_id,
    {{ record_key("receipt", "receivable_payment_id") }} as record_key,
    'customer:' || customer_id as party_key,
    version,
    synced_at
from {{ ref("stg_bill__receivable_payments") }}
union all
select
    org_id,
    {{ record_key("statement", "billing_statement_id") }} as record_key,
    'vendor:BILL' as party_key,
    version,
    synced_at
from {{ ref("stg_bill__billing_statements") }}
