{#
    One book's entries with the keys they keep for ever: what stands on its own date, and
    what was adjusted later. An entry whose document moved out of a locked period stands
    there for ever, so its new self needs a key of its own.
#}
{% macro book_entries(book) -%}
    with
        standing as (
            select
                org_id,
                book_entry_key,
                entry_type,
                source_entity,
                source_id,
                min(source_number) as source_number,
                min(memo) as memo,
                min(entry_party_id) as entry_party_id,
                generation_no,
                min(entry_date) as entry_date,
                max(source_changed_at) as source_changed_at
            from ({{ postings_kept(book) }}) as kept
            group by
                org_id,
                book_entry_key,
                entry_type,
                source_entity,
                source_id,
                generation_no
        ),

        moved as (
            select book_entry_key, min(generation_no) as first_generation
            from standing
            group by book_entry_key
            having min(generation_no) < max(generation_no)
        ),

        entries as (
            select
                standing.org_id,
                standing.book_entry_key,
                case
                    when standing.generation_no > moved.first_generation
                    then
                        standing.book_entry_key
                        || '|again|'
                        || cast(snapshots.previous_lock_date as {{ dbt.type_string() }})
                    else standing.book_entry_key
                end as entry_key,
                standing.entry_type,
                standing.source_entity,
                standing.source_id,
                standing.source_number,
                standing.memo,
                standing.entry_party_id,
                cast(null as {{ dbt.type_string() }}) as adjusts_entry_key,
                cast(null as {{ dbt.type_string() }}) as reason,
                standing.generation_no,
                standing.entry_date,
                cast(null as date) as adjusted_date,
                standing.source_changed_at
            from standing
            inner join
                {{ ref("int_snapshots") }} as snapshots
                on standing.org_id = snapshots.org_id
                and standing.generation_no = snapshots.generation_no
            left join moved on standing.book_entry_key = moved.book_entry_key
            union all
            select
                org_id,
                book_entry_key,
                entry_key,
                'adjusting' as entry_type,
                source_entity,
                source_id,
                min(source_number) as source_number,
                'Change in a locked period' as memo,
                min(entry_party_id) as entry_party_id,
                book_entry_key as adjusts_entry_key,
                min(reason) as reason,
                generation_no,
                min(entry_date) as entry_date,
                min(adjusted_date) as adjusted_date,
                max(source_changed_at) as source_changed_at
            from {{ ref("int_" ~ book ~ "_adjusted") }}
            group by
                org_id,
                book_entry_key,
                entry_key,
                source_entity,
                source_id,
                generation_no
        )

    select
        org_id,
        {{ surrogate_key(["entry_key"]) }} as entry_id,
        entry_key,
        book_entry_key,
        entry_type,
        source_entity,
        source_id,
        source_number,
        memo,
        entry_party_id,
        case
            when adjusts_entry_key is not null
            then {{ surrogate_key(["adjusts_entry_key"]) }}
        end as adjusts_entry_id,
        reason,
        generation_no,
        entry_date,
        adjusted_date,
        source_changed_at
    from entries
{%- endmacro %}
