-- The account of every line that posts: a person's choice, else a rule, else the
-- model's answer, else the account where unplaced lines wait.
with
    lines as (select * from {{ ref("int_lines_posted") }}),

    usable as (
        select accounts.account_number, directions.direction
        from {{ ref("chart_of_accounts") }} as accounts
        inner join
            (values ('ap'), ('ar')) as directions(direction)
            on accounts.applies_to in ('both', directions.direction)
        where accounts.is_categorizable
    ),

    answers as (
        select
            answered.snapshot_id,
            answered.source_entity,
            answered.document_id,
            answered.line_id,
            answered.decision_id,
            said.account_number,
            said.decided_by,
            said.confidence
        from {{ ref("int_lines_answered") }} as answered
        inner join
            {{ ref("stg_categorizer__line_categories") }} as said
            on answered.org_id = said.org_id
            and answered.decision_id = said.decision_id
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
        usable.account_number,
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
        when usable.account_number is not null
        then 'model'
        else 'system'
    end as category_source,
    case
        when overridden.account_number is not null
        then 'user'
        when ruled.account_number is not null
        then 'rule'
        when usable.account_number is not null
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
    end as explanation,
    answers.decision_id,
    case
        when overridden.account_number is not null or ruled.account_number is not null
        then cast(1 as decimal(5, 4))
        else answers.confidence
    end as category_confidence
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
left join
    usable
    on answers.account_number = usable.account_number
    and lines.direction = usable.direction
