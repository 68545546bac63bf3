-- What changed in locked periods after their lock, booked on the first open day: per
-- entry, account, open item and party what is known now less what was known then.
with
    sides as (
        select spanned.*, spanned.from_generation as generation_no, 1 as sign
        from {{ ref("int_postings_spanned") }} as spanned
        where spanned.from_generation > 1
        union all
        select spanned.*, spanned.to_generation + 1 as generation_no, -1 as sign
        from {{ ref("int_postings_spanned") }} as spanned
    ),

    -- No later generation follows the current one, so this join ends its postings.
    behind as (
        select sides.*, snapshots.previous_lock_date
        from sides
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on sides.org_id = snapshots.org_id
            and sides.generation_no = snapshots.generation_no
            and sides.entry_date <= snapshots.previous_lock_date
    ),

    netted as (
        select
            org_id,
            basis,
            book_entry_key,
            generation_no,
            previous_lock_date,
            account_number,
            document_type,
            document_id,
            source_party_id,
            min(source_entity) as source_entity,
            min(source_id) as source_id,
            min(source_number) as source_number,
            min(entry_party_id) as entry_party_id,
            case
                when min(local_currency) = max(local_currency) then min(local_currency)
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
            max(source_changed_at) as source_changed_at
        from behind
        group by
            org_id,
            basis,
            book_entry_key,
            generation_no,
            previous_lock_date,
            account_number,
            document_type,
            document_id,
            source_party_id
    ),

    sized as (
        select
            netted.*,
            sum(greatest(amount_now, 0)) over (
                partition by org_id, basis, book_entry_key, generation_no
            ) as total_now,
            sum(greatest(amount_then, 0)) over (
                partition by org_id, basis, book_entry_key, generation_no
            ) as total_then
        from netted
    ),

    -- Whether the entry also stands on an open day, before or after the change.
    open_entries as (
        select distinct
            spanned.org_id, spanned.basis, spanned.book_entry_key, sides.generation_no
        from {{ ref("int_postings_spanned") }} as spanned
        inner join
            (
                select distinct org_id, basis, book_entry_key, generation_no
                from sized
                where amount <> 0 and (total_now = 0 or total_then = 0)
            ) as sides
            on spanned.org_id = sides.org_id
            and spanned.basis = sides.basis
            and spanned.book_entry_key = sides.book_entry_key
            and (
                spanned.from_generation = sides.generation_no
                or spanned.to_generation = sides.generation_no - 1
            )
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on spanned.org_id = snapshots.org_id
            and sides.generation_no = snapshots.generation_no
            and spanned.entry_date > snapshots.previous_lock_date
    )

select
    sized.org_id,
    sized.basis,
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
    sized.source_changed_at
from sized
left join
    open_entries
    on sized.org_id = open_entries.org_id
    and sized.basis = open_entries.basis
    and sized.book_entry_key = open_entries.book_entry_key
    and sized.generation_no = open_entries.generation_no
where sized.amount <> 0
