-- The cash book, as far as it is the same as the accrual one: entries that touch
-- neither
-- receivables nor payables.
select lines.*
from {{ ref("journal_lines") }} as lines
where
    not exists (
        select 1
        from {{ ref("journal_lines") }} as control
        where
            control.org_id = lines.org_id
            and control.entry_id = lines.entry_id
            and control.account_number in ('1100', '2000')
    )
