-- A published ledger of $bills bills over 36 months and 5,000 vendors: each bill has
-- three lines of cost and one of what is owed; all but the newest are paid, and the
-- payment goes through clearing to the bank. Eight lines a bill.
create temp table numbered as
select
    n,
    '00n' || n as bill_id,
    'stp' || n as payment_id,
    'p' || (n % 5000) as party_id,
    date '2023-07-01' + cast(n * 1096 // $bills as integer) as billed_on,
    billed_on + 30 + cast(n % 40 as integer) as paid_on,
    cast(n % 997 + 1 as decimal(18, 2)) as share,
    n < $bills * 9 // 10 as is_paid
from range($bills) as numbers(n);

insert into parties by name
select
    'o' as org_id, 'p' || n as party_id, 'Party ' || n as display_name,
    true as is_vendor, n % 10 = 0 as track_1099
from range(5000) as numbers(n);

insert into bills by name
select
    'o' as org_id, bill_id, party_id, 'N-' || n as number, 'USD' as currency,
    3 * share as amount, 3 * share as amount_home, true as posted,
    case when is_paid then 0 else 3 * share end as open_home,
    billed_on as bill_date, billed_on + 30 as due_date, [] as flags
from numbered;

insert into payments by name
select
    'o' as org_id, 'ap' as direction, payment_id, party_id, 'P-' || n as number,
    'USD' as currency, 3 * share as amount_local, 3 * share as amount_home,
    0 as unapplied_home, 'cleared' as state, true as posted, paid_on as date,
    [] as flags
from numbered where is_paid;

insert into payment_applications by name
select
    'o' as org_id, 'payment' as from_type, payment_id as from_id, 'bill' as to_type,
    bill_id as to_id, 'apply' as event, 'payment' as kind, 3 * share as amount_local,
    3 * share as amount_home, 0 as fx_gain_home, paid_on as date
from numbered where is_paid;

insert into journal_entries by name
select
    'o' as org_id, md5(bill_id) as entry_id, 'o|bill|' || bill_id as entry_key,
    party_id, 'bill' as entry_type, 'bill' as source_entity, bill_id as source_id,
    'N-' || n as source_number, 'USD' as currency, 3 * share as total, 1 as revision,
    false as is_locked, billed_on as entry_date
from numbered
union all by name
select
    'o' as org_id, md5(payment_id) as entry_id, 'o|payment|' || payment_id as entry_key,
    party_id, 'payment' as entry_type, 'payment' as source_entity,
    payment_id as source_id, 'P-' || n as source_number, 'USD' as currency,
    3 * share as total, 1 as revision, false as is_locked, paid_on as entry_date
from numbered where is_paid
union all by name
select
    'o' as org_id, md5('t' || payment_id) as entry_id,
    'o|transfer|' || payment_id as entry_key, 'transfer' as entry_type,
    'transfer' as source_entity, 't' || payment_id as source_id, 'USD' as currency,
    3 * share as total, 1 as revision, false as is_locked, paid_on as entry_date
from numbered where is_paid;

create temp table lines as
select
    md5(bill_id) as entry_id, ordinal as line_no, party_id, billed_on as entry_date,
    'bill' as document_type, bill_id as document_id,
    (['6300', '6340', '6500'])[ordinal] as account_number, share as amount,
    'Goods and services, part ' || ordinal as description
from numbered cross join range(1, 4) as ordinals(ordinal)
union all by name
select
    md5(bill_id) as entry_id, 4 as line_no, party_id, billed_on as entry_date,
    'bill' as document_type, bill_id as document_id, '2000' as account_number,
    -3 * share as amount
from numbered
union all by name
select
    md5(payment_id) as entry_id, 1 as line_no, party_id, paid_on as entry_date,
    'bill' as document_type, bill_id as document_id, '2000' as account_number,
    3 * share as amount
from numbered where is_paid
union all by name
select
    md5(payment_id) as entry_id, 2 as line_no, party_id, paid_on as entry_date,
    'payment' as document_type, payment_id as document_id, '1090' as account_number,
    -3 * share as amount
from numbered where is_paid
union all by name
select
    md5('t' || payment_id) as entry_id, place as line_no, paid_on as entry_date,
    (['1090', '1010'])[place] as account_number,
    case place when 1 then 3 * share else -3 * share end as amount
from numbered cross join range(1, 3) as places(place) where is_paid;

insert into journal_lines by name
select
    'o' as org_id, md5(entry_id || '|' || line_no) as line_id, lines.*,
    account_name, account_type, greatest(amount, 0) as debit,
    greatest(-amount, 0) as credit
from lines inner join accounts using (account_number);

insert into journal_lines_cash
select * from journal_lines where account_number <> '2000';

insert into trial_balance by name
with
    books as (
        select 'accrual' as basis, * from journal_lines
        union all
        select 'cash' as basis, * from journal_lines_cash
    ),
    months as (select distinct basis, last_day(entry_date) as month_end from books),
    moved as (
        select
            basis, account_number, last_day(entry_date) as month_end,
            sum(debit) as debits, sum(credit) as credits
        from books group by all
    ),
    filled as (
        select
            basis, account_number, month_end, coalesce(debits, 0) as debits,
            coalesce(credits, 0) as credits
        from months
        inner join (select distinct basis, account_number from moved) using (basis)
        left join moved using (basis, account_number, month_end)
    )
select
    'o' as org_id, basis, account_number, account_name, month_end, debits, credits,
    sum(debits - credits) over (
        partition by basis, account_number order by month_end
    ) as closing,
    closing - debits + credits as opening
from filled inner join accounts using (account_number);

insert into profit_and_loss by name
select
    'o' as org_id, basis, account_number, trial_balance.account_name, account_type,
    statement_line, debits - credits as amount, closing as ytd,
    year(month_end) as fiscal_year, date_trunc('month', month_end) as month
from trial_balance inner join accounts using (account_number)
where statement = 'profit_and_loss';

insert into balance_sheet by name
select
    'o' as org_id, basis, account_number, trial_balance.account_name, statement_line,
    case account_type when 'asset' then 'assets' else 'liabilities' end as section,
    case account_type when 'asset' then closing else -closing end as amount, month_end
from trial_balance inner join accounts using (account_number)
where statement = 'balance_sheet';

insert into vendor_spend by name
select
    'o' as org_id, md5(concat_ws('|', party_id, account_number, billed_month)) as spend_id,
    party_id, account_number, display_name as party_name, account_name,
    sum(amount) as accrual_amount, sum(amount) as cash_amount, count(*) as n_bills,
    track_1099 as is_1099, billed_month as month, min(entry_date) as first_bill
from (
    select *, cast(date_trunc('month', entry_date) as date) as billed_month
    from journal_lines where account_type = 'expense'
)
inner join parties using (org_id, party_id)
group by all;

insert into cash_activity by name
select
    'o' as org_id, md5(concat_ws('|', account_number, party_id, moved_in)) as activity_id,
    account_number, party_id, account_name, 'ap' as direction,
    sum(credit) as payments, 0 as receipts, 0 as refunds, sum(debit) as transfers,
    sum(amount) as net, 0 as closing_balance, moved_in as month
from (
    select *, cast(date_trunc('month', entry_date) as date) as moved_in
    from journal_lines where account_number in ('1010', '1090')
)
group by all;

insert into posting_status by name
select
    'o' as org_id, 'bill' as source_entity, bill_id as source_id, 'post' as event,
    n % 20 <> 0 as posted, case n % 20 when 0 then 'draft' end as reason
from numbered;

insert into reconciliation by name
select
    'o' as org_id, 'document' as grain, 'bill' as document_type,
    bill_id as document_id, party_id, 'USD' as currency,
    case n % 100 when 0 then 'unexplained' else 'agrees' end as cause,
    3 * share as ledger_open, 3 * share as source_due, 0 as explained,
    case n % 100 when 0 then 1 else 0 end as unexplained
from numbered;

insert into clearing_items by name
select
    'o' as org_id, md5(payment_id) as clearing_item_id, '1090' as account_number,
    'payment' as document_type, payment_id as document_id, 'clearing' as event,
    'funding_failed' as cause, share as amount, 30 as age_days, true as is_open,
    paid_on as since
from numbered where n % 100 = 0;

insert into data_quality by name
select
    'o' as org_id, 'possible_duplicate' as check_name, 'warn' as severity,
    'bill' as document_type, bill_id as document_id, 'May be one bill.' as message,
    cast(billed_on as timestamptz) as first_seen
from numbered where n % 10 = 0;

insert into ledger_changes by name
select
    'o' as org_id, 'run' as run_id, entry_id, entry_key, 'new' as change,
    case when n % 4 = 0 then 'amount_changed' else 'first_import' end as cause,
    repeat('[{"account": "6300"}]', 20) as after, 1 as revision, entry_date,
    cast(entry_date as timestamptz) as changed_at
from (select *, row_number() over () as n from journal_entries);

insert into category_predictions by name
select
    'o' as org_id, document_type as source_entity, document_id,
    'l' || line_no as line_id, party_id, account_number, account_name, description,
    'model' as category_source, 'model' as decided_by, 'USD' as currency, amount,
    amount as amount_home
from journal_lines where account_type = 'expense';

insert into category_accuracy by name
select 'o' as org_id, 10 as lines, 9 as answered_lines, 0 as reviewed_lines,
    0 as kept_lines, 0.9 as coverage, date '2026-06-01' as month;

insert into sync_matrix by name
select
    'o' as org_id, 'bills' as element, 'bill' as source_entity, 'yes' as synced,
    count(*) as records_in_source, 0 as waiting_in_quarantine,
    0 as deleted_in_source, count(*) as loaded, count(*) as posted, 0 as not_posted,
    [] as not_posted_by_reason
from bills
