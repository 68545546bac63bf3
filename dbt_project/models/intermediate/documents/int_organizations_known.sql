-- The organization as known now: whether its transfers come one by one.
with
    organizations as (
        {{ newest_version("stg_bill__organizations", "organization_id") }}
    )

select
    snapshot_id,
    coalesce(
        {{ dbt.bool_or("is_individual_transfer_out") }}, false
    ) as is_individual_transfer_out,
    coalesce(
        {{ dbt.bool_or("is_individual_transfer_in") }}, false
    ) as is_individual_transfer_in
from organizations
group by snapshot_id
