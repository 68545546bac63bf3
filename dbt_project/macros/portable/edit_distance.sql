{# How many single-character edits turn one text into another. #}
{% macro edit_distance(one, other) -%}
    {{ return(adapter.dispatch("edit_distance")(one, other)) }}
{%- endmacro %}

{% macro default__edit_distance(one, other) -%}
    levenshtein({{ one }}, {{ other }})
{%- endmacro %}
