-- Every posted line with its category: who decided, how sure, why, and what else it
-- may be.
select
    lines.org_id,
    lines.source_entity,
    lines.document_id,
    lines.line_id,
    parties.party_id,
    lines.party_id as source_party_id,
    categorized.account_number,
    accounts.account_name,
    lines.vendor_name as party_name,
    lines.description,
    categorized.category_source,
    categorized.decided_by,
    coalesce(categorized.explanation, answers.explanation) as explanation,
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
    lines.currency,
    lines.amount,
    cast(
        case
            when lines.source_entity in ('vendor_credit', 'credit_memo')
            then - known.home_amount
            else known.home_amount
        end as decimal(18, 2)
    ) as amount_home,
    categorized.category_confidence as confidence,
    answers.confidence as model_confidence,
    answers.runner_up_confidence,
    answers.is_usual_amount,
    lines.txn_date as document_date,
    answers.decided_at
from {{ ref("int_lines_to_categorize") }} as lines
inner join
    ({{ known_now("int_lines_categorized", adds_org=true) }}) as categorized
    on lines.org_id = categorized.org_id
    and lines.source_entity = categorized.source_entity
    and lines.document_id = categorized.document_id
    and lines.line_id = categorized.line_id
inner join
    ({{ known_now("int_document_lines_known") }}) as known
    on lines.org_id = known.org_id
    and lines.source_entity = known.source_entity
    and lines.document_id = known.document_id
    and lines.line_id = known.line_id
    and known.role = 'line'
left join
    {{ ref("stg_categorizer__line_categories") }} as answers
    on lines.org_id = answers.org_id
    and categorized.decision_id = answers.decision_id
left join
    {{ ref("chart_of_accounts") }} as accounts
    on categorized.account_number = accounts.account_number
left join
    {{ ref("int_parties_named") }} as parties
    on lines.org_id = parties.org_id
    and lines.party_id = parties.source_id
    and case when lines.direction = 'ap' then 'vendor' else 'customer' end
    = parties.source_entity
