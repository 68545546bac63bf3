-- The cash book as it is read.
{{ journal_composed("cash") }}
