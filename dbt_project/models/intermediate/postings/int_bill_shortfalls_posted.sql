-- A bill BILL shows as paid, without payments that come to its amount, is closed
-- against suspense: cash is never invented.
{{ config(materialized="view") }}
{{
    bill_settlement_posted(
        source_entity="unexplained_settlement",
        account_number="1099",
        event="unexplained",
        memo="Shown as paid, without a payment or credit",
    )
}}
