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

{# The same in 64 bits: DuckDB takes twenty times as long in 128. #}
{% macro duckdb__whole_units(amount, places) -%}
    {%- set short = "try_cast(" ~ amount ~ " as decimal(18, " ~ places ~ "))" -%}
    coalesce(
        cast(trunc({{ short }}) as hugeint) * {{ 10**places }}
        + cast(({{ short }} - trunc({{ short }})) * {{ 10**places }} as hugeint),
        cast(
            cast({{ amount }} as decimal({{ 18 + places }}, {{ places }}))
            * {{ 10**places }} as hugeint
        )
    )
{%- endmacro %}
