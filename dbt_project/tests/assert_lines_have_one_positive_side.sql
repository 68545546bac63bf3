-- I2: a line is a debit or a credit, never both, never neither, never negative.
select line_id
from {{ ref("journal_lines") }}
where debit < 0 or credit < 0 or (debit = 0) = (credit = 0) or debit - credit <> amount
