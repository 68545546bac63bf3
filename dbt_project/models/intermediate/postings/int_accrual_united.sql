-- Every posting of every event on accrual basis, as each snapshot has it.
{{ config(materialized="view") }}
select *
from {{ ref("int_bills_posted") }}
union all
select *
from {{ ref("int_vendor_credits_posted") }}
union all
select *
from {{ ref("int_vendor_credits_used_posted") }}
union all
select *
from {{ ref("int_bill_discounts_posted") }}
union all
select *
from {{ ref("int_bill_shortfalls_posted") }}
union all
select *
from {{ ref("int_invoice_discounts_posted") }}
union all
select *
from {{ ref("int_payments_posted") }}
union all
select *
from {{ ref("int_payments_reversed_posted") }}
union all
select *
from {{ ref("int_withdrawals_posted") }}
union all
select *
from {{ ref("int_withdrawals_returned_posted") }}
union all
select *
from {{ ref("int_invoices_posted") }}
union all
select *
from {{ ref("int_credit_memos_posted") }}
union all
select *
from {{ ref("int_credit_memos_used_posted") }}
union all
select *
from {{ ref("int_receipts_posted") }}
union all
select *
from {{ ref("int_receipts_applied_posted") }}
union all
select *
from {{ ref("int_receipts_reversed_posted") }}
union all
select *
from {{ ref("int_deposits_posted") }}
union all
select *
from {{ ref("int_deposits_returned_posted") }}
union all
select *
from {{ ref("int_settlements_decided_posted") }}
union all
select *
from {{ ref("int_statements_posted") }}
union all
select *
from {{ ref("int_manual_entries_posted") }}
