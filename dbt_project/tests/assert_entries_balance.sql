-- I1: every entry has two lines or more, one date, and debits equal to credits.
select org_id, entry_id
from {{ ref("journal_lines") }}
group by org_id, entry_id
having sum(debit) <> sum(credit) or count(*) < 2 or min(entry_date) <> max(entry_date)
