-- Every version of the organizations BILL has shown us, one row per content.
select
    org_id,
    id as organization_id,
    name as organization_name,
    phone,
    tax_id_type,
    industry,
    business_category,
    account_type,
    address_line1,
    address_line2,
    address_city,
    address_state_or_province,
    address_zip_or_postal_code,
    address_country,
    _content_hash as content_hash,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(
        processing_options_individual_transfer_out as boolean
    ) as is_individual_transfer_out,
    cast(
        processing_options_individual_transfer_in as boolean
    ) as is_individual_transfer_in,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "organizations") }}
