-- Postings on their own dates: each as it was known when its period was locked, those
-- of the open period as known now. One line of a bank's sum per entry.
{{ config(materialized="view") }}
with
    kept as (
        select spanned.*, snapshots.generation_no
        from {{ ref("int_postings_spanned") }} as spanned
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on spanned.org_id = snapshots.org_id
            and snapshots.generation_no
            between spanned.from_generation and spanned.to_generation
            and (
                snapshots.previous_lock_date is null
                or spanned.entry_date > snapshots.previous_lock_date
            )
            and (
                snapshots.lock_date is null or spanned.entry_date <= snapshots.lock_date
            )
    ),

    summed as (
        select
            org_id,
            basis,
            book_entry_key,
            {% for name in posting_attributes() -%} {{ name }}, {% endfor -%}
            entry_date,
            generation_no,
            cast(sum(amount) as decimal(18, 2)) as amount,
            cast(sum(local_amount) as decimal(18, 2)) as local_amount,
            max(source_changed_at) as source_changed_at
        from kept
        where role = 'bank'
        group by
            org_id,
            basis,
            book_entry_key,
            {% for name in posting_attributes() -%} {{ name }}, {% endfor -%}
            entry_date,
            generation_no
        union all
        select
            org_id,
            basis,
            book_entry_key,
            {% for name in posting_attributes() -%} {{ name }}, {% endfor -%}
            entry_date,
            generation_no,
            amount,
            local_amount,
            source_changed_at
        from kept
        where role <> 'bank'
    ),

    -- An entry whose document moved out of a locked period stands there for ever, so
    -- its new self needs a key of its own.
    first_kept as (
        select
            summed.*,
            min(generation_no) over (
                partition by org_id, basis, book_entry_key
            ) as first_generation
        from summed
        where amount <> 0
    )

select
    first_kept.*,
    case
        when first_kept.generation_no = first_kept.first_generation
        then first_kept.book_entry_key
        else
            first_kept.book_entry_key
            || '|again|'
            || cast(snapshots.previous_lock_date as {{ dbt.type_string() }})
    end as entry_key
from first_kept
inner join
    {{ ref("int_snapshots") }} as snapshots
    on first_kept.org_id = snapshots.org_id
    and first_kept.generation_no = snapshots.generation_no
