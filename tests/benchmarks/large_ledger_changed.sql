-- Every hundredth bill of large_ledger.sql gets another text, a day after all of it;
-- run again, one more.
create temp table newest as
select org_id, id, max(_version) as _version
from raw_bill.bills
where cast(right(id, 2) as integer) = 0
group by org_id, id;

insert into raw_bill.bill_line_items by name
select lines.* replace (lines._version + 1 as _version)
from raw_bill.bill_line_items as lines
inner join
    newest
    on lines.org_id = newest.org_id
    and lines.bill_id = newest.id
    and lines._version = newest._version;

insert into raw_bill.bills by name
select
    bills.* replace (
        _version + 1 as _version,
        bills.description || ', changed' as description,
        timestamptz '2026-01-11 12:00:00+00' as _synced_at,
        timestamptz '2026-01-11 12:00:00+00' as updated_time
    )
from raw_bill.bills as bills
inner join newest using (org_id, id, _version);

update settings.connection_settings set as_of = timestamptz '2026-01-11 15:00:00+00';
