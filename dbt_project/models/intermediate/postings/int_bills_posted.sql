-- A bill debits what was bought, line by line, and credits what we now owe.
{{ config(materialized="view") }}
{{ document_posted(source_entity="bill", control_account="2000", line_sign=1) }}
