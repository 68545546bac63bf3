{# A readable key: parts joined by bars, a missing part written as a dash. #}
{% macro joined_key(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append(
            "coalesce(cast(" ~ part ~ " as " ~ dbt.type_string() ~ "), '-')"
        ) -%}
    {%- endfor -%}
    {{ texts | join(" || '|' || ") }}
{%- endmacro %}
