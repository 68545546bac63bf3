-- Both books flat: every line with its entry, account, party and dimensions by name,
-- and
-- the account's balance after it.
with
    classes as (
        {{ newest_version("stg_bill__accounting_classes", "accounting_class_id") }}
    ),

    departments as ({{ newest_version("stg_bill__departments", "department_id") }}),

    locations as ({{ newest_version("stg_bill__locations", "location_id") }}),

    jobs as ({{ newest_version("stg_bill__jobs", "job_id") }}),

    items as ({{ newest_version("stg_bill__items", "item_id") }}),

    lines as ({{ both_books() }})

select
    lines.org_id,
    lines.basis,
    lines.line_id,
    lines.entry_id,
    lines.account_number,
    lines.party_id,
    lines.source_party_id,
    lines.document_id,
    lines.source_line_id,
    lines.class_id,
    lines.department_id,
    lines.location_id,
    lines.job_id,
    lines.item_id,
    lines.account_name,
    lines.account_type,
    accounts.account_subtype,
    accounts.statement,
    accounts.statement_line,
    parties.display_name as party_name,
    entries.entry_type,
    entries.source_entity,
    entries.source_id,
    entries.source_number,
    entries.memo,
    lines.document_type,
    lines.role,
    lines.description,
    lines.category_source,
    classes.accounting_class_name as class_name,
    departments.department_name,
    locations.location_name,
    jobs.job_name,
    items.item_name,
    lines.local_currency,
    lines.line_no,
    cast(
        row_number() over (
            partition by lines.org_id, lines.basis, lines.account_number
            order by lines.entry_date, lines.entry_id, lines.line_no, lines.line_id
        ) as bigint
    ) as account_line_no,
    lines.debit,
    lines.credit,
    lines.amount,
    cast(
        sum(lines.amount) over (
            partition by lines.org_id, lines.basis, lines.account_number
            order by lines.entry_date, lines.entry_id, lines.line_no, lines.line_id
            rows between unbounded preceding and current row
        ) as decimal(18, 2)
    ) as running_balance,
    lines.local_amount,
    lines.fx_rate,
    lines.category_confidence,
    lines.entry_date,
    {{ month_start("lines.entry_date") }} as period
from lines
left join
    {{ ref("accounts") }} as accounts
    on lines.org_id = accounts.org_id
    and lines.account_number = accounts.account_number
left join
    {{ ref("journal_entries") }} as entries
    on lines.org_id = entries.org_id
    and lines.entry_id = entries.entry_id
left join
    {{ ref("parties") }} as parties
    on lines.org_id = parties.org_id
    and lines.party_id = parties.party_id
left join
    classes
    on lines.org_id = classes.org_id
    and lines.class_id = classes.accounting_class_id
left join
    departments
    on lines.org_id = departments.org_id
    and lines.department_id = departments.department_id
left join
    locations
    on lines.org_id = locations.org_id
    and lines.location_id = locations.location_id
left join jobs on lines.org_id = jobs.org_id and lines.job_id = jobs.job_id
left join items on lines.org_id = items.org_id and lines.item_id = items.item_id
