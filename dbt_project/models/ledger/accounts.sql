-- The chart of accounts and its bank sub-accounts, with whether anything was ever
-- posted to each account.
with used as (select distinct org_id, account_number from ({{ both_books() }}) as lines)

select
    listed.org_id,
    listed.account_number,
    listed.account_name,
    chart.account_type,
    chart.account_subtype,
    chart.normal_balance,
    chart.statement,
    chart.statement_line,
    chart.cash_flow_class,
    chart.applies_to,
    chart.description,
    chart.keyword_hints,
    chart.is_control,
    chart.is_system,
    chart.is_categorizable,
    used.account_number is not null as is_active
from {{ ref("int_accounts_listed") }} as listed
inner join
    {{ ref("chart_of_accounts") }} as chart
    on listed.main_account_number = chart.account_number
left join
    used on listed.org_id = used.org_id and listed.account_number = used.account_number
