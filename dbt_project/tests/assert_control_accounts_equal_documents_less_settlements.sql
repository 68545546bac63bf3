-- I4, I5: control accounts by a second road: what documents are worth less what
-- settled them, from the documents themselves, equals the sum of the control lines
-- per party.
{{ config(meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
with
    documents as (
        select
            org_id,
            direction,
            source_party_id,
            case when source_entity in ('bill', 'invoice') then 1 else -1 end
            * home_amount as amount
        from ({{ known_now("int_documents_judged") }}) as documents_judged
        where is_posted
    ),

    money as (
        select
            parts.org_id,
            'ap' as direction,
            parts.source_party_id,
            - parts.relief_amount as amount
        from ({{ known_now("int_payment_parts_valued", adds_org=true) }}) as parts
        inner join
            ({{ known_now("int_payments_known") }}) as payments
            on parts.org_id = payments.org_id
            and parts.payment_id = payments.payment_id
            and not payments.is_voided
        union all
        select
            parts.org_id,
            'ar' as direction,
            parts.source_party_id,
            - parts.home_amount as amount
        from ({{ known_now("int_receipt_parts_valued", adds_org=true) }}) as parts
        inner join
            ({{ known_now("int_receipts_known") }}) as receipts
            on parts.org_id = receipts.org_id
            and parts.receipt_id = receipts.receipt_id
            and not receipts.is_voided
        union all
        select
            org_id,
            'ap' as direction,
            null as source_party_id,
            - relief_amount as amount
        from
            (
                {{ known_now("int_bill_settlements_cut", adds_org=true) }}
            ) as bill_settlements_cut
        where source_entity in ('bill_credit', 'unexplained_settlement')
        union all
        select
            org_id,
            'ar' as direction,
            null as source_party_id,
            - relief_amount as amount
        from
            (
                {{ known_now("int_invoice_settlements_cut", adds_org=true) }}
            ) as invoice_settlements_cut
        where source_entity = 'bill_credit'
    ),

    expected as (
        select org_id, direction, sum(amount) as amount
        from
            (
                select *
                from documents
                union all
                select *
                from money
            ) as movements
        group by org_id, direction
    ),

    exchange as (
        select
            lines.org_id,
            case when lines.document_type = 'bill' then 'ap' else 'ar' end as direction,
            sum(
                case
                    when lines.document_type = 'bill'
                    then lines.amount
                    else - lines.amount
                end
            ) as amount
        from {{ ref("journal_lines") }} as lines
        inner join
            {{ ref("journal_entries") }} as entries
            on lines.org_id = entries.org_id
            and lines.entry_id = entries.entry_id
        where lines.account_number = '7200' and entries.entry_type = 'credit_use'
        group by
            lines.org_id, case when lines.document_type = 'bill' then 'ap' else 'ar' end
    ),

    actual as (
        select
            org_id,
            case when account_number = '2000' then 'ap' else 'ar' end as direction,
            sum(
                case when account_number = '2000' then - amount else amount end
            ) as amount
        from {{ ref("journal_lines") }}
        where account_number in ('1100', '2000')
        group by org_id, case when account_number = '2000' then 'ap' else 'ar' end
    )

select
    actual.org_id, actual.direction, actual.amount, expected.amount as expected_amount
from actual
left join
    expected
    on actual.org_id = expected.org_id
    and actual.direction = expected.direction
left join
    exchange
    on actual.org_id = exchange.org_id
    and actual.direction = exchange.direction
where actual.amount <> coalesce(expected.amount, 0) + coalesce(exchange.amount, 0)
