-- Bills with what they cost, what settled them and what is open, beside BILL's own
-- figures.
with
    settled as (
        select org_id, bill_id, max(settlement_date) as last_settled_on
        from
            (
                {{ known_now("int_bill_settlements_cut", adds_org=true) }}
            ) as bill_settlements_cut
        where not is_reversed and cut_amount > 0
        group by org_id, bill_id
    ),

    valued as (
        select
            bills.*,
            parties.party_id,
            flagged.flags,
            settled.last_settled_on,
            settings.as_of_date,
            coalesce(
                bills.bill_date < settings.ledger_start_date, false
            ) as is_before_start,
            case when bills.is_posted then bills.home_amount else 0 end as amount_home,
            coalesce(- items.balance, 0) as open_home
        from ({{ known_now("int_bills_judged") }}) as bills
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on bills.org_id = settings.org_id
        left join
            {{ ref("int_parties_named") }} as parties
            on bills.org_id = parties.org_id
            and bills.vendor_id = parties.source_id
            and parties.source_entity = 'vendor'
        left join
            {{ ref("int_open_items_summed") }} as items
            on bills.org_id = items.org_id
            and bills.bill_id = items.document_id
            and items.document_type = 'bill'
            and items.account_number = '2000'
        left join
            {{ ref("int_flags_listed") }} as flagged
            on bills.org_id = flagged.org_id
            and bills.bill_id = flagged.document_id
            and flagged.document_type = 'bill'
        left join
            settled on bills.org_id = settled.org_id and bills.bill_id = settled.bill_id
    )

select
    org_id,
    bill_id,
    party_id,
    vendor_id as source_party_id,
    bill_number as number,
    currency,
    payment_status as status,
    approval_status as approval,
    record_status,
    case
        when is_posted and is_before_start then 'before_start' else not_posted_reason
    end as not_posted_reason,
    amount,
    cast(amount_home as decimal(18, 2)) as amount_home,
    cast(amount_home - open_home as decimal(18, 2)) as settled_home,
    cast(open_home as decimal(18, 2)) as open_home,
    due_amount as source_due,
    paid_amount as source_paid,
    scheduled_amount as source_scheduled,
    credit_amount as source_credit,
    cast(
        {{ overdue_days("due_date", "as_of_date", "open_home > 0") }} as integer
    ) as days_past_due,
    is_posted and not is_before_start as posted,
    coalesce(open_home > 0 and due_date < as_of_date, false) as is_overdue,
    bill_date,
    due_date,
    last_settled_on,
    coalesce(flags, cast([] as varchar[])) as flags
from valued
