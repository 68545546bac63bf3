-- The bank leg of online receipts: what BILL paid into the bank.
{{ transfers_posted("in") }}
