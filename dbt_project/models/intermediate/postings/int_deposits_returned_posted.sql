-- The bank leg of voided online receipts: what went back to customers.
{{ transfers_posted("in_back") }}
