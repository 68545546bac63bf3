-- An invoice debits what a customer owes and credits what was sold, sales tax apart.
{{ config(materialized="view") }}
{{ document_posted(source_entity="invoice", control_account="1100", line_sign=-1) }}
