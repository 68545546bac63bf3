{#
    What changed in one book's locked periods after their lock, booked on the first open
    day: per entry, account, open item and party what is known now less what was known
    then.
#}
{% macro postings_adjusted(united) -%}
    {%- set key = [
        "org_id",
        "book_entry_key",
        "generation_no",
        "previous_lock_date",
        "account_number",
        "document_type",
        "document_id",
        "source_party_id",
    ] | join(", ") %}
    with
        -- Nearly all postings of a changed record are as they were: sums alone tell.
        changed as (
            select distinct book_entry_key, generation_no
            from
                (
                    select {{ key }}
                    from ({{ postings_behind(united) }}) as behind
                    group by {{ key }}
                    having sum(sign * amount) <> 0
                ) as sums
        ),

        behind as (
            select behind.*
            from ({{ postings_behind(united) }}) as behind
            inner join
                changed
                on behind.book_entry_key = changed.book_entry_key
                and behind.generation_no = changed.generation_no
        ),

        netted as (
            select
                {{ key }},
                min(source_entity) as source_entity,
                min(source_id) as source_id,
                min(source_number) as source_number,
                min(entry_party_id) as entry_party_id,
                case
                    when min(local_currency) = max(local_currency)
                    then min(local_currency)
                end as local_currency,
                case
                    when min(accounting_class_id) = max(accounting_class_id)
                    then min(accounting_class_id)
                end as accounting_class_id,
                case
                    when min(department_id) = max(department_id) then min(department_id)
                end as department_id,
                case
                    when min(location_id) = max(location_id) then min(location_id)
                end as location_id,
                case when min(job_id) = max(job_id) then min(job_id) end as job_id,
                case when min(item_id) = max(item_id) then min(item_id) end as item_id,
                case
                    when min(category_source) = max(category_source)
                    then min(category_source)
                    else 'system'
                end as category_source,
                min(line_order) as line_order,
                cast(sum(sign * amount) as decimal(18, 2)) as amount,
                cast(
                    sum(sign * coalesce(local_amount, amount)) as decimal(18, 2)
                ) as local_amount,
                cast(
                    sum(case when sign > 0 then amount else 0 end) as decimal(18, 2)
                ) as amount_now,
                cast(
                    sum(case when sign < 0 then amount else 0 end) as decimal(18, 2)
                ) as amount_then,
                min(entry_date) as adjusted_date,
                max(source_changed_at) as source_changed_at,
                max(case when sign > 0 then source_changed_at end) as known_since
            from behind
            group by {{ key }}
        ),

        sized as (
            select
                netted.*,
                sum(greatest(amount_now, 0)) over (
                    partition by org_id, book_entry_key, generation_no
                ) as total_now,
                sum(greatest(amount_then, 0)) over (
                    partition by org_id, book_entry_key, generation_no
                ) as total_then,
                max(known_since) over (
                    partition by org_id, book_entry_key, generation_no
                ) as entry_known_since
            from netted
        ),

        -- What is only taken back changed with the record's next version.
        taken_back as (
            select
                sides.book_entry_key,
                sides.generation_no,
                min(versions.synced_at) as known_since
            from
                (
                    select distinct
                        org_id, book_entry_key, generation_no, source_entity, source_id
                    from sized
                    where amount <> 0 and entry_known_since is null
                ) as sides
            inner join
                {{ ref("int_snapshots") }} as snapshots
                on sides.org_id = snapshots.org_id
                and sides.generation_no = snapshots.generation_no + 1
            inner join
                {{ ref("int_records_versioned") }} as versions
                on sides.org_id = versions.org_id
                and sides.source_entity || ':' || sides.source_id = versions.record_key
                and snapshots.as_of < versions.synced_at
            group by sides.book_entry_key, sides.generation_no
        ),

        -- Whether the entry also stands on an open day, before or after the change.
        open_entries as (
            select distinct sides.book_entry_key, sides.generation_no
            from {{ ref(united) }} as posted
            inner join
                (
                    select distinct book_entry_key, generation_no, previous_lock_date
                    from sized
                    where amount <> 0 and (total_now = 0 or total_then = 0)
                ) as sides
                on posted.entry_key = sides.book_entry_key
                and posted.entry_date > sides.previous_lock_date
                and (
                    posted.from_generation = sides.generation_no
                    or posted.to_generation = sides.generation_no - 1
                )
            where posted.is_booked
        )

    select
        sized.org_id,
        sized.book_entry_key,
        sized.book_entry_key
        || '|adj|'
        || cast(sized.previous_lock_date as {{ dbt.type_string() }}) as entry_key,
        case
            when open_entries.book_entry_key is not null
            then 'redated'
            when sized.total_then = 0
            then 'backdated_new'
            when sized.total_now = 0
            then 'archived'
            when sized.total_now = sized.total_then
            then 'recategorized'
            else 'amount_changed'
        end as reason,
        sized.source_entity,
        sized.source_id,
        sized.source_number,
        sized.account_number,
        sized.document_type,
        sized.document_id,
        sized.entry_party_id,
        sized.source_party_id,
        sized.local_currency,
        sized.category_source,
        sized.accounting_class_id,
        sized.department_id,
        sized.location_id,
        sized.job_id,
        sized.item_id,
        sized.line_order,
        sized.generation_no,
        sized.amount,
        sized.local_amount,
        sized.adjusted_date,
        {{ days_after("sized.previous_lock_date", 1) }} as entry_date,
        coalesce(
            sized.entry_known_since, taken_back.known_since, sized.source_changed_at
        ) as source_changed_at
    from sized
    left join
        open_entries
        on sized.book_entry_key = open_entries.book_entry_key
        and sized.generation_no = open_entries.generation_no
    left join
        taken_back
        on sized.book_entry_key = taken_back.book_entry_key
        and sized.generation_no = taken_back.generation_no
    where sized.amount <> 0
{%- endmacro %}

{#
    Postings on days that were locked when their record's state began or ended, once for
    each: added from then on, or taken back. Adds: generation_no, previous_lock_date, sign.
#}
{% macro postings_behind(united) -%}
    {%- for side, sign in [("from_generation", 1), ("to_generation + 1", -1)] -%}
        select
            postings.*,
            postings.entry_key as book_entry_key,
            snapshots.generation_no,
            snapshots.previous_lock_date,
            {{ sign }} as sign
        from {{ ref(united) }} as postings
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on postings.org_id = snapshots.org_id
            and postings.{{ side }} = snapshots.generation_no
            and postings.entry_date <= snapshots.previous_lock_date
        where postings.is_booked
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
{%- endmacro %}
