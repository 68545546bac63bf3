-- Whether each bill posts, and if not why not.
with
    bills as (select * from {{ ref("int_bills_known") }}),

    settled as (
        select allotted.snapshot_id, allotted.bill_id
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            {{ ref("int_payments_known") }} as payments
            on allotted.snapshot_id = payments.snapshot_id
            and allotted.payment_id = payments.payment_id
        where payments.is_posted and not payments.is_voided and allotted.cash_amount > 0
        union
        select snapshot_id, bill_id
        from {{ ref("int_vendor_credits_used") }}
        where is_effective and not is_reversed
    ),

    judged as (
        select
            bills.*,
            settled.bill_id is not null as has_live_settlement,
            case
                when bills.record_status in ('DRAFT', 'DRAFT_DELETED')
                then 'draft'
                when
                    (bills.record_status = 'INACTIVE' or bills.is_archived)
                    and settled.bill_id is null
                then 'archived'
                when bills.amount = 0
                then 'zero_amount'
                when excluded.document_id is not null
                then 'excluded_by_user'
                when
                    bills.approval_status = 'DENIED'
                    and bills.bill_posting_policy <> 'all_active'
                    and settled.bill_id is null
                then 'denied'
                when
                    bills.bill_posting_policy = 'approved_only'
                    and coalesce(bills.approval_status, 'UNDEFINED')
                    not in ('APPROVED', 'UNASSIGNED', 'DENIED')
                    and settled.bill_id is null
                then 'not_approved'
                when bills.home_amount is null
                then 'fx_rate_missing'
            end as not_posted_reason
        from bills
        left join
            settled
            on bills.snapshot_id = settled.snapshot_id
            and bills.bill_id = settled.bill_id
        left join
            {{ ref("int_documents_excluded") }} as excluded
            on bills.snapshot_id = excluded.snapshot_id
            and bills.bill_id = excluded.document_id
            and excluded.source_entity = 'bill'
    )

select
    judged.*,
    not_posted_reason is null as is_posted,
    not_posted_reason is null
    and (
        coalesce(approval_status, 'UNDEFINED') not in ('APPROVED', 'UNASSIGNED')
    ) as is_posted_unapproved,
    not_posted_reason is null
    and (record_status = 'INACTIVE' or is_archived) as is_archived_with_payments
from judged
