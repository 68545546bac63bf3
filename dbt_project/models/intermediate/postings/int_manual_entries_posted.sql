-- An entry a person wrote, line by line as written.
{{ config(materialized="view") }}
with
    parties as (
        select
            snapshot_id,
            entry_id,
            case
                when min(source_party_id) = max(source_party_id)
                then min(source_party_id)
            end as entry_party_id
        from {{ ref("int_manual_entries_known") }}
        group by snapshot_id, entry_id
    ),

    lines as (
        select
            known.*,
            parties.entry_party_id,
            known.snapshot_id || '|manual|' || known.entry_id as entry_key,
            cast(known.line_number as {{ dbt.type_string() }}) as line_reference
        from {{ ref("int_manual_entries_known") }} as known
        inner join
            parties
            on known.snapshot_id = parties.snapshot_id
            and known.entry_id = parties.entry_id
        where not known.is_waiting
    )

select
    {{
        posting(
            snapshot_id="snapshot_id",
            entry_key="entry_key",
            entry_type="'manual'",
            source_entity="'manual'",
            source_id="entry_id",
            memo="memo",
            role="role",
            line_reference="line_reference",
            account_number="account_number",
            document_type="document_type",
            document_id="document_id",
            entry_party_id="entry_party_id",
            source_party_id="source_party_id",
            description="memo",
            category_source="'user'",
            line_order="line_number",
            amount="amount",
            entry_date="entry_date",
            source_changed_at="effective_at",
        )
    }}
from lines
