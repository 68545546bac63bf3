-- The bank leg of voided online receipts: what went back to customers.
{{ config(materialized="view") }} {{ transfers_posted("in_back") }}
