{# What a posting carries besides its amounts, key and date. #}
{% macro posting_attributes() -%}
    {{
        return(
            [
                "entry_type",
                "source_entity",
                "source_id",
                "source_number",
                "memo",
                "role",
                "line_reference",
                "account_number",
                "document_type",
                "document_id",
                "source_line_id",
                "entry_party_id",
                "source_party_id",
                "local_currency",
                "description",
                "category_source",
                "accounting_class_id",
                "department_id",
                "location_id",
                "job_id",
                "item_id",
                "line_order",
                "fx_rate",
                "category_confidence",
            ]
        )
    }}
{%- endmacro %}
