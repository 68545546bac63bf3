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
        where
            source_entity
            in ('bill_credit', 'settled_outside', 'unexplained_settlement', 'writeoff')
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
        where source_entity in ('bill_credit', 'settled_outside', 'writeoff')
        union all
        select
            org_id,
            case
                when source_entity = 'vendor_credit' then 'ap' else 'ar'
            end as direction,
            null as source_party_id,
            cut_amount as amount
        from ({{ known_now("int_credits_closed_cut", adds_org=true) }}) as closed
        union all
        select
            org_id,
            case when account_number = '2000' then 'ap' else 'ar' end as direction,
            source_party_id,
            case when account_number = '2000' then - amount else amount end as amount
        from ({{ known_now("int_manual_entries_known") }}) as manual_entries
        where account_number in ('1100', '2000') and not is_waiting
        union all
        select
            org_id,
            'ap' as direction,
            'BILL' as source_party_id,
            case when paid_on is null then amount else 0 end as amount
        from ({{ known_now("int_statements_known") }}) as statements
        where not_posted_reason is null
    ),

    -- What came before the ledger starts has no entry.
    left_out as (
        select
            united.org_id,
            case
                when united.account_number = '2000' then 'ap' else 'ar'
            end as direction,
            united.source_party_id,
            case
                when united.account_number = '2000'
                then united.amount
                else - united.amount
            end as amount
        from ({{ known_now("int_accrual_united") }}) as united
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on united.org_id = settings.org_id
            and united.entry_date < settings.ledger_start_date
        where
            united.account_number in ('1100', '2000') and united.entry_type <> 'manual'
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
                union all
                select *
                from left_out
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
