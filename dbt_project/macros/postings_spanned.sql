{#
    Postings as each snapshot has them, with the generations for which each holds. A
    generation is the time from one lock of a period to the next; the current one has no
    end. Nothing is booked before the day the ledger starts, but what people write: later
    events still find what came before it.
    `entry_key` is the key an entry has in every snapshot, where the postings' is another.
    Adds: org_id, from_generation, to_generation, is_booked.
#}
{% macro postings_spanned(postings, entry_key=none) -%}
    select
        {% for column in posting_columns() | map(attribute=0) -%}
            {% if column == "entry_key" and entry_key -%} {{ entry_key }} as entry_key,
            {% else -%} {{ postings }}.{{ column }},
            {% endif -%}
        {% endfor -%}
        snapshots.org_id,
        coalesce(
            {{ postings }}.state_from_generation, spans.from_generation, 1
        ) as from_generation,
        snapshots.generation_no as to_generation,
        {{ postings }}.amount <> 0
        and (
            snapshots.ledger_start_date is null
            or {{ postings }}.entry_date >= snapshots.ledger_start_date
            or {{ postings }}.entry_type = 'manual'
        ) as is_booked
    from {{ postings }}
    inner join
        {{ ref("int_snapshots") }} as snapshots
        on {{ postings }}.snapshot_id = snapshots.snapshot_id
    left join
        {{ ref("int_member_spans") }} as spans
        on {{ postings }}.snapshot_id = spans.snapshot_id
        and {{ postings }}.member_entity = spans.record_entity
        and {{ postings }}.member_id = spans.record_id
{%- endmacro %}
