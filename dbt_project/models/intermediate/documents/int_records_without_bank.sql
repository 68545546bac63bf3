-- Records of money whose bank account BILL does not name: the default bank's.
select org_id, {{ record_key("payment", "payment_id") }} as record_key
from {{ ref("stg_bill__payments") }}
where nullif(funding_account_id, '') is null
union
select org_id, {{ record_key("receipt", "receivable_payment_id") }} as record_key
from {{ ref("stg_bill__receivable_payments") }}
where nullif(receivables_account_id, '') is null
union
select org_id, {{ record_key("statement", "billing_statement_id") }} as record_key
from {{ ref("stg_bill__billing_statements") }}
