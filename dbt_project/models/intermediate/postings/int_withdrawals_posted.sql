-- The bank leg of payments: what BILL drew from the bank to pay vendors.
{{ config(materialized="view") }} {{ transfers_posted("out") }}
