-- Every month from the first posting to the later of now and the last posting.
with recursive
    bounds as (
        select
            settings.org_id,
            {{ month_start("min(postings.entry_date)") }} as first_month,
            {{
                month_start(
                    "greatest(max(postings.entry_date), max(settings.as_of_date))"
                )
            }} as last_month
        from {{ ref("int_connection_settings_dated") }} as settings
        inner join ({{ both_books() }}) as postings on settings.org_id = postings.org_id
        group by settings.org_id
    ),

    months as (
        select org_id, first_month as month, last_month
        from bounds
        union all
        select
            org_id,
            cast({{ dbt.dateadd("month", 1, "month") }} as date) as month,
            last_month
        from months
        where month < last_month
    )

select org_id, month, {{ month_end("month") }} as month_end
from months
