-- The bank leg of online receipts: what BILL paid into the bank.
{{ config(materialized="view") }} {{ transfers_posted("in") }}
