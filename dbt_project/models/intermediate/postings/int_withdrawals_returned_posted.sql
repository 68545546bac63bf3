-- The bank leg of voided payments: what BILL gave back.
{{ config(materialized="view") }} {{ transfers_posted("back") }}
