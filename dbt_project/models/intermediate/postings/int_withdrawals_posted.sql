-- The bank leg of payments: what BILL drew from the bank to pay vendors.
{{ transfers_posted("out") }}
