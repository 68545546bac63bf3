-- Every version of the items BILL has shown us, one row per content.
select
    org_id,
    id as item_id,
    expense_chart_of_account_id,
    chart_of_account_id,
    parent_id,
    type as item_type,
    name as item_name,
    short_name,
    description,
    purchase_description,
    _content_hash as content_hash,
    cast(price as decimal(28, 8)) as price,
    cast(purchase_cost as decimal(28, 8)) as purchase_cost,
    cast(percentage as decimal(28, 8)) as percentage,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(taxable as boolean) as is_taxable,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "items") }}
