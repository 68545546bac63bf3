{# md5 over texts joined by a bar: stable over rebuilds and equal on every engine. #}
{% macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(
            "coalesce(cast("
            ~ column
            ~ " as "
            ~ dbt.type_string()
            ~ "), '_null_')"
        ) -%}
    {%- endfor -%}
    md5({{ parts | join(" || '|' || ") }})
{%- endmacro %}
