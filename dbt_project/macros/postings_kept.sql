{#
    Postings of one book on their own dates: each as it was known when its period was
    locked, those of the open period as known now. Days are few, so each day's
    generation is found first. Adds: generation_no.
#}
{% macro postings_kept(book, condition=none) -%}
    select postings.*, days.generation_no
    from {{ ref("int_" ~ book ~ "_united") }} as postings
    inner join
        (
            select posted.snapshot_id, posted.entry_date, periods.generation_no
            from
                (
                    select distinct snapshot_id, entry_date
                    from {{ ref("int_" ~ book ~ "_united") }}
                ) as posted
            inner join
                {{ ref("int_snapshots") }} as snapshots
                on posted.snapshot_id = snapshots.snapshot_id
            inner join
                {{ ref("int_snapshots") }} as periods
                on snapshots.org_id = periods.org_id
                and (
                    periods.previous_lock_date is null
                    or posted.entry_date > periods.previous_lock_date
                )
                and (
                    periods.lock_date is null or posted.entry_date <= periods.lock_date
                )
        ) as days
        on postings.snapshot_id = days.snapshot_id
        and postings.entry_date = days.entry_date
        and days.generation_no
        between postings.from_generation and postings.to_generation
    where postings.is_booked {%- if condition %} and {{ condition }} {%- endif %}
{%- endmacro %}

{#
    What stands of one book on its own date, with the keys entries keep for ever. One
    line of a bank's sum per entry. An entry whose document moved out of a locked period
    stands there for ever, so its new self needs a key of its own.
#}
{% macro postings_standing(book) -%}
    {%- set attributes = posting_attributes() | join(", ") -%}
    with
        summed as (
            select
                org_id,
                book_entry_key,
                {{ attributes }},
                entry_date,
                generation_no,
                cast(sum(amount) as decimal(18, 2)) as amount,
                cast(sum(local_amount) as decimal(18, 2)) as local_amount,
                max(source_changed_at) as source_changed_at
            from ({{ postings_kept(book, "postings.role = 'bank'") }}) as bank_lines
            group by org_id, book_entry_key, {{ attributes }}, entry_date, generation_no
            union all
            select
                org_id,
                book_entry_key,
                {{ attributes }},
                entry_date,
                generation_no,
                amount,
                local_amount,
                source_changed_at
            from ({{ postings_kept(book, "postings.role <> 'bank'") }}) as other_lines
        ),

        moved as (
            select book_entry_key, min(generation_no) as first_generation
            from ({{ postings_kept(book) }}) as kept
            group by book_entry_key
            having min(generation_no) < max(generation_no)
        )

    select
        summed.*,
        case
            when summed.generation_no > moved.first_generation
            then
                summed.book_entry_key
                || '|again|'
                || cast(snapshots.previous_lock_date as {{ dbt.type_string() }})
            else summed.book_entry_key
        end as entry_key
    from summed
    inner join
        {{ ref("int_snapshots") }} as snapshots
        on summed.org_id = snapshots.org_id
        and summed.generation_no = snapshots.generation_no
    left join moved on summed.book_entry_key = moved.book_entry_key
    where summed.amount <> 0
{%- endmacro %}
