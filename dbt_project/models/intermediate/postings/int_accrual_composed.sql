-- The accrual book as it is read.
{{ journal_composed("accrual") }}
