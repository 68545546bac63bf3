{# The columns every posting has, in order, with their types. #}
{% macro posting_columns() -%}
    {{
        return(
            [
                ("snapshot_id", "text"),
                ("entry_key", "text"),
                ("entry_type", "text"),
                ("source_entity", "text"),
                ("source_id", "text"),
                ("source_number", "text"),
                ("memo", "text"),
                ("role", "text"),
                ("line_reference", "text"),
                ("account_number", "text"),
                ("document_type", "text"),
                ("document_id", "text"),
                ("source_line_id", "text"),
                ("entry_party_id", "text"),
                ("source_party_id", "text"),
                ("local_currency", "text"),
                ("description", "text"),
                ("category_source", "text"),
                ("accounting_class_id", "text"),
                ("department_id", "text"),
                ("location_id", "text"),
                ("job_id", "text"),
                ("item_id", "text"),
                ("line_order", "bigint"),
                ("amount", "decimal(18, 2)"),
                ("local_amount", "decimal(18, 2)"),
                ("fx_rate", "decimal(18, 8)"),
                ("category_confidence", "decimal(5, 4)"),
                ("entry_date", "date"),
                ("source_changed_at", "timestamp with time zone"),
                ("state_from_generation", "integer"),
                ("member_entity", "text"),
                ("member_id", "text"),
            ]
        )
    }}
{%- endmacro %}

{#
    One posting: every column, each from the expression given for it (keyword arguments)
    or NULL. Debits are positive. The member is the record whose history the posting
    follows: its source, where nothing else is given. What documents themselves post
    says in which generation its state began instead.
#}
{% macro posting() -%}
    {%- for name, type in posting_columns() -%}
        {%- set sql_type = dbt.type_string() if type == "text" else type %}
        {%- set expression = kwargs.get(
            name, kwargs.get(name.replace("member", "source"))
        ) %}
        cast({{ expression if expression else "null" }} as {{ sql_type }}) as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
