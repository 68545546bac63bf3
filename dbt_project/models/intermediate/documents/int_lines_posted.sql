-- Every line of every document that posts, with the text and the amount by which rules
-- and the categorizer know it: a line without a text has its document's, and what a
-- credit takes back is negative.
{{ config(materialized="view") }}
select
    snapshot_id,
    org_id,
    source_entity,
    document_id,
    line_id,
    line_ordinal,
    direction,
    source_party_id as party_id,
    coalesce(
        nullif(trim(description), ''), nullif(trim(document_description), ''), ''
    ) as description,
    chart_of_account_id,
    accounting_class_id,
    department_id,
    location_id,
    item_id,
    currency,
    cast(
        case
            when source_entity in ('vendor_credit', 'credit_memo')
            then - local_amount
            else local_amount
        end as decimal(18, 2)
    ) as amount,
    document_date
from {{ ref("int_document_lines_known") }}
where is_posted and role = 'line'
