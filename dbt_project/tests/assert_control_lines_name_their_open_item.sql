-- I23: every line on a control account names its open item and its party, and every
-- other line of a document's entry names the document.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
select lines.line_id
from {{ ref("journal_lines") }} as lines
inner join
    {{ ref("journal_entries") }} as entries
    on lines.org_id = entries.org_id
    and lines.entry_id = entries.entry_id
where
    (
        lines.account_number in ('1100', '2000')
        and (lines.document_id is null or lines.source_party_id is null)
    )
    or (
        entries.entry_type in ('bill', 'vendor_credit', 'invoice', 'credit_memo')
        and lines.document_id is distinct from entries.source_id
    )
