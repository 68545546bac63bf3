-- The ledger account behind each of BILL's bank and card accounts where a person named
-- it, for the account itself or for its line in BILL's chart, as each snapshot knows
-- it. And that of the organization's default banks, for money without an account.
with
    decided as (
        {{
            decisions_in_force(
                "bank_account_map", ["org_id", "source_entity", "source_id"]
            )
        }}
    ),

    banks as ({{ newest_version("stg_bill__bank_accounts", "bank_account_id") }}),

    mapped as (
        select snapshot_id, source_entity, source_id, account_number
        from decided
        union all
        select
            banks.snapshot_id,
            'bank_account' as source_entity,
            banks.bank_account_id as source_id,
            decided.account_number
        from banks
        inner join
            decided
            on banks.snapshot_id = decided.snapshot_id
            and banks.chart_of_account_id = decided.source_id
            and decided.source_entity = 'chart_of_account'
        where
            not exists (
                select 1
                from decided as directly
                where
                    directly.snapshot_id = banks.snapshot_id
                    and directly.source_entity = 'bank_account'
                    and directly.source_id = banks.bank_account_id
            )
    ),

    defaults as (
        select snapshot_id, 'payables' as source_id, max(bank_account_id) as bank_id
        from banks
        where is_default_payables and not coalesce(is_archived, false)
        group by snapshot_id
        union all
        select snapshot_id, 'receivables' as source_id, max(bank_account_id) as bank_id
        from banks
        where is_default_receivables and not coalesce(is_archived, false)
        group by snapshot_id
    )

select snapshot_id, source_entity, source_id, account_number
from mapped
union all
select
    defaults.snapshot_id,
    'default' as source_entity,
    defaults.source_id,
    mapped.account_number
from defaults
inner join
    mapped
    on defaults.snapshot_id = mapped.snapshot_id
    and defaults.bank_id = mapped.source_id
    and mapped.source_entity = 'bank_account'
