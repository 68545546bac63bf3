-- What the categorizer reads: every line of every document that posts, as known now.
with
    lines as ({{ known_now("int_lines_posted") }}),

    departments as ({{ newest_version("stg_bill__departments", "department_id") }}),

    classes as (
        {{ newest_version("stg_bill__accounting_classes", "accounting_class_id") }}
    ),

    locations as ({{ newest_version("stg_bill__locations", "location_id") }}),

    items as ({{ newest_version("stg_bill__items", "item_id") }}),

    bill_accounts as (
        {{ newest_version("stg_bill__chart_of_accounts", "chart_of_account_id") }}
    )

select
    lines.snapshot_id,
    lines.org_id,
    lines.source_entity,
    lines.document_id,
    lines.line_id,
    lines.line_ordinal,
    lines.direction,
    lines.party_id,
    coalesce(vendors.vendor_name, customers.customer_name, '') as vendor_name,
    lines.description,
    lines.amount,
    lines.currency,
    lines.document_id as doc_id,
    coalesce(departments.department_name, '') as department,
    coalesce(classes.accounting_class_name, '') as accounting_class,
    coalesce(locations.location_name, '') as location,
    coalesce(items.item_name, '') as item_name,
    coalesce(bill_accounts.account_number, '') as bill_account_number,
    coalesce(bill_accounts.chart_of_account_name, '') as bill_account_name,
    lines.document_date as txn_date
from lines
left join
    {{ ref("int_vendors_known") }} as vendors
    on lines.snapshot_id = vendors.snapshot_id
    and {{ key_if("lines.direction = 'ap'", "lines.party_id") }} = vendors.vendor_id
left join
    {{ ref("int_customers_known") }} as customers
    on lines.snapshot_id = customers.snapshot_id
    and {{ key_if("lines.direction = 'ar'", "lines.party_id") }} = customers.customer_id
left join
    departments
    on lines.snapshot_id = departments.snapshot_id
    and lines.department_id = departments.department_id
left join
    classes
    on lines.snapshot_id = classes.snapshot_id
    and lines.accounting_class_id = classes.accounting_class_id
left join
    locations
    on lines.snapshot_id = locations.snapshot_id
    and lines.location_id = locations.location_id
left join
    items on lines.snapshot_id = items.snapshot_id and lines.item_id = items.item_id
left join
    bill_accounts
    on lines.snapshot_id = bill_accounts.snapshot_id
    and lines.chart_of_account_id = bill_accounts.chart_of_account_id
