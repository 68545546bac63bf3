{#
    Whether a document has what no cash settles: what nothing explains, and what people
    write off. What adjusts a locked period does not say that it was a write-off, so who
    decided it is asked. `lines` are those of the books that say so.
#}
{% macro in_one_book_alone(documents, lines) -%}
    (
        exists (
            select 1
            from {{ lines }} as lines
            where
                lines.org_id = {{ documents }}.org_id
                and lines.document_id = {{ documents }}.document_id
                and (
                    lines.role in ('unexplained', 'writeoff')
                    or lines.account_number in ('1099', '6850')
                )
        )
        or exists (
            select 1
            from
                (
                    {{ known_now("int_settlements_decided", adds_org=true) }}
                ) as settlements_decided
            where
                settlements_decided.org_id = {{ documents }}.org_id
                and settlements_decided.source_entity = {{ documents }}.document_type
                and settlements_decided.document_id = {{ documents }}.document_id
                and settlements_decided.kind = 'writeoff'
        )
    )
{%- endmacro %}
