{#
    What names a line of a document and what it carries, as a list of columns.
#}
{% macro document_line_columns() -%}
    {{
        return(
            [
                "snapshot_id",
                "source_entity",
                "document_id",
                "line_id",
                "line_ordinal",
                "chart_of_account_id",
                "accounting_class_id",
                "department_id",
                "location_id",
                "job_id",
                "item_id",
                "description",
            ]
            | join(", ")
        )
    }}
{%- endmacro %}
