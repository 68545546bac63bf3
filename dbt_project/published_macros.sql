-- What we owed vendors, open item by open item, at the end of any day.
create or replace macro ap_aging_asof(as_of_date) as table
with
    open_items as (
        select
            org_id,
            document_type,
            document_id,
            party_id,
            source_party_id,
            min(entry_date) as first_date,
            cast(-sum(amount) as decimal(18, 2)) as open_home
        from journal_lines
        where account_number = '2000' and entry_date <= cast(as_of_date as date)
        group by org_id, document_type, document_id, party_id, source_party_id
        having sum(amount) <> 0
    ),

    dated as (
        select
            open_items.*,
            case
                when open_items.open_home < 0
                then null
                when open_items.document_type = 'bill'
                then coalesce(bills.due_date, bills.bill_date)
                when open_items.document_type = 'statement'
                then open_items.first_date
            end as due_date
        from open_items
        left join
            bills
            on open_items.org_id = bills.org_id
            and case
                when open_items.document_type = 'bill' then open_items.document_id
            end = bills.bill_id
    ),

    late as (
        select
            dated.*,
            cast(
                greatest(date_diff('day', due_date, cast(as_of_date as date)), 0)
                as integer
            ) as late_days
        from dated
    )

select
    org_id,
    document_type,
    document_id,
    party_id,
    source_party_id,
    due_date,
    case when due_date is not null then late_days end as days_past_due,
    case
        when due_date is null
        then 'unapplied'
        when late_days = 0
        then 'current'
        when late_days <= 30
        then '1-30'
        when late_days <= 60
        then '31-60'
        when late_days <= 90
        then '61-90'
        else 'over 90'
    end as bucket,
    open_home
from late
;

-- What customers owed us, open item by open item, at the end of any day.
create or replace macro ar_aging_asof(as_of_date) as table
with
    open_items as (
        select
            org_id,
            document_type,
            document_id,
            party_id,
            source_party_id,
            cast(sum(amount) as decimal(18, 2)) as open_home
        from journal_lines
        where account_number = '1100' and entry_date <= cast(as_of_date as date)
        group by org_id, document_type, document_id, party_id, source_party_id
        having sum(amount) <> 0
    ),

    dated as (
        select
            open_items.*,
            case
                when open_items.document_type = 'invoice' and open_items.open_home > 0
                then coalesce(invoices.due_date, invoices.invoice_date)
            end as due_date
        from open_items
        left join
            invoices
            on open_items.org_id = invoices.org_id
            and case
                when open_items.document_type = 'invoice' then open_items.document_id
            end = invoices.invoice_id
    ),

    late as (
        select
            dated.*,
            cast(
                greatest(date_diff('day', due_date, cast(as_of_date as date)), 0)
                as integer
            ) as late_days
        from dated
    )

select
    org_id,
    document_type,
    document_id,
    party_id,
    source_party_id,
    due_date,
    case when due_date is not null then late_days end as days_past_due,
    case
        when due_date is null
        then 'unapplied'
        when late_days = 0
        then 'current'
        when late_days <= 30
        then '1-30'
        when late_days <= 60
        then '31-60'
        when late_days <= 90
        then '61-90'
        else 'over 90'
    end as bucket,
    open_home
from late
;
