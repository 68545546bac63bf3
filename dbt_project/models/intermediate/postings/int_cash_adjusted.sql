-- What changed in the cash book's locked periods after their lock.
{{ postings_adjusted("int_cash_united") }}
