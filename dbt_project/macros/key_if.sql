{#
    A join key that counts only where a condition on its own row holds. Beside the key,
    such a condition of an outer join makes DuckDB compare every row with every row.
#}
{% macro key_if(condition, key) -%}
    case when {{ condition }} then {{ key }} end
{%- endmacro %}
