-- Customer receipts as known now, each with what its status means for the ledger. Money
-- dated in the future has not come yet.
with
    receipts as (
        {{
            newest_version(
                "stg_bill__receivable_payments", "receivable_payment_id", "receipt"
            )
        }}
    ),

    settings as (select * from {{ ref("int_snapshots") }}),

    customers as (select * from {{ ref("int_customers_known") }}),

    voids as (select * from {{ ref("int_receipts_voided") }}),

    states as (select * from {{ ref("payment_states") }} where direction = 'ar')

select
    receipts.snapshot_id,
    receipts.org_id,
    receipts.receivable_payment_id as receipt_id,
    receipts.customer_id,
    receipts.version,
    receipts.receivables_account_id,
    receipts.receivables_account_type,
    receipts.receivables_type,
    receipts.reference_number,
    receipts.description,
    coalesce(customers.currency, settings.home_currency) as currency,
    case
        when states.is_posted and receipts.payment_date > settings.as_of_date
        then 'scheduled'
        else coalesce(states.state, 'unknown')
    end as state,
    case
        when not coalesce(states.is_posted, false)
        then coalesce(states.reason, 'scheduled')
        when
            receipts.payment_date is null or receipts.payment_date > settings.as_of_date
        then 'scheduled'
        when receipts.amount = 0
        then 'zero_amount'
        when excluded.document_id is not null
        then 'excluded_by_user'
    end as not_posted_reason,
    coalesce(
        mapped.account_number,
        {{
            funding_account(
                "receipts.receivables_account_type",
                "receipts.receivables_account_id",
                "defaults.account_number",
            )
        }}
    ) as bank_account,
    coalesce(receipts.amount, 0) as amount,
    coalesce(receipts.is_online, false) as is_online,
    coalesce(customers.currency, settings.home_currency)
    <> settings.home_currency as is_foreign,
    coalesce(states.is_voided, false) as is_voided,
    states.state is null as is_status_unknown,
    coalesce(
        states.is_posted and receipts.payment_date > settings.as_of_date, false
    ) as is_in_future,
    receipts.payment_date,
    coalesce(voids.void_date, receipts.payment_date) as void_date,
    receipts.created_at,
    receipts.updated_at,
    receipts.synced_at
from receipts
inner join settings on receipts.snapshot_id = settings.snapshot_id
left join
    customers
    on receipts.snapshot_id = customers.snapshot_id
    and receipts.customer_id = customers.customer_id
left join
    voids
    on receipts.snapshot_id = voids.snapshot_id
    and receipts.receivable_payment_id = voids.receipt_id
left join
    {{ ref("int_documents_excluded") }} as excluded
    on receipts.snapshot_id = excluded.snapshot_id
    and receipts.receivable_payment_id = excluded.document_id
    and excluded.source_entity = 'receipt'
left join
    {{ ref("int_bank_accounts_mapped") }} as mapped
    on receipts.snapshot_id = mapped.snapshot_id
    and receipts.receivables_account_id = mapped.source_id
    and mapped.source_entity = {{ funding_entity("receipts.receivables_account_type") }}
left join
    {{ ref("int_bank_accounts_mapped") }} as defaults
    on receipts.snapshot_id = defaults.snapshot_id
    and defaults.source_entity = 'default'
    and defaults.source_id = 'receivables'
left join states on {{ normalised_status("receipts.status") }} = states.status
