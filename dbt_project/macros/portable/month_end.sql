{# The last day of a date's month. #}
{% macro month_end(day) -%}
    cast({{ dbt.last_day(day, "month") }} as date)
{%- endmacro %}
