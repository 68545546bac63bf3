-- When BILL said something else of the accounts that payments and receipts use, or of
-- whether transfers come one by one: bank legs move with it. Only asked where a period
-- is locked.
with
    locked as (
        select distinct org_id from {{ ref("int_snapshots") }} where not is_current
    ),

    moving as (
        select
            payments.org_id,
            {{ record_key("payment", "payments.payment_id") }} as record_key,
            payments.funding_account_id as bank_account_id,
            payments.chart_of_account_id
        from {{ ref("stg_bill__payments") }} as payments
        inner join locked on payments.org_id = locked.org_id
        union
        select
            receipts.org_id,
            {{ record_key("receipt", "receipts.receivable_payment_id") }} as record_key,
            receipts.receivables_account_id as bank_account_id,
            cast(null as {{ dbt.type_string() }}) as chart_of_account_id
        from {{ ref("stg_bill__receivable_payments") }} as receipts
        inner join locked on receipts.org_id = locked.org_id
    ),

    organizations as (
        select
            org_id,
            synced_at,
            coalesce(is_individual_transfer_out, false) as is_out,
            coalesce(is_individual_transfer_in, false) as is_in,
            lag(is_individual_transfer_out) over (
                partition by org_id, organization_id order by version
            ) as was_out,
            lag(is_individual_transfer_in) over (
                partition by org_id, organization_id order by version
            ) as was_in
        from {{ ref("stg_bill__organizations") }}
    ),

    chart as (
        select
            org_id,
            chart_of_account_id,
            synced_at,
            account_type,
            lag(account_type) over (
                partition by org_id, chart_of_account_id order by version
            ) as type_before
        from {{ ref("stg_bill__chart_of_accounts") }}
    ),

    banks as (
        select
            org_id,
            bank_account_id,
            synced_at,
            coalesce(chart_of_account_id, '') as chart_of_account_id,
            coalesce(is_default_payables, false) as is_payables,
            coalesce(is_default_receivables, false) as is_receivables,
            lag(chart_of_account_id) over (
                partition by org_id, bank_account_id order by version
            ) as chart_before,
            lag(is_default_payables) over (
                partition by org_id, bank_account_id order by version
            ) as was_payables,
            lag(is_default_receivables) over (
                partition by org_id, bank_account_id order by version
            ) as was_receivables
        from {{ ref("stg_bill__bank_accounts") }}
    )

select moving.org_id, moving.record_key, organizations.synced_at as changed_at
from moving
inner join organizations on moving.org_id = organizations.org_id
where
    organizations.is_out <> coalesce(organizations.was_out, false)
    or organizations.is_in <> coalesce(organizations.was_in, false)
union
select moving.org_id, moving.record_key, chart.synced_at as changed_at
from moving
inner join
    chart
    on moving.org_id = chart.org_id
    and moving.chart_of_account_id = chart.chart_of_account_id
where coalesce(chart.account_type, '') <> coalesce(chart.type_before, '')
union
select moving.org_id, moving.record_key, banks.synced_at as changed_at
from moving
inner join
    banks
    on moving.org_id = banks.org_id
    and moving.bank_account_id = banks.bank_account_id
where banks.chart_of_account_id <> coalesce(banks.chart_before, '')
union
select unnamed.org_id, unnamed.record_key, banks.synced_at as changed_at
from {{ ref("int_records_without_bank") }} as unnamed
inner join locked on unnamed.org_id = locked.org_id
inner join banks on unnamed.org_id = banks.org_id
where
    banks.is_payables <> coalesce(banks.was_payables, false)
    or banks.is_receivables <> coalesce(banks.was_receivables, false)
