-- How often people kept what the categorizer had answered, by the month of the answer:
-- only lines that a person decided say so, and only answers it gave count as reached.
with
    answered as (
        select
            org_id,
            cast(date_trunc('month', decided_at) as date) as month,
            category_source = 'user' as is_reviewed,
            model_account_number is not null as is_answered,
            model_account_number = account_number as is_kept
        from {{ ref("category_predictions") }}
        where decided_at is not null
    ),

    counted as (
        select
            org_id,
            month,
            count(*) as lines,
            count(*) filter (where is_answered) as answered_lines,
            count(*) filter (where is_answered and is_reviewed) as reviewed_lines,
            count(*) filter (
                where is_answered and is_reviewed and is_kept
            ) as kept_lines
        from answered
        group by org_id, month
    )

select
    org_id,
    cast(lines as bigint) as lines,
    cast(answered_lines as bigint) as answered_lines,
    cast(reviewed_lines as bigint) as reviewed_lines,
    cast(kept_lines as bigint) as kept_lines,
    cast(round(1.0 * answered_lines / lines, 4) as decimal(5, 4)) as coverage,
    cast(
        round(1.0 * kept_lines / nullif(reviewed_lines, 0), 4) as decimal(5, 4)
    ) as reached_precision,
    month
from counted
