-- Every vendor and customer record with its party. The resolver places them; what it
-- did not place, since it failed or never ran, goes by its exact name: to the party of
-- a record of that name, else to one of its own, founded by the oldest record of it.
with
    records as (
        select
            known.*,
            placed.party_id,
            placed.normalised_name,
            placed.chosen_name,
            placed.method,
            placed.score,
            placed.decided_by,
            lower(trim(known.raw_name)) as exact_name,
            case
                when trim(known.raw_name) = ''
                then known.source_entity || '|' || known.source_id
                else lower(trim(known.raw_name))
            end as exact_key,
            {{ surrogate_key(["known.source_entity", "known.source_id"]) }}
            as founded_party_id
        from {{ ref("int_party_records_known") }} as known
        left join
            {{ ref("stg_categorizer__party_members") }} as placed
            on known.org_id = placed.org_id
            and known.source_entity = placed.source_entity
            and known.source_id = placed.source_id
    ),

    by_name as (
        select
            org_id,
            source_entity,
            source_id,
            min(party_id) over (partition by org_id, exact_key) as placed_party_id,
            first_value(founded_party_id) over (
                partition by org_id, exact_key
                order by created_at nulls last, source_entity, source_id
                rows between unbounded preceding and current row
            ) as oldest_party_id
        from records
    ),

    placed as (
        select
            records.org_id,
            records.source_entity,
            records.source_id,
            coalesce(
                records.party_id, by_name.placed_party_id, by_name.oldest_party_id
            ) as party_id,
            records.raw_name,
            coalesce(records.normalised_name, records.exact_name) as normalised_name,
            records.chosen_name,
            case
                when
                    not records.is_listed
                    and coalesce(records.decided_by, 'rule') = 'rule'
                then 'named_by_documents'
                else coalesce(records.method, 'exact_name')
            end as method,
            coalesce(records.decided_by, 'rule') as decided_by,
            coalesce(records.score, 1) as score,
            records.is_1099_tracked,
            records.is_listed,
            records.created_at
        from records
        inner join
            by_name
            on records.org_id = by_name.org_id
            and records.source_entity = by_name.source_entity
            and records.source_id = by_name.source_id
    ),

    -- Whom only an entry names that a person wrote, since BILL shows it no more.
    written as (
        select
            entries.org_id,
            case
                when max(entries.account_number) = '1100' then 'customer' else 'vendor'
            end as source_entity,
            entries.party_id as source_id
        from {{ ref("stg_decisions__manual_entries") }} as entries
        inner join
            {{ ref("int_parties_awaited") }} as awaited
            on entries.org_id = awaited.org_id
            and entries.party_id = awaited.source_id
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on entries.org_id = settings.org_id
            and entries.effective_at <= settings.as_of
            and awaited.known_at <= settings.as_of
        where
            not exists (
                select 1
                from placed
                where
                    placed.org_id = entries.org_id
                    and entries.party_id in (placed.source_id, placed.party_id)
            )
        group by entries.org_id, entries.party_id
    )

select *
from placed
union all
select
    org_id,
    source_entity,
    source_id,
    {{ surrogate_key(["source_entity", "source_id"]) }} as party_id,
    '' as raw_name,
    '' as normalised_name,
    cast(null as {{ dbt.type_string() }}) as chosen_name,
    'named_by_documents' as method,
    'rule' as decided_by,
    1 as score,
    false as is_1099_tracked,
    false as is_listed,
    cast(null as timestamp with time zone) as created_at
from written
