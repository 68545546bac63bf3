-- The lines of the entries people wrote, as each snapshot knows them. An open item
-- keeps
-- its own party, whoever the line names. An entry that names a document or a party BILL
-- has not shown yet, or a document of the other side, waits.
with
    entries as (
        select entries.*, snapshots.as_of
        from
            (
                {{ decisions_in_force("manual_entries", ["org_id", "entry_id"]) }}
            ) as entries
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on entries.snapshot_id = snapshots.snapshot_id
        where
            entries.is_current
            or exists (
                select 1
                from {{ ref("int_snapshot_members") }} as members
                where
                    members.snapshot_id = entries.snapshot_id
                    and members.record_entity = 'manual'
                    and members.record_id = entries.entry_id
            )
    ),

    items as (
        select
            snapshot_id,
            document_id,
            source_entity as document_type,
            direction,
            source_party_id
        from {{ ref("int_documents_judged") }}
        union all
        select
            snapshot_id,
            payment_id as document_id,
            'payment' as document_type,
            'ap' as direction,
            vendor_id as source_party_id
        from {{ ref("int_payments_known") }}
        union all
        select
            snapshot_id,
            receipt_id as document_id,
            'receipt' as document_type,
            'ar' as direction,
            customer_id as source_party_id
        from {{ ref("int_receipts_known") }}
        union all
        select
            snapshot_id,
            statement_id as document_id,
            'statement' as document_type,
            'ap' as direction,
            'BILL' as source_party_id
        from {{ ref("int_statements_known") }}
    ),

    typed as (
        select
            snapshot_id,
            document_id,
            min(case when direction = 'ap' then document_type end) as ap_type,
            min(case when direction = 'ar' then document_type end) as ar_type,
            min(case when direction = 'ap' then source_party_id end) as ap_party_id,
            min(case when direction = 'ar' then source_party_id end) as ar_party_id
        from items
        group by snapshot_id, document_id
    ),

    -- A person may name a party, of now or of before: its first record counts.
    named as (
        select org_id, party_id as named_id, party_id
        from {{ ref("int_parties_named") }}
        union
        select org_id, former_party_id as named_id, party_id
        from {{ ref("stg_categorizer__party_redirects") }}
    ),

    members as (
        select
            named.org_id,
            named.named_id,
            min(
                case when ids.source_entity = 'vendor' then ids.source_id end
            ) as vendor_id,
            min(
                case when ids.source_entity = 'customer' then ids.source_id end
            ) as customer_id
        from named
        inner join
            {{ ref("int_parties_named") }} as ids
            on named.org_id = ids.org_id
            and named.party_id = ids.party_id
        group by named.org_id, named.named_id
    ),

    lines as (
        select
            entries.*,
            case
                when entries.account_number = '2000'
                then typed.ap_type
                when entries.account_number = '1100'
                then typed.ar_type
                else coalesce(typed.ap_type, typed.ar_type)
            end as document_type,
            case
                when entries.account_number = '2000'
                then typed.ap_party_id
                when entries.account_number = '1100'
                then typed.ar_party_id
            end as item_party_id,
            case
                when
                    entries.account_number = '1100'
                    or (entries.account_number <> '2000' and typed.ap_type is null)
                then coalesce(members.customer_id, members.vendor_id)
                else coalesce(members.vendor_id, members.customer_id)
            end as member_id,
            entries.party_id is not null
            and members.named_id is null
            and coalesce(awaited.known_at > entries.as_of, true) as is_party_unknown
        from entries
        left join
            typed
            on entries.snapshot_id = typed.snapshot_id
            and entries.document_id = typed.document_id
        left join
            members
            on entries.org_id = members.org_id
            and entries.party_id = members.named_id
        left join
            {{ ref("int_parties_awaited") }} as awaited
            on entries.org_id = awaited.org_id
            and entries.party_id = awaited.source_id
    ),

    judged as (
        select
            lines.*,
            max(case when account_number = '3990' then 1 else 0 end) over (
                partition by snapshot_id, entry_id
            ) as opens,
            max(
                case when account_number in ('1100', '2000', '3990') then 0 else 1 end
            ) over (partition by snapshot_id, entry_id) as moves,
            max(
                case
                    when
                        is_party_unknown
                        or document_id is not null
                        and document_type is null
                    then 1
                    else 0
                end
            ) over (partition by snapshot_id, entry_id) as waits
        from lines
    )

select
    snapshot_id,
    org_id,
    entry_id,
    line_number,
    account_number,
    coalesce(item_party_id, member_id, party_id) as source_party_id,
    document_type,
    document_id,
    memo,
    case
        when opens = 0 then 'manual' when moves = 1 then 'opening' else 'opening_items'
    end as role,
    cast(coalesce(debit, 0) - coalesce(credit, 0) as decimal(18, 2)) as amount,
    waits = 1 as is_waiting,
    entry_date,
    effective_at
from judged
