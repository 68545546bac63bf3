-- Every bill and invoice: what the ledger holds open against what BILL says is due,
-- in the document's currency, and the reasons for what lies between.
with
    -- A document that moved to another vendor in a locked period has an item of each.
    items as (
        select
            org_id,
            account_number,
            document_type,
            document_id,
            sum(open_amount) as open_amount,
            sum(user_settlements) as user_settlements
        from {{ ref("int_open_items_local") }}
        group by org_id, account_number, document_type, document_id
    ),

    compared as (
        select
            stated.*,
            coalesce(items.open_amount, 0) as ledger_open,
            coalesce(items.user_settlements, 0) as user_settlements,
            coalesce(flights.moving_amount, 0) as moving_amount,
            -- Whether BILL still counts a payment that came back as scheduled is not
            -- documented; what it counts beyond the payments that move tells.
            greatest(
                least(
                    coalesce(flights.returned_amount, 0),
                    stated.source_scheduled
                    - coalesce(flights.moving_amount, 0)
                    - coalesce(flights.planned_amount, 0)
                ),
                0
            ) as returned_amount,
            case
                when stated.not_posted_reason is null
                then coalesce(flights.pending_credit, 0)
                else 0
            end as credits_pending,
            case
                when stated.not_posted_reason is null
                then coalesce(flights.unposted_credit, 0)
                else 0
            end as credits_not_posted,
            case
                when flights.unposted_credit <> 0 then flights.unposted_reason
            end as unposted_reason
        from {{ ref("int_source_amounts_stated") }} as stated
        left join
            items
            on stated.org_id = items.org_id
            and stated.document_type = items.document_type
            and stated.document_id = items.document_id
            and items.account_number
            = case when stated.document_type = 'bill' then '2000' else '1100' end
        left join
            {{ ref("int_settlements_in_flight") }} as flights
            on stated.org_id = flights.org_id
            and stated.document_type = flights.document_type
            and stated.document_id = flights.document_id
    ),

    termed as (
        select
            compared.*,
            moving_amount + coalesce(returned_amount, 0) as posted_not_cleared,
            case
                when not_posted_reason is not null
                then
                    source_due
                    + source_scheduled
                    - moving_amount
                    - coalesce(returned_amount, 0)
                else 0
            end as not_posted
        from compared
    ),

    explained as (
        select
            termed.*,
            source_due
            + source_scheduled
            - posted_not_cleared
            - user_settlements
            + credits_pending
            + credits_not_posted
            - not_posted as explained
        from termed
    )

select
    org_id,
    document_type,
    document_id,
    source_party_id,
    currency,
    credit_identity,
    not_posted_reason,
    unposted_reason,
    cast(ledger_open as decimal(18, 2)) as ledger_open,
    cast(source_due as decimal(18, 2)) as source_due,
    cast(source_scheduled as decimal(18, 2)) as source_scheduled,
    cast(posted_not_cleared as decimal(18, 2)) as posted_not_cleared,
    cast(user_settlements as decimal(18, 2)) as user_settlements,
    cast(credits_pending as decimal(18, 2)) as credits_pending,
    cast(credits_not_posted as decimal(18, 2)) as credits_not_posted,
    cast(not_posted as decimal(18, 2)) as not_posted,
    cast(explained as decimal(18, 2)) as explained,
    cast(ledger_open - explained as decimal(18, 2)) as unexplained,
    is_archived,
    synced_at
from explained
