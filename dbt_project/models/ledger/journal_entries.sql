-- One row per entry: what happened, when, and where BILL says so. Entries of both
-- books; nearly all are in both.
with
    entries as (
        select
            org_id,
            entry_id,
            entry_key,
            entry_type,
            source_entity,
            source_id,
            adjusts_entry_id,
            case
                when source_entity in ('invoice', 'credit_memo', 'receipt')
                then 'customer'
                else 'vendor'
            end as party_entity,
            min(reason) as reason,
            min(source_number) as source_number,
            min(memo) as memo,
            min(entry_party_id) as entry_party_id,
            min(entry_date) as entry_date,
            min(adjusted_date) as adjusted_date,
            max(source_changed_at) as source_changed_at,
            sum(
                case when basis = 'accrual' then greatest(amount, 0) end
            ) as accrual_total,
            sum(case when basis = 'cash' then greatest(amount, 0) end) as cash_total
        from {{ ref("int_journal_composed") }}
        group by
            org_id,
            entry_id,
            entry_key,
            entry_type,
            source_entity,
            source_id,
            adjusts_entry_id
    )

select
    entries.org_id,
    entries.entry_id,
    entries.entry_key,
    coalesce(parties.party_id, others.party_id) as party_id,
    entries.entry_party_id as source_party_id,
    entries.entry_type,
    entries.source_entity,
    entries.source_id,
    entries.source_number,
    entries.memo,
    snapshots.home_currency as currency,
    entries.adjusts_entry_id,
    entries.reason,
    cast(null as {{ dbt.type_string() }}) as source_url,
    cast(
        coalesce(entries.accrual_total, entries.cash_total) as decimal(18, 2)
    ) as total,
    cast(1 as integer) as revision,
    coalesce(entries.entry_date <= snapshots.previous_lock_date, false) as is_locked,
    entries.entry_date,
    {{ month_start("entries.entry_date") }} as period,
    {{ month_start("entries.adjusted_date") }} as adjusts_period,
    entries.source_changed_at
from entries
inner join
    {{ ref("int_snapshots") }} as snapshots
    on entries.org_id = snapshots.org_id
    and snapshots.is_current
left join
    {{ ref("int_parties_named") }} as parties
    on entries.org_id = parties.org_id
    and entries.entry_party_id = parties.source_id
    and entries.party_entity = parties.source_entity
left join
    {{ ref("int_parties_named") }} as others
    on entries.org_id = others.org_id
    and entries.entry_party_id = others.source_id
    and {{ other_side("entries.party_entity", "parties.source_id") }}
    = others.source_entity
