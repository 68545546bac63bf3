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

{# One division, as those of 128 bits are slow. #}
{% macro duckdb__floor_div(dividend, divisor) -%}
    {%- set toward_zero = "divide(" ~ dividend ~ ", " ~ divisor ~ ")" -%}
    (
        {{ toward_zero }} - case
            when {{ toward_zero }} * ({{ divisor }}) > ({{ dividend }}) then 1 else 0
        end
    )
{%- endmacro %}
