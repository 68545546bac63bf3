{#- Drop what stands under a relation's name as something else: DuckDB replaces a table
    by a table only, a view by a view. -#}
{% macro drop_other_kind(target) %}
    {%- set existing = load_cached_relation(target) -%}
    {%- if existing is not none and existing.type != target.type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{% endmacro %}
