-- The raw versions of one company: 30 months, each document as BILL showed it night by
-- night. Two bills of a vendor are paid together a month later, an invoice is paid once;
-- some bills are corrected, archived or entered long after their month was closed.
-- $bills: how many bills, an even number. Half as many invoices.
create temp table pairs as
select
    pair,
    'v' || lpad(cast(pair % 2000 as varchar), 9, '0') as vendor_id,
    '00p' || lpad(cast(pair as varchar), 9, '0') as payment_id,
    date '2023-07-01' + cast(pair * 914 // ($bills // 2) as integer) as billed_on,
    pair % 50 = 7 as is_corrected,
    pair % 200 = 11 as is_archived,
    pair % 300 = 13 as is_late,
    billed_on + cast(case when is_late then 50 else 1 end as integer) as seen_on,
    billed_on + cast(case when is_corrected then 40 else 45 end as integer) as changed_on,
    billed_on + cast(
        case when is_corrected or is_late then 60 else 25 + pair % 20 end as integer
    ) as paid_on,
    paid_on <= date '2026-01-09' and not is_archived as is_paid
from range($bills // 2) as numbers(pair);

create temp table bill_versions as
with
    bills as (
        select *, 2 * pair + place as number from pairs cross join range(2) as places(place)
    ),
    versions as (
        select *, seen_on as synced_on, 'UNPAID' as payment_status, false as has_more
        from bills
        union all
        select *, changed_on, 'UNPAID', place = 0 from bills where is_corrected
        union all
        select *, changed_on, 'UNPAID', false from bills where is_archived
        union all
        select *, paid_on + 1, 'PAID', is_corrected and place = 0 from bills where is_paid
    )
select
    *,
    '00n' || lpad(cast(number as varchar), 9, '0') as bill_id,
    is_archived and synced_on = changed_on as is_gone,
    cast(synced_on as timestamp) + interval 12 hour as synced_at,
    row_number() over (partition by number order by synced_on) as version
from versions
where synced_on <= date '2026-01-10';

create temp table bill_lines as
select
    bill_id,
    version,
    ordinal,
    bill_id || '-' || ordinal as line_id,
    cast(
        (number * 7 + ordinal * 1301) % 90000 + 100
        + case when has_more and ordinal = 1 then 1000 else 0 end as decimal(16, 0)
    ) * cast(0.01 as decimal(2, 2)) as amount
from bill_versions
cross join range(1, 5) as ordinals(ordinal);

insert into raw_bill.bill_line_items by name
select
    'ORG' as org_id, bill_id, line_id as id, version as _version, ordinal, amount,
    'Goods and services, part ' || ordinal as description,
    'dep' || ordinal as classifications_department_id
from bill_lines;

create temp table bill_totals as
select bill_id, version, cast(sum(amount) as decimal(18, 2)) as amount
from bill_lines
group by all;

insert into raw_bill.bills by name
select
    'ORG' as org_id, bill_id as id, version as _version, synced_at as _synced_at,
    vendor_id, 'Vendor ' || vendor_id as vendor_name, amount,
    case when payment_status = 'PAID' then amount else 0 end as paid_amount,
    amount - paid_amount as due_amount, 0 as scheduled_amount, 0 as credit_amount,
    'Order ' || number as description, 'N-' || number as invoice_invoice_number,
    billed_on as invoice_invoice_date, billed_on + 30 as due_date, payment_status,
    'APPROVED' as approval_status, is_gone as archived,
    case when is_gone then 'INACTIVE' else 'ACTIVE' end as record_status,
    synced_at as created_time, synced_at as updated_time
from bill_versions
inner join bill_totals using (bill_id, version);

create temp table payment_versions as
with
    versions as (
        select *, 1 as version, paid_on + 1 as synced_on, 'SENT' as single_status
        from pairs
        where is_paid
        union all
        select *, 2, paid_on + 6, 'CLEARED' from pairs where is_paid
    )
select *, cast(synced_on as timestamp) + interval 12 hour as synced_at
from versions
where synced_on <= date '2026-01-10';

create temp table payment_bills as
select payment_id, bill_id, place + 1 as ordinal, amount
from bill_versions
inner join bill_totals using (bill_id, version)
where payment_status = 'PAID';

insert into raw_bill.payment_bill_payments by name
select
    'ORG' as org_id, payment_id, version as _version, ordinal,
    payment_id || '-' || ordinal as id, bill_id, amount
from payment_versions
inner join payment_bills using (payment_id);

insert into raw_bill.payments by name
select
    'ORG' as org_id, payment_id as id, version as _version, synced_at as _synced_at,
    vendor_id, 'Payment of ' || vendor_id as description, paid_on as process_date,
    'BANK_ACCOUNT' as funding_account_type, 'bank1' as funding_account_id,
    'T-' || pair as transaction_number, 'PAID' as status, single_status,
    true as online_payment, synced_at as created_time, synced_at as updated_time,
    amount, amount as funding_amount
from payment_versions
inner join
    (
        select payment_id, cast(sum(amount) as decimal(18, 2)) as amount
        from payment_bills
        group by all
    ) as sums using (payment_id);

create temp table sales as
select
    number,
    'c' || lpad(cast(number % 1000 as varchar), 9, '0') as customer_id,
    '00e' || lpad(cast(number as varchar), 9, '0') as invoice_id,
    '0rp' || lpad(cast(number as varchar), 9, '0') as receipt_id,
    date '2023-07-01' + cast(number * 914 // ($bills // 2) as integer) as billed_on,
    billed_on + cast(
        case when number % 300 = 17 then 50 else 1 end as integer
    ) as seen_on,
    billed_on + cast(
        case when number % 300 = 17 then 55 else 15 + number % 30 end as integer
    ) as paid_on,
    paid_on <= date '2026-01-09' as is_paid
from range($bills // 2) as numbers(number);

create temp table invoice_lines as
select
    *,
    invoice_id || '-' || ordinal as line_id,
    ordinal as quantity,
    cast((number * 11 + ordinal * 977) % 70000 + 100 as decimal(16, 0))
    * cast(0.01 as decimal(2, 2)) as price
from sales
cross join range(1, 4) as ordinals(ordinal);

create temp table invoice_versions as
with
    totals as (
        select invoice_id, cast(sum(price * quantity) as decimal(18, 2)) as net
        from invoice_lines
        group by all
    ),
    versions as (
        select *, 1 as version, seen_on as synced_on, 'OPEN' as status from sales
        union all
        select *, 2, paid_on + 1, 'PAID_IN_FULL' from sales where is_paid
    )
select
    versions.*,
    cast(synced_on as timestamp) + interval 12 hour as synced_at,
    cast(round(net * cast(0.08 as decimal(3, 2)), 2) as decimal(18, 2)) as tax,
    net + tax as total
from versions
inner join totals using (invoice_id)
where synced_on <= date '2026-01-10';

insert into raw_bill.invoice_line_items by name
select
    'ORG' as org_id, lines.invoice_id, line_id as id, version as _version, ordinal, price,
    quantity, 'Work, part ' || ordinal as description
from invoice_lines as lines
inner join invoice_versions using (invoice_id);

insert into raw_bill.invoices by name
select
    'ORG' as org_id, invoice_id as id, version as _version, synced_at as _synced_at,
    customer_id, total as total_amount, tax as sales_tax_total, 0 as scheduled_amount,
    0 as credit_amount, case when status = 'OPEN' then total else 0 end as due_amount,
    'I-' || number as invoice_number, billed_on as invoice_date,
    billed_on + 30 as due_date, status, 'ACTIVE' as record_status, false as archived,
    'dep1' as classifications_department_id, synced_at as created_time,
    synced_at as updated_time
from invoice_versions;

insert into raw_bill.receivable_payments by name
select
    'ORG' as org_id, receipt_id as id, 1 as _version, synced_at as _synced_at, customer_id,
    total as amount, 0 as unapplied_amount, 'PAID' as status, true as online_payment,
    paid_on as payment_date, 'BANK_ACCOUNT' as receivables_account_type,
    'bank1' as receivables_account_id, 'R-' || number as reference_number,
    synced_at as created_time, synced_at as updated_time
from invoice_versions
where status = 'PAID_IN_FULL';

insert into raw_bill.receivable_payment_invoices by name
select
    'ORG' as org_id, receipt_id as receivable_payment_id, 1 as _version, 1 as ordinal,
    invoice_id, total as amount, paid_on as payment_date
from invoice_versions
where status = 'PAID_IN_FULL';

insert into raw_bill.vendors by name
select distinct
    'ORG' as org_id, vendor_id as id, 1 as _version, 'Vendor ' || vendor_id as name,
    timestamptz '2023-07-01 00:00:00+00' as _synced_at, false as archived,
    'USD' as bill_currency, timestamptz '2023-06-01 00:00:00+00' as created_time
from pairs;

insert into raw_bill.customers by name
select distinct
    'ORG' as org_id, customer_id as id, 1 as _version, 'Customer ' || customer_id as name,
    timestamptz '2023-07-01 00:00:00+00' as _synced_at, false as archived,
    'USD' as invoice_currency, timestamptz '2023-06-01 00:00:00+00' as created_time
from sales;

insert into raw_bill.departments by name
select
    'ORG' as org_id, 'dep' || number as id, 1 as _version, 'Department ' || number as name,
    timestamptz '2023-07-01 00:00:00+00' as _synced_at
from range(1, 5) as numbers(number);

insert into categorizer.party_members by name
select
    org_id, 'vendor' as source_entity, id as source_id, md5(id) as party_id,
    name as raw_name, lower(name) as normalised_name, 'exact_name' as method, 1 as score,
    'rule' as decided_by, _synced_at as decided_at
from raw_bill.vendors
union all by name
select
    org_id, 'customer' as source_entity, id as source_id, md5(id) as party_id,
    name as raw_name, lower(name) as normalised_name, 'exact_name' as method, 1 as score,
    'rule' as decided_by, _synced_at as decided_at
from raw_bill.customers;

-- The categorizer answered for every line in the night that first showed it.
insert into categorizer.line_categories by name
with
    lines as (
        select
            'bill' as source_entity, bills.bill_id as document_id, line_id, ordinal,
            bills.number, bills.synced_at
        from bill_lines as lines
        inner join bill_versions as bills using (bill_id, version)
        where version = 1
        union all
        select
            'invoice' as source_entity, lines.invoice_id as document_id, line_id, ordinal,
            lines.number, invoices.synced_at
        from invoice_lines as lines
        inner join invoice_versions as invoices using (invoice_id)
        where version = 1
    )
select
    'ORG' as org_id, source_entity, document_id, line_id, 'model' as decided_by,
    'As before' as explanation, 'm1' as model_version, synced_at as decided_at,
    case
        when source_entity = 'bill'
        then ['6000', '6200', '6300', '6210', '5000'][1 + (number + ordinal) % 5]
        else ['4000', '4100', '4200'][1 + (number + ordinal) % 3]
    end as account_number,
    cast(0.9 as decimal(5, 4)) as confidence,
    row_number() over (order by synced_at, source_entity, document_id, line_id)
    as decision_id
from lines;

insert into settings.connection_settings by name
select
    'ORG' as org_id, 'large' as connection_name, 'America/Los_Angeles' as org_timezone,
    'USD' as home_currency, 'exclude_denied' as bill_posting_policy,
    1 as fiscal_year_start_month,
    timestamptz '2023-07-01 12:00:00+00' as first_synced_at,
    timestamptz '2026-01-10 15:00:00+00' as as_of;

insert into decisions.period_locks by name
select
    'ORG' as org_id, cast(month + interval 1 month - interval 1 day as date) as lock_date,
    cast(month + interval 1 month + interval 14 day + interval 18 hour as timestamptz)
    as locked_at, 'controller' as locked_by, number as decision_id
from
    (
        select number, date '2023-12-01' + number * interval 1 month as month
        from range(24) as numbers(number)
    ) as months;
