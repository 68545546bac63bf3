-- Customers as known now. A customer without a currency is billed in home currency.
with
    customers as ({{ newest_version("stg_bill__customers", "customer_id") }}),

    settings as (select * from {{ ref("int_snapshots") }})

select
    customers.snapshot_id,
    customers.org_id,
    customers.customer_id,
    customers.customer_name,
    customers.company_name,
    customers.email,
    customers.phone,
    customers.billing_address_line1,
    customers.billing_address_zip_or_postal_code,
    coalesce(nullif(customers.currency, ''), settings.home_currency) as currency,
    customers.balance_amount,
    customers.is_archived,
    customers.created_at
from customers
inner join settings on customers.snapshot_id = settings.snapshot_id
