-- The chart of accounts, with whether anything was ever posted to each account.
with
    used as (
        select distinct org_id, account_number from {{ ref("int_journal_composed") }}
    )

select
    settings.org_id,
    cast(chart.account_number as {{ dbt.type_string() }}) as account_number,
    chart.account_name,
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
from {{ ref("chart_of_accounts") }} as chart
cross join {{ ref("int_connection_settings_dated") }} as settings
left join
    used on settings.org_id = used.org_id and chart.account_number = used.account_number
