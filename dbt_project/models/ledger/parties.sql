-- Who the company deals with: vendors and customers of one name are one party.
select
    org_id,
    party_id,
    min(case when raw_name = '' then source_id else trim(raw_name) end) as display_name,
    'exact' as merge_source,
    cast(count(*) as bigint) as n_source_records,
    {{ dbt.bool_or("source_entity = 'vendor'") }} as is_vendor,
    {{ dbt.bool_or("source_entity = 'customer'") }} as is_customer,
    {{ dbt.bool_or("is_1099_tracked") }} as track_1099,
    min(created_at) as first_seen
from {{ ref("int_parties_named") }}
group by org_id, party_id
