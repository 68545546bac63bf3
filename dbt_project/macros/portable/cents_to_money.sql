{# A whole number of cents as money: 1234 is 12.34. #}
{% macro cents_to_money(cents) -%}
    {{ return(adapter.dispatch("cents_to_money")(cents)) }}
{%- endmacro %}

{% macro default__cents_to_money(cents) -%}
    cast(cast({{ cents }} as decimal(36, 0)) * 0.01 as decimal(18, 2))
{%- endmacro %}
