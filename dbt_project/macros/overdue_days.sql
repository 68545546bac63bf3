{# Whole days since a due date, never negative; zero where nothing is open. #}
{% macro overdue_days(due_date, as_of, is_open) -%}
    case
        when {{ is_open }}
        then greatest({{ dbt.datediff(due_date, as_of, "day") }}, 0)
        else 0
    end
{%- endmacro %}
