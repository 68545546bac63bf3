-- A credit memo takes back what was sold, and its tax, and reduces what is owed to
-- us.
{{ config(materialized="view") }}
{{ document_posted(source_entity="credit_memo", control_account="1100", line_sign=1) }}
