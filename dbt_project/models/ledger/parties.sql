-- Whom the company deals with. The name is the one a person gave, else that of the
-- oldest record.
with
    members as (
        select
            members.*,
            row_number() over (
                partition by org_id, party_id
                order by
                    case when trim(raw_name) = '' then 1 else 0 end,
                    created_at nulls last,
                    source_entity,
                    source_id
            ) as place
        from {{ ref("int_parties_named") }} as members
    )

select
    org_id,
    party_id,
    coalesce(
        max(chosen_name),
        max(
            case
                when place <> 1
                then null
                when trim(raw_name) = ''
                then source_id
                else trim(raw_name)
            end
        )
    ) as display_name,
    case
        when max(case when decided_by = 'user' then 1 else 0 end) = 1
        then 'user'
        when max(case when method in ('similar_name', 'tax_id') then 1 else 0 end) = 1
        then 'rule'
        else 'exact'
    end as merge_source,
    cast(count(*) as bigint) as n_source_records,
    {{ dbt.bool_or("source_entity = 'vendor'") }} as is_vendor,
    {{ dbt.bool_or("source_entity = 'customer'") }} as is_customer,
    {{ dbt.bool_or("is_1099_tracked") }} as track_1099,
    min(created_at) as first_seen
from members
group by org_id, party_id
