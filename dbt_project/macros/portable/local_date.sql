{# The calendar day of an instant where the organization is, never in UTC. #}
{% macro local_date(instant, time_zone) -%}
    {{ return(adapter.dispatch("local_date")(instant, time_zone)) }}
{%- endmacro %}

{% macro default__local_date(instant, time_zone) -%}
    cast(timezone({{ time_zone }}, {{ instant }}) as date)
{%- endmacro %}
