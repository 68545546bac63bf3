-- A credit on a bill that no vendor credit explains is a discount we took.
{{ config(materialized="view") }}
{{
    bill_settlement_posted(
        source_entity="bill_credit",
        account_number="5900",
        event="discount",
        memo="Discount without a document",
    )
}}
