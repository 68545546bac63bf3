-- The cash book: one row per line. Income and cost count when money moves, so it has no
-- receivables and no payables.
{{ book_lines("cash") }}
