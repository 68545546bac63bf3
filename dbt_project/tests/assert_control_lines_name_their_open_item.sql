-- I23: every line on a control account names its open item and its party.
{{ config(severity="warn") }}
select line_id
from {{ ref("journal_lines") }}
where
    account_number in ('1100', '2000')
    and (document_id is null or source_party_id is null)
