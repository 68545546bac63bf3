-- Each party's balance in BILL, with or without credits, beside its open items here.
{%- set terms = [
    "source_scheduled",
    "posted_not_cleared",
    "user_settlements",
    "credits_pending",
    "credits_not_posted",
] %}
with
    parties as (
        select
            snapshots.org_id,
            'vendor' as document_type,
            vendors.vendor_id as document_id,
            vendors.currency,
            vendors.balance_amount as source_due,
            snapshots.as_of
        from {{ ref("int_vendors_known") }} as vendors
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on vendors.snapshot_id = snapshots.snapshot_id
            and snapshots.is_current
        union all
        select
            snapshots.org_id,
            'customer' as document_type,
            customers.customer_id as document_id,
            customers.currency,
            customers.balance_amount as source_due,
            snapshots.as_of
        from {{ ref("int_customers_known") }} as customers
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on customers.snapshot_id = snapshots.snapshot_id
            and snapshots.is_current
    ),

    documents as (
        select
            org_id,
            case
                when document_type = 'bill' then 'vendor' else 'customer'
            end as party_type,
            source_party_id,
            {% for name in terms -%}
                sum(case when is_archived then 0 else {{ name }} end) as {{ name }},
            {% endfor -%}
            min(unposted_reason) as unposted_reason,
            sum(
                case when is_archived then - ledger_open else not_posted end
            ) as not_posted,
            sum(unexplained) as documents_unexplained,
            max(synced_at) as synced_at
        from {{ ref("int_documents_reconciled") }}
        group by
            org_id,
            case when document_type = 'bill' then 'vendor' else 'customer' end,
            source_party_id
    ),

    items as (
        select
            org_id,
            case
                when account_number = '2000' then 'vendor' else 'customer'
            end as party_type,
            source_party_id,
            sum(open_amount) as ledger_open,
            - sum(
                case
                    when document_type in ('vendor_credit', 'credit_memo')
                    then open_amount
                    else 0
                end
            ) as unused_credits,
            - sum(
                case
                    when
                        document_type
                        not in ('bill', 'invoice', 'vendor_credit', 'credit_memo')
                    then open_amount
                    else 0
                end
            ) as money_on_account
        from {{ ref("int_open_items_local") }}
        group by
            org_id,
            case when account_number = '2000' then 'vendor' else 'customer' end,
            source_party_id
    ),

    compared as (
        select
            parties.*,
            coalesce(documents.synced_at, parties.as_of) as synced_at,
            coalesce(items.ledger_open, 0) as ledger_open,
            coalesce(documents.documents_unexplained, 0) as documents_unexplained,
            {% for name in terms -%}
                coalesce(documents.{{ name }}, 0) as {{ name }},
            {% endfor -%}
            documents.unposted_reason,
            coalesce(documents.not_posted, 0) as not_posted,
            coalesce(items.unused_credits, 0) as unused_credits,
            coalesce(items.money_on_account, 0) as money_on_account,
            parties.source_due
            + coalesce(documents.source_scheduled, 0)
            - coalesce(documents.posted_not_cleared, 0)
            - coalesce(documents.user_settlements, 0)
            + coalesce(documents.credits_pending, 0)
            + coalesce(documents.credits_not_posted, 0)
            - coalesce(documents.not_posted, 0) as expected
        from parties
        left join
            documents
            on parties.org_id = documents.org_id
            and parties.document_type = documents.party_type
            and parties.document_id = documents.source_party_id
        left join
            items
            on parties.org_id = items.org_id
            and parties.document_type = items.party_type
            and parties.document_id = items.source_party_id
        where parties.source_due is not null
    ),

    chosen as (
        select
            compared.*,
            case
                when ledger_open = expected - unused_credits - money_on_account
                then 'without_credits'
                when ledger_open = expected - unused_credits
                then 'less_money_on_account'
                when ledger_open = expected - money_on_account
                then 'less_unused_credits'
                when ledger_open = expected
                then 'less_both'
                else 'without_credits'
            end as balance_reading
        from compared
    ),

    settled as (
        select
            chosen.*,
            case
                balance_reading
                when 'without_credits'
                then unused_credits + money_on_account
                when 'less_money_on_account'
                then unused_credits
                when 'less_unused_credits'
                then money_on_account
                else 0
            end as open_credits
        from chosen
    )

select
    org_id,
    document_type,
    document_id,
    currency,
    balance_reading,
    unposted_reason,
    cast(ledger_open as decimal(18, 2)) as ledger_open,
    cast(source_due as decimal(18, 2)) as source_due,
    cast(source_scheduled as decimal(18, 2)) as source_scheduled,
    cast(posted_not_cleared as decimal(18, 2)) as posted_not_cleared,
    cast(user_settlements as decimal(18, 2)) as user_settlements,
    cast(credits_pending as decimal(18, 2)) as credits_pending,
    cast(credits_not_posted as decimal(18, 2)) as credits_not_posted,
    cast(not_posted as decimal(18, 2)) as not_posted,
    cast(open_credits as decimal(18, 2)) as open_credits,
    cast(expected - open_credits as decimal(18, 2)) as explained,
    cast(ledger_open - (expected - open_credits) as decimal(18, 2)) as unexplained,
    ledger_open - (expected - open_credits) = documents_unexplained
    and documents_unexplained <> 0 as is_of_documents,
    synced_at
from settled
