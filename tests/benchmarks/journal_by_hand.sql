-- journal_lines as one writes them by hand for the company of large_ledger.sql: only what
-- its records need, straight from the raw versions, 24 locked months included. No states,
-- currencies, credits, overrides or cash book: the least the dbt project can cost.
create temp table generations as
select
    row_number() over (order by locked_at) as generation,
    locked_at as known_at,
    lock_date,
    lag(lock_date) over (order by locked_at) as locked_before
from decisions.period_locks
union all
select 1 + count(*), min(as_of), date '9999-12-31', max(lock_date)
from settings.connection_settings
cross join decisions.period_locks;

-- For which generations each version of a record holds.
create temp table versions as
with
    records as (
        select 'bill' as entity, id, _version, _synced_at, archived from raw_bill.bills
        union all
        select 'invoice', id, _version, _synced_at, archived from raw_bill.invoices
        union all
        select 'payment', id, _version, _synced_at, false from raw_bill.payments
        union all
        select 'receipt', id, _version, _synced_at, false from raw_bill.receivable_payments
    ),
    spans as (
        select
            records.*,
            generation as first_held,
            lead(generation, 1, 1 + (select max(generation) from generations)) over (
                partition by entity, id order by _version
            ) - 1 as last_held
        from records
        asof join generations on records._synced_at <= generations.known_at
    )
select entity, id, _version, first_held, last_held
from spans
where first_held <= last_held and not archived;

create temp table postings as
with
    bills as (
        select bills.*, first_held, last_held
        from raw_bill.bills
        inner join versions using (id, _version)
        where entity = 'bill'
    ),
    invoices as (
        select invoices.*, first_held, last_held
        from raw_bill.invoices
        inner join versions using (id, _version)
        where entity = 'invoice'
    ),
    payments as (
        select payments.*, first_held, last_held
        from raw_bill.payments
        inner join versions using (id, _version)
        where entity = 'payment'
    ),
    receipts as (
        select receipts.*, first_held, last_held
        from raw_bill.receivable_payments as receipts
        inner join versions using (id, _version)
        where entity = 'receipt'
    ),
    answers as (
        select source_entity, line_id, account_number, confidence
        from categorizer.line_categories
        qualify row_number() over (
            partition by source_entity, document_id, line_id order by decision_id desc
        ) = 1
    )
select
    'ORG|bill|' || id || '|post' as entry_key, 'control' as role, id as line_reference,
    0 as line_order, '2000' as account_number, 'bill' as document_type,
    id as document_id, null as source_line_id, vendor_id as source_party_id,
    description, 'system' as category_source, null as department_id,
    null as category_confidence, - amount as amount,
    invoice_invoice_date as entry_date, first_held, last_held
from bills
union all
select
    'ORG|bill|' || bills.id || '|post', 'line', lines.id, lines.ordinal,
    answers.account_number, 'bill', bills.id, lines.id, bills.vendor_id,
    lines.description, 'model', lines.classifications_department_id, confidence,
    lines.amount, bills.invoice_invoice_date, first_held, last_held
from bills
inner join
    raw_bill.bill_line_items as lines
    on bills.id = lines.bill_id
    and bills._version = lines._version
inner join answers on answers.source_entity = 'bill' and lines.id = answers.line_id
union all
select
    'ORG|payment|' || id || '|pay', 'cash', id, 0, '1090', 'payment', id, null, vendor_id,
    description, 'system', null, null, - amount, process_date, first_held, last_held
from payments
union all
select
    'ORG|payment|' || payments.id || '|pay', 'application', lines.id, lines.ordinal,
    '2000', 'bill', lines.bill_id, lines.id, vendor_id, description, 'system', null, null,
    lines.amount, process_date, first_held, last_held
from payments
inner join
    raw_bill.payment_bill_payments as lines
    on payments.id = lines.payment_id
    and payments._version = lines._version
union all
select
    'ORG|transfer|' || funding_account_id || '|' || process_date || '|out', 'bank',
    funding_account_id, 0, '1010', null, null, null, null, 'Transfer through BILL',
    'system', null, null, - amount, process_date, first_held, last_held
from payments
union all
select
    'ORG|transfer|' || funding_account_id || '|' || process_date || '|out', 'clearing', id,
    1, '1090', 'payment', id, null, null, 'Transfer through BILL', 'system', null, null,
    amount, process_date, first_held, last_held
from payments
union all
select
    'ORG|invoice|' || id || '|post', 'control', id, 0, '1100', 'invoice', id, null,
    customer_id, null, 'system', null, null, total_amount, invoice_date, first_held,
    last_held
from invoices
union all
select
    'ORG|invoice|' || invoices.id || '|post', 'line', lines.id, lines.ordinal,
    answers.account_number, 'invoice', invoices.id, lines.id, customer_id,
    lines.description, 'model', invoices.classifications_department_id, confidence,
    cast(- lines.price * lines.quantity as decimal(18, 2)), invoice_date, first_held,
    last_held
from invoices
inner join
    raw_bill.invoice_line_items as lines
    on invoices.id = lines.invoice_id
    and invoices._version = lines._version
