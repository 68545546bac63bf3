-- I15: net income of the balance sheet is the year to date of profit and loss, and both
-- are what the lines say, summed by dates of the fiscal year.
{{ config(meta={"dagster": {"ref": {"name": "balance_sheet"}}}) }}
with
    stated as (
        select
            org_id,
            basis,
            month_end,
            sum(case when account_number = 'net_income' then amount end) as net_income,
            sum(amount) as earned_ever
        from {{ ref("balance_sheet") }}
        where account_number in ('3900', 'net_income')
        group by org_id, basis, month_end
    ),

    reported as (
        select
            org_id,
            basis,
            {{ month_end("month") }} as month_end,
            sum(
                case
                    when account_type in ('revenue', 'other_income') then ytd else - ytd
                end
            ) as net_income
        from {{ ref("profit_and_loss") }}
        group by org_id, basis, {{ month_end("month") }}
    ),

    monthly as (
        select
            lines.org_id,
            lines.basis,
            {{ fiscal_year("lines.entry_date", "settings.fiscal_year_start_month") }}
            as fiscal_year,
            {{ month_end("lines.entry_date") }} as month_end,
            - sum(lines.amount) as earned_or_kept,
            - sum(
                case when lines.account_number = '3900' then 0 else lines.amount end
            ) as earned
        from ({{ both_books() }}) as lines
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on lines.org_id = settings.org_id
        where
            lines.account_type not in ('asset', 'liability', 'equity')
            or lines.account_number = '3900'
        group by
            lines.org_id,
            lines.basis,
            {{ fiscal_year("lines.entry_date", "settings.fiscal_year_start_month") }},
            {{ month_end("lines.entry_date") }}
    ),

    earned as (
        select
            stated.org_id,
            stated.basis,
            stated.month_end,
            min(stated.net_income) as net_income,
            min(stated.earned_ever) as earned_ever,
            coalesce(sum(monthly.earned_or_kept), 0) as lines_ever,
            coalesce(
                sum(
                    case
                        when
                            monthly.fiscal_year
                            = {{
                                fiscal_year(
                                    "stated.month_end",
                                    "settings.fiscal_year_start_month",
                                )
                            }}
                        then monthly.earned
                    end
                ),
                0
            ) as lines_year
        from stated
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on stated.org_id = settings.org_id
        left join
            monthly
            on stated.org_id = monthly.org_id
            and stated.basis = monthly.basis
            and monthly.month_end <= stated.month_end
        group by stated.org_id, stated.basis, stated.month_end
    )

select earned.org_id, earned.basis, earned.month_end
from earned
left join
    reported
    on earned.org_id = reported.org_id
    and earned.basis = reported.basis
    and earned.month_end = reported.month_end
where
    earned.net_income <> earned.lines_year
    or earned.earned_ever <> earned.lines_ever
    or earned.net_income <> coalesce(reported.net_income, 0)
