-- The general ledger, accrual basis: one row per line, debit or credit.
{{ book_lines("accrual") }}
