-- The entries of the cash book.
{{ book_entries("cash") }}
