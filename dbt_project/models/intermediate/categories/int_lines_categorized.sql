-- The account of every line that posts: a person's choice, else a rule, else the
-- model's answer, else the account where unplaced lines wait.
with
    lines as (select * from {{ ref("int_lines_to_categorize") }}),

    usable as (
        select accounts.account_number, directions.direction
        from {{ ref("chart_of_accounts") }} as accounts
        inner join
            (values ('ap'), ('ar')) as directions(direction)
            on accounts.applies_to in ('both', directions.direction)
        where accounts.is_categorizable
    ),

    answers as (
        select answers.*, usable.account_number is not null as is_usable
        from {{ ref("int_lines_answered") }} as answers
        left join
            usable
            on answers.account_number = usable.account_number
            and case
                when answers.source_entity in ('bill', 'vendor_credit')
                then 'ap'
                else 'ar'
            end
            = usable.direction
    )

select
    lines.snapshot_id,
    lines.source_entity,
    lines.document_id,
    lines.line_id,
    lines.line_ordinal,
    coalesce(
        overridden.account_number,
        ruled.account_number,
        case when answers.is_usable then answers.account_number end,
        case
            when lines.direction = 'ap'
            then '6999'
            when lines.source_entity = 'credit_memo'
            then '4900'
            when lines.amount < 0
            then '4910'
            else '4999'
        end
    ) as account_number,
    case
        when overridden.account_number is not null
        then 'user'
        when ruled.account_number is not null
        then 'rule'
        when answers.is_usable
        then 'model'
        else 'system'
    end as category_source,
    case
        when overridden.account_number is not null
        then 'user'
        when ruled.account_number is not null
        then 'rule'
        when answers.is_usable
        then answers.decided_by
        when answers.line_id is not null
        then 'abstain'
        else 'none'
    end as decided_by,
    case
        when overridden.account_number is not null
        then coalesce(nullif(overridden.note, ''), 'Chosen by a person')
        when ruled.account_number is not null
        then 'Rule ' || ruled.rule_id
        else answers.explanation
    end as explanation,
    answers.deciding_level,
    answers.deciding_words,
    answers.example_document_id,
    answers.account_number as model_account_number,
    answers.suggestion_1,
    answers.suggestion_2,
    answers.suggestion_3,
    answers.model_version,
    answers.lines_agreeing,
    answers.lines_alike,
    case
        when overridden.account_number is not null or ruled.account_number is not null
        then cast(1 as decimal(5, 4))
        else answers.confidence
    end as category_confidence,
    answers.confidence as model_confidence,
    answers.runner_up_confidence,
    answers.is_usual_amount,
    answers.decided_at
from lines
left join
    {{ ref("int_lines_overridden") }} as overridden
    on lines.snapshot_id = overridden.snapshot_id
    and lines.source_entity = overridden.source_entity
    and lines.document_id = overridden.document_id
    and lines.line_id = overridden.line_id
left join
    {{ ref("int_lines_ruled") }} as ruled
    on lines.snapshot_id = ruled.snapshot_id
    and lines.source_entity = ruled.source_entity
    and lines.document_id = ruled.document_id
    and lines.line_id = ruled.line_id
left join
    answers
    on lines.snapshot_id = answers.snapshot_id
    and lines.source_entity = answers.source_entity
    and lines.document_id = answers.document_id
    and lines.line_id = answers.line_id
