{# Whole quotient toward minus infinity of two whole numbers, divisor > 0, exact. #}
{% macro floor_div(dividend, divisor) -%}
    {{ return(adapter.dispatch("floor_div")(dividend, divisor)) }}
{%- endmacro %}

{% macro default__floor_div(dividend, divisor) -%}
    (
        ({{ dividend }})
        - mod(mod({{ dividend }}, {{ divisor }}) + ({{ divisor }}), {{ divisor }})
    )
    / ({{ divisor }})
{%- endmacro %}

{% macro duckdb__floor_div(dividend, divisor) -%}
    divide(
        ({{ dividend }})
        - (({{ dividend }}) % ({{ divisor }}) + ({{ divisor }})) % ({{ divisor }}),
        {{ divisor }}
    )
{%- endmacro %}
