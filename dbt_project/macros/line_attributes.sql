{# What one line of an entry carries of its own, besides its amounts. #}
{% macro line_attributes() -%}
    {{
        return(
            [
                "role",
                "line_reference",
                "account_number",
                "document_type",
                "document_id",
                "source_line_id",
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
