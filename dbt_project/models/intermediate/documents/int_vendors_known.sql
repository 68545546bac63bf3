-- Vendors as known now. A vendor without a currency is paid in home currency.
with
    vendors as ({{ newest_version("stg_bill__vendors", "vendor_id") }}),

    settings as (select * from {{ ref("int_snapshots") }})

select
    vendors.snapshot_id,
    vendors.org_id,
    vendors.vendor_id,
    vendors.vendor_name,
    vendors.company_name,
    vendors.email,
    vendors.phone,
    vendors.tax_id_hash,
    vendors.bank_account_masked,
    vendors.address_line1,
    vendors.address_zip_or_postal_code,
    coalesce(nullif(vendors.currency, ''), settings.home_currency) as currency,
    vendors.balance_amount,
    vendors.is_archived,
    coalesce(vendors.is_1099_tracked, false) as is_1099_tracked,
    vendors.created_at
from vendors
inner join settings on vendors.snapshot_id = settings.snapshot_id
