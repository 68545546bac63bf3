{#
    Postings of one book on their own dates: each as it was known when its period was
    locked, those of the open period as known now. Days are few, so each day's
    generation is found first. Adds: book_entry_key, generation_no.
#}
{% macro postings_kept(book) -%}
    select postings.*, postings.entry_key as book_entry_key, days.generation_no
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
    where postings.is_booked
{%- endmacro %}
