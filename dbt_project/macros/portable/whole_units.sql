{# A decimal as a whole number of its smallest units: 12.34 at 2 places is 1234. #}
{% macro whole_units(amount, places) -%}
    {{ return(adapter.dispatch("whole_units")(amount, places)) }}
{%- endmacro %}

{% macro default__whole_units(amount, places) -%}
    cast(
        cast({{ amount }} as decimal(38, {{ places }}))
        * {{ 10**places }} as decimal(38, 0)
    )
{%- endmacro %}

{% macro duckdb__whole_units(amount, places) -%}
    cast(
        cast({{ amount }} as decimal({{ 18 + places }}, {{ places }}))
        * {{ 10**places }} as hugeint
    )
{%- endmacro %}
