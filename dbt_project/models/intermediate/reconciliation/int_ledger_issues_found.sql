-- What a person should know about the ledger itself: where it differs from BILL's own
-- figures, and invariants that warn and do not hold anything up.
with
    recognized as (
        select
            org_id,
            document_type,
            document_id,
            account_number,
            sum(case when basis = 'accrual' then amount else - amount end) as amount
        from ({{ both_books() }}) as lines
        where
            document_type in ('bill', 'vendor_credit', 'invoice', 'credit_memo')
            and account_number not in ('1100', '2000')
        group by org_id, document_type, document_id, account_number
        having sum(case when basis = 'accrual' then amount else - amount end) <> 0
    ),

    settled as (
        select documents.*
        from ({{ known_now("int_documents_judged") }}) as documents
        inner join
            {{ ref("int_open_items_summed") }} as items
            on documents.org_id = items.org_id
            and documents.source_entity = items.document_type
            and documents.document_id = items.document_id
            and items.balance = 0
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on documents.org_id = settings.org_id
            and documents.currency = settings.home_currency
        where documents.is_posted
    )

select
    org_id,
    'reconciliation_difference' as check_name,
    document_type,
    document_id,
    'The ledger has '
    || cast(ledger_open as {{ dbt.type_string() }})
    || ' open, BILL explains '
    || cast(explained as {{ dbt.type_string() }}) as message,
    synced_at as first_seen
from {{ ref("int_documents_reconciled") }}
where unexplained <> 0
union all
select
    org_id,
    'reconciliation_difference' as check_name,
    document_type,
    document_id,
    'The ledger has '
    || cast(ledger_open as {{ dbt.type_string() }})
    || ' open, the balance in BILL explains '
    || cast(explained as {{ dbt.type_string() }}) as message,
    synced_at as first_seen
from {{ ref("int_parties_reconciled") }}
where unexplained <> 0
union all
select
    org_id,
    'source_amounts_disagree' as check_name,
    document_type,
    document_id,
    'Paid, scheduled, credited and due in BILL do not add up to the amount' as message,
    synced_at as first_seen
from {{ ref("int_documents_reconciled") }}
where credit_identity = 'violated'
union all
select
    org_id,
    'settled_by_later_money' as check_name,
    document_type,
    document_id,
    'BILL counts money of a later day already: open here until the day has come'
    as message,
    synced_at as first_seen
from {{ ref("int_documents_reconciled") }}
where document_type = 'invoice' and credits_pending <> 0
union all
select
    org_id,
    'clearing_unexplained' as check_name,
    document_type,
    document_id,
    'Account '
    || account_number
    || ' holds '
    || cast(amount as {{ dbt.type_string() }})
    || ' that nothing explains' as message,
    synced_at as first_seen
from {{ ref("int_clearing_items_open") }}
where cause = 'unexplained'
union all
select
    recognized.org_id,
    'cash_recognition_differs' as check_name,
    recognized.document_type,
    recognized.document_id,
    'Settled, but cash and accrual differ on account '
    || min(recognized.account_number) as message,
    min(settled.synced_at) as first_seen
from recognized
inner join
    settled
    on recognized.org_id = settled.org_id
    and recognized.document_type = settled.source_entity
    and recognized.document_id = settled.document_id
where not {{ in_one_book_alone("recognized", "(" ~ both_books() ~ ")") }}
group by recognized.org_id, recognized.document_type, recognized.document_id
union all
select
    lines.org_id,
    'open_item_not_named' as check_name,
    entries.source_entity as document_type,
    entries.source_id as document_id,
    'A line on control account '
    || min(lines.account_number)
    || ' names no open item or no party' as message,
    min(entries.source_changed_at) as first_seen
from ({{ both_books() }}) as lines
inner join
    {{ ref("journal_entries") }} as entries
    on lines.org_id = entries.org_id
    and lines.entry_id = entries.entry_id
where
    lines.account_number in ('1100', '2000')
    and (lines.document_id is null or lines.source_party_id is null)
group by lines.org_id, entries.source_entity, entries.source_id
union all
select
    lines.org_id,
    'category_not_allowed' as check_name,
    lines.document_type,
    lines.document_id,
    'A line was categorized to account '
    || min(lines.account_number)
    || ', which categories may not use' as message,
    min(entries.source_changed_at) as first_seen
from ({{ both_books() }}) as lines
inner join
    {{ ref("journal_entries") }} as entries
    on lines.org_id = entries.org_id
    and lines.entry_id = entries.entry_id
inner join
    {{ ref("chart_of_accounts") }} as chart
    on lines.account_number = chart.account_number
where
    lines.category_source in ('user', 'rule', 'model')
    and entries.entry_type not in ('manual', 'settlement', 'adjusting')
    and not chart.is_categorizable
group by lines.org_id, lines.document_type, lines.document_id
union all
select
    org_id,
    'locked_balance_changed' as check_name,
    'period_lock' as document_type,
    cast(lock_date as {{ dbt.type_string() }}) as document_id,
    'Balances of the locked period are not what they were when it was locked, first on'
    || ' account '
    || min(account_number) as message,
    locked_at as first_seen
from {{ ref("int_lock_balances_compared") }}
where difference <> 0
group by org_id, lock_date, locked_at
