-- One row per entry: what happened, when, and where BILL says so. Entries of both
-- books; nearly all are in both.
with
    totals as (
        select
            org_id,
            entry_id,
            sum(case when basis = 'accrual' then debit end) as accrual_total,
            sum(case when basis = 'cash' then debit end) as cash_total
        from ({{ both_books() }}) as lines
        group by org_id, entry_id
    ),

    entries as (
        select
            united.org_id,
            united.entry_id,
            united.entry_key,
            united.entry_type,
            united.source_entity,
            united.source_id,
            united.adjusts_entry_id,
            case
                when united.source_entity in ('invoice', 'credit_memo', 'receipt')
                then 'customer'
                else 'vendor'
            end as party_entity,
            min(united.reason) as reason,
            min(united.source_number) as source_number,
            min(united.memo) as memo,
            min(united.entry_party_id) as entry_party_id,
            min(united.entry_date) as entry_date,
            min(united.adjusted_date) as adjusted_date,
            max(united.source_changed_at) as source_changed_at
        from
            (
                select *
                from {{ ref("int_accrual_entries") }}
                union all
                select *
                from {{ ref("int_cash_entries") }}
            ) as united
        group by
            united.org_id,
            united.entry_id,
            united.entry_key,
            united.entry_type,
            united.source_entity,
            united.source_id,
            united.adjusts_entry_id
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
    cast(coalesce(totals.accrual_total, totals.cash_total) as decimal(18, 2)) as total,
    cast(1 as integer) as revision,
    coalesce(entries.entry_date <= snapshots.previous_lock_date, false) as is_locked,
    entries.entry_date,
    {{ month_start("entries.entry_date") }} as period,
    {{ month_start("entries.adjusted_date") }} as adjusts_period,
    entries.source_changed_at
from entries
inner join
    totals on entries.org_id = totals.org_id and entries.entry_id = totals.entry_id
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
