{# Cents in home currency of a local amount: BILL's rate is foreign units per one home. #}
{% macro home_cents(local_amount, rate) -%}
    {{
        round_div(
            "(" ~ whole_units(local_amount, 2) ~ " * 100000000)",
            whole_units(rate, 8),
        )
    }}
{%- endmacro %}
