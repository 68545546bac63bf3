-- One row per entry: what happened, when, and where BILL says so.
with
    entries as (
        select
            org_id,
            entry_id,
            entry_key,
            entry_type,
            source_entity,
            source_id,
            min(source_number) as source_number,
            min(memo) as memo,
            min(entry_party_id) as entry_party_id,
            min(entry_date) as entry_date,
            max(source_changed_at) as source_changed_at,
            cast(
                sum(case when amount > 0 then amount else 0 end) as decimal(18, 2)
            ) as total
        from {{ ref("int_postings_united") }}
        group by org_id, entry_id, entry_key, entry_type, source_entity, source_id
    )

select
    entries.org_id,
    entries.entry_id,
    entries.entry_key,
    parties.party_id,
    entries.entry_party_id as source_party_id,
    entries.entry_type,
    entries.source_entity,
    entries.source_id,
    entries.source_number,
    entries.memo,
    settings.home_currency as currency,
    cast(null as {{ dbt.type_string() }}) as adjusts_entry_id,
    cast(null as {{ dbt.type_string() }}) as reason,
    cast(null as {{ dbt.type_string() }}) as source_url,
    entries.total,
    cast(1 as integer) as revision,
    false as is_locked,
    entries.entry_date,
    {{ month_start("entries.entry_date") }} as period,
    cast(null as date) as adjusts_period,
    entries.source_changed_at
from entries
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on entries.org_id = settings.org_id
left join
    {{ ref("int_parties_named") }} as parties
    on entries.org_id = parties.org_id
    and entries.entry_party_id = parties.source_id
    and case
        when entries.source_entity in ('invoice', 'credit_memo', 'receipt')
        then 'customer'
        else 'vendor'
    end
    = parties.source_entity
