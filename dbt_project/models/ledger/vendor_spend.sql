-- What was bought from whom, by month and account: as billed and as paid.
with
    bought as ({{ bought_lines() }}),

    monthly as (
        select
            org_id,
            party_id,
            account_number,
            {{ month_start("entry_date") }} as month,
            cast(extract(year from entry_date) as integer) as calendar_year,
            sum(case when basis = 'accrual' then amount else 0 end) as accrual_amount,
            sum(case when basis = 'cash' then amount else 0 end) as cash_amount,
            count(
                distinct case
                    when basis = 'accrual' and document_type = 'bill' then document_id
                end
            ) as n_bills
        from bought
        group by
            org_id,
            party_id,
            account_number,
            {{ month_start("entry_date") }},
            cast(extract(year from entry_date) as integer)
    ),

    firsts as (
        select org_id, party_id, min(entry_date) as first_bill
        from bought
        where basis = 'accrual' and document_type = 'bill'
        group by org_id, party_id
    )

select
    monthly.org_id,
    {{
        surrogate_key(
            [
                "monthly.org_id",
                "monthly.month",
                "monthly.party_id",
                "monthly.account_number",
            ]
        )
    }} as spend_id,
    monthly.party_id,
    monthly.account_number,
    parties.display_name as party_name,
    accounts.account_name,
    cast(monthly.accrual_amount as decimal(18, 2)) as accrual_amount,
    cast(monthly.cash_amount as decimal(18, 2)) as cash_amount,
    cast(
        sum(monthly.cash_amount) over (
            partition by monthly.org_id, monthly.party_id, monthly.calendar_year
        ) as decimal(18, 2)
    ) as cash_paid_calendar_year,
    cast(monthly.n_bills as bigint) as n_bills,
    coalesce(parties.track_1099, false) as is_1099,
    monthly.month,
    firsts.first_bill
from monthly
inner join
    {{ ref("accounts") }} as accounts
    on monthly.org_id = accounts.org_id
    and monthly.account_number = accounts.account_number
left join
    {{ ref("parties") }} as parties
    on monthly.org_id = parties.org_id
    and monthly.party_id = parties.party_id
left join
    firsts on monthly.org_id = firsts.org_id and monthly.party_id = firsts.party_id
