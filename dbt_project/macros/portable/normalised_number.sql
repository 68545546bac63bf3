{#
    A document number as two people would both write it: upper case, letters and digits
    only, without the zeros a run of digits starts with.
#}
{% macro normalised_number(number) -%}
    {{ return(adapter.dispatch("normalised_number")(number)) }}
{%- endmacro %}

{% macro default__normalised_number(number) -%}
    regexp_replace(
        regexp_replace(upper(coalesce({{ number }}, '')), '[^A-Z0-9]', '', 'g'),
        '(^|[^0-9])0+([0-9])',
        '\1\2',
        'g'
    )
{%- endmacro %}
