{# Whole quotient rounded half away from zero; a zero divisor gives NULL. #}
{% macro round_div(dividend, divisor) -%}
    sign({{ dividend }})
    * sign({{ divisor }})
    * {{
        floor_div(
            "2 * abs(" ~ dividend ~ ") + abs(" ~ divisor ~ ")",
            "nullif(2 * abs(" ~ divisor ~ "), 0)",
        )
    }}
{%- endmacro %}
