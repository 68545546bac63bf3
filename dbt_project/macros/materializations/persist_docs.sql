{#- The comments of a relation and its columns in one statement.

    The adapter's own asks twice which columns are there, half of what a small table
    costs. Those that the contract promises are, or DuckDB says which is not. -#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) %}
    {%- if for_relation and config.persist_relation_docs() -%}
        {% call statement("comments") -%}
            comment on {{ relation.type }} {{ relation }}
            is {{ duckdb_escape_comment(model.description) }};
            {% for column in model.columns.values() if for_columns -%}
            comment on column {{ relation }}.{{ column.name }}
            is {{ duckdb_escape_comment(column.description) }};
            {% endfor %}
        {%- endcall %}
    {%- endif -%}
{% endmacro %}
