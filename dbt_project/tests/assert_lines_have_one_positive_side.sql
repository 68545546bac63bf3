-- I2: in both books a line is a debit or a credit, never both, never neither, never
-- negative.
{{ config(meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
select basis, line_id
from ({{ both_books() }}) as lines
where debit < 0 or credit < 0 or (debit = 0) = (credit = 0) or debit - credit <> amount
