-- The entries of the accrual book.
{{ book_entries("accrual") }}
