-- What changed in the accrual book's locked periods after their lock.
{{ postings_adjusted("int_accrual_united") }}
