-- I9: no orphans: entries have lines, lines have a party where they name one, and
-- applications name documents that are there.
{{ config(meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
select entry_id as key, 'entry without lines' as problem
from {{ ref("journal_entries") }} as entries
where
    not exists (
        select 1
        from {{ ref("journal_lines") }} as lines
        where lines.org_id = entries.org_id and lines.entry_id = entries.entry_id
    )
    and not exists (
        select 1
        from {{ ref("journal_lines_cash") }} as lines
        where lines.org_id = entries.org_id and lines.entry_id = entries.entry_id
    )
union all
select line_id as key, 'line without party' as problem
from {{ ref("journal_lines") }}
where source_party_id is not null and party_id is null
union all
select to_id as key, 'application of no document' as problem
from {{ ref("payment_applications") }} as applications
where
    not exists (
        select 1
        from ({{ known_now("int_documents_judged") }}) as documents
        where
            documents.org_id = applications.org_id
            and documents.source_entity = applications.to_type
            and documents.document_id = applications.to_id
    )
