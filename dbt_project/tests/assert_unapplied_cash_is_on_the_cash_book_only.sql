-- I22: accounts of unapplied cash are used on the cash basis only.
{{ config(severity="warn") }}
select line_id, account_number
from {{ ref("journal_lines") }}
where account_number in ('4990', '6990')
