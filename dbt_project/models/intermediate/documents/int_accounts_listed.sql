-- Each organization's accounts: the chart, and the sub-accounts of banks and cards that
-- people named in their decisions, such as 1010-2.
with
    named as (
        select org_id, account_number
        from {{ ref("stg_decisions__bank_account_map") }}
        union
        select org_id, account_number
        from {{ ref("stg_decisions__bank_transactions") }}
        union
        select org_id, account_number
        from {{ ref("stg_decisions__manual_entries") }}
        union
        select org_id, account_number
        from {{ ref("stg_decisions__settlement_overrides") }}
    )

select
    settings.org_id,
    cast(chart.account_number as {{ dbt.type_string() }}) as account_number,
    cast(chart.account_number as {{ dbt.type_string() }}) as main_account_number,
    chart.account_name
from {{ ref("chart_of_accounts") }} as chart
cross join {{ ref("int_connection_settings_dated") }} as settings
union all
select
    named.org_id,
    named.account_number,
    chart.account_number as main_account_number,
    chart.account_name || ' ' || substr(named.account_number, 6) as account_name
from named
inner join
    {{ ref("chart_of_accounts") }} as chart
    on substr(named.account_number, 1, 4) = chart.account_number
    and substr(named.account_number, 5, 1) = '-'
