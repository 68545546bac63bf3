-- I11: at every month end and now, each open item is with each party what its control
-- lines add up to, so the items of a party and all of them do. From one such day to the
-- next an item changes by the lines between.
{{ config(meta={"dagster": {"ref": {"name": "ap_aging"}}}) }}
{%- set item = "org_id, account_number, document_type, document_id, party_id, source_party_id" %}
with
    days as (
        select
            org_id,
            as_of,
            lead(as_of) over (partition by org_id order by as_of) as next_day
        from ({{ aging_days() }}) as aging_days
    ),

    today as (
        select org_id, as_of_date from {{ ref("int_connection_settings_dated") }}
    ),

    followed as (
        select aged.*, days.next_day
        from
            (
                select '2000' as account_number, - open_home as amount, payables.*
                from {{ ref("ap_aging") }} as payables
                union all
                select '1100' as account_number, open_home as amount, receivables.*
                from {{ ref("ar_aging") }} as receivables
            ) as aged
        left join days on aged.org_id = days.org_id and aged.as_of = days.as_of
    ),

    moved as (
        select
            lines.*,
            case
                when
                    lines.entry_date <= today.as_of_date
                    and {{ month_start("lines.entry_date") }}
                    = {{ month_start("today.as_of_date") }}
                then today.as_of_date
                else {{ month_end("lines.entry_date") }}
            end as as_of
        from {{ ref("journal_lines") }} as lines
        inner join today on lines.org_id = today.org_id
        where lines.account_number in ('1100', '2000')
    ),

    changes as (
        select {{ item }}, as_of, amount
        from followed
        union all
        select {{ item }}, next_day as as_of, - amount as amount
        from followed
        where next_day is not null
        union all
        select {{ item }}, as_of, - amount as amount
        from moved
    )

select {{ item }}, as_of, sum(amount) as difference
from changes
group by {{ item }}, as_of
having sum(amount) <> 0
