-- A vendor credit takes back what was bought and reduces what we owe.
{{ config(materialized="view") }}
{{
    document_posted(
        source_entity="vendor_credit", control_account="2000", line_sign=-1
    )
}}
