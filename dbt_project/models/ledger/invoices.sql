-- Invoices with what they bring, what settled them and what is open, beside BILL's
-- figures.
with
    settled as (
        select org_id, invoice_id, max(settlement_date) as last_settled_on
        from
            (
                {{ known_now("int_invoice_settlements_cut", adds_org=true) }}
            ) as invoice_settlements_cut
        where not is_reversed and cut_amount > 0
        group by org_id, invoice_id
    ),

    valued as (
        select
            invoices.*,
            parties.party_id,
            flagged.flags,
            settled.last_settled_on,
            settings.as_of_date,
            coalesce(
                invoices.invoice_date < settings.ledger_start_date, false
            ) as is_before_start,
            case
                when invoices.is_posted then invoices.home_amount else 0
            end as amount_home,
            coalesce(items.balance, 0) as open_home
        from ({{ known_now("int_invoices_judged") }}) as invoices
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on invoices.org_id = settings.org_id
        left join
            {{ ref("int_parties_named") }} as parties
            on invoices.org_id = parties.org_id
            and invoices.customer_id = parties.source_id
            and parties.source_entity = 'customer'
        left join
            {{ ref("int_open_items_summed") }} as items
            on invoices.org_id = items.org_id
            and invoices.invoice_id = items.document_id
            and items.document_type = 'invoice'
            and items.account_number = '1100'
        left join
            {{ ref("int_flags_listed") }} as flagged
            on invoices.org_id = flagged.org_id
            and invoices.invoice_id = flagged.document_id
            and flagged.document_type = 'invoice'
        left join
            settled
            on invoices.org_id = settled.org_id
            and invoices.invoice_id = settled.invoice_id
    )

select
    org_id,
    invoice_id,
    party_id,
    customer_id as source_party_id,
    invoice_number as number,
    currency,
    status,
    record_status,
    case
        when is_posted and is_before_start then 'before_start' else not_posted_reason
    end as not_posted_reason,
    amount,
    tax_amount,
    cast(amount_home as decimal(18, 2)) as amount_home,
    cast(amount_home - open_home as decimal(18, 2)) as settled_home,
    cast(open_home as decimal(18, 2)) as open_home,
    due_amount as source_due,
    cast(
        amount - due_amount - coalesce(scheduled_amount, 0) as decimal(18, 2)
    ) as source_paid,
    scheduled_amount as source_scheduled,
    credit_amount as source_credit,
    cast(
        {{ overdue_days("due_date", "as_of_date", "open_home > 0") }} as integer
    ) as days_past_due,
    is_posted and not is_before_start as posted,
    coalesce(open_home > 0 and due_date < as_of_date, false) as is_overdue,
    invoice_date,
    due_date,
    last_settled_on,
    coalesce(flags, cast([] as varchar[])) as flags
from valued