inner join answers on answers.source_entity = 'invoice' and lines.id = answers.line_id
union all
select
    'ORG|invoice|' || id || '|post', 'tax', 'sales_tax', 1000002, '2300', 'invoice', id,
    null, customer_id, 'Sales tax', 'system', classifications_department_id, null,
    - sales_tax_total, invoice_date, first_held, last_held
from invoices
union all
select
    'ORG|receipt|' || id || '|receive', 'cash', id, 0, '1095', 'receipt', id, null,
    customer_id, null, 'system', null, null, amount, payment_date, first_held, last_held
from receipts
union all
select
    'ORG|receipt|' || receipts.id || '|receive', 'application',
    receipts.id || '|' || lines.invoice_id || '|' || receipts.payment_date, lines.ordinal,
    '1100', 'invoice', lines.invoice_id, null, customer_id, null, 'system', null, null,
    - lines.amount, receipts.payment_date, first_held, last_held
from receipts
inner join
    raw_bill.receivable_payment_invoices as lines
    on receipts.id = lines.receivable_payment_id
    and receipts._version = lines._version
union all
select
    'ORG|transfer|' || receivables_account_id || '|' || payment_date || '|in', 'bank',
    receivables_account_id, 0, '1010', null, null, null, null, 'Transfer through BILL',
    'system', null, null, amount, payment_date, first_held, last_held
from receipts
union all
select
    'ORG|transfer|' || receivables_account_id || '|' || payment_date || '|in', 'clearing',
    id, 1, '1095', 'receipt', id, null, null, 'Transfer through BILL', 'system', null,
    null, - amount, payment_date, first_held, last_held
from receipts;

create temp table placed as
select postings.*, generation as dated
from postings
asof join generations on postings.entry_date <= generations.lock_date;

-- What stands on its own date: as known when its period was locked, or now.
create temp table journal as
select * exclude (first_held, last_held, dated)
from placed
where role <> 'bank' and dated between first_held and last_held
union all by name
select * exclude (first_held, last_held, dated, amount), sum(amount) as amount
from placed
where role = 'bank' and dated between first_held and last_held
group by all;

-- What a lock was followed by: known then less, known later more, on the first open day.
insert into journal by name
with
    sides as (
        select *, first_held as generation, 1 as sign
        from placed
        where first_held > dated
        union all
        select *, last_held + 1 as generation, -1 as sign
        from placed
        where
            last_held + 1 > dated
            and last_held < (select max(generation) from generations)
    ),
    netted as (
        select
            entry_key, generation, account_number, document_type, document_id,
            source_party_id, min(line_order) as line_order,
            sum(sign * amount) as amount,
            sum(case when sign > 0 then amount else 0 end) as now,
            sum(case when sign < 0 then amount else 0 end) as before,
            case
                when min(department_id) = max(department_id) then min(department_id)
            end as department_id,
            case
                when min(category_source) = max(category_source)
                then min(category_source)
                else 'system'
            end as category_source
        from sides
        group by
            entry_key, generation, account_number, document_type, document_id,
            source_party_id
    ),
    sized as (
        select
            *,
            sum(greatest(now, 0)) over (partition by entry_key, generation) as all_now,
            sum(greatest(before, 0)) over (
                partition by entry_key, generation
            ) as all_before
        from netted
    )
select
    entry_key || '|adj|' || locked_before as entry_key, 'adjusting' as role,
    coalesce(document_type, '-') || '|' || coalesce(document_id, '-') || '|'
    || coalesce(source_party_id, '-') as line_reference,
    line_order, account_number, document_type, document_id, source_party_id,
    'Change in a locked period: ' || case
        when all_before = 0 then 'backdated_new' when all_now = 0 then 'archived'
        when all_now = all_before then 'recategorized' else 'amount_changed'
    end as description,
    category_source, department_id, amount, locked_before + 1 as entry_date
from sized
inner join generations using (generation)
where amount <> 0;

create table journal_by_hand as
with keyed as (select *, md5(entry_key) as entry_id from journal)
select
    'ORG' as org_id,
    md5(entry_id || '|' || role || '|' || line_reference || '|' || account_number)
    as line_id,
    entry_id,
    account_number,
    party_id,
    source_party_id,
    document_id,
    source_line_id,
    cast(null as varchar) as class_id,
    department_id,
    cast(null as varchar) as location_id,
    cast(null as varchar) as job_id,
    cast(null as varchar) as item_id,
    account_name,
    account_type,
    document_type,
    role,
    description,
    category_source,
    'USD' as local_currency,
    cast(
        row_number() over (
            partition by entry_id
            order by line_order, line_reference, role, account_number
        ) as integer
    ) as line_no,
    cast(greatest(amount, 0) as decimal(18, 2)) as debit,
    cast(greatest(- amount, 0) as decimal(18, 2)) as credit,
    cast(amount as decimal(18, 2)) as amount,
    cast(amount as decimal(18, 2)) as local_amount,
    cast(null as decimal(18, 8)) as fx_rate,
    cast(category_confidence as decimal(5, 4)) as category_confidence,
    entry_date
from keyed
inner join
    (
        select
            cast(account_number as varchar) as account_number, account_name, account_type
        from seeds.chart_of_accounts
    ) as chart using (account_number)
left join
    categorizer.party_members
    on source_id = source_party_id
    and source_entity
    = case when document_type in ('invoice', 'receipt') then 'customer' else 'vendor' end;
