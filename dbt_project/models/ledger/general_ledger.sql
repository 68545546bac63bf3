-- Both books flat: every line with its entry, account, party and dimensions by name,
-- and the account's balance after it. A view: copied out it would weigh more than both
-- books.
{{ config(materialized="view") }}
with
    lines as ({{ both_books() }}), dimensions as (select * from {{ ref("dimensions") }})

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
    classes.name as class_name,
    departments.name as department_name,
    locations.name as location_name,
    jobs.name as job_name,
    items.name as item_name,
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
    dimensions as classes
    on lines.org_id = classes.org_id
    and lines.class_id = classes.dimension_id
    and classes.dimension = 'class'
left join
    dimensions as departments
    on lines.org_id = departments.org_id
    and lines.department_id = departments.dimension_id
    and departments.dimension = 'department'
left join
    dimensions as locations
    on lines.org_id = locations.org_id
    and lines.location_id = locations.dimension_id
    and locations.dimension = 'location'
left join
    dimensions as jobs
    on lines.org_id = jobs.org_id
    and lines.job_id = jobs.dimension_id
    and jobs.dimension = 'job'
left join
    dimensions as items
    on lines.org_id = items.org_id
    and lines.item_id = items.dimension_id
    and items.dimension = 'item'
