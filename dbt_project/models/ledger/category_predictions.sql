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
    categorized.explanation,
    categorized.deciding_level,
    categorized.deciding_words,
    categorized.example_document_id,
    categorized.model_account_number,
    categorized.suggestion_1,
    categorized.suggestion_2,
    categorized.suggestion_3,
    categorized.model_version,
    categorized.lines_agreeing,
    categorized.lines_alike,
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
    categorized.model_confidence,
    categorized.runner_up_confidence,
    categorized.is_usual_amount,
    lines.txn_date as document_date,
    categorized.decided_at
from ({{ known_now("int_lines_to_categorize") }}) as lines
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
    {{ ref("chart_of_accounts") }} as accounts
    on categorized.account_number = accounts.account_number
left join
    {{ ref("int_parties_named") }} as parties
    on lines.org_id = parties.org_id
    and lines.party_id = parties.source_id
    and case when lines.direction = 'ap' then 'vendor' else 'customer' end
    = parties.source_entity
