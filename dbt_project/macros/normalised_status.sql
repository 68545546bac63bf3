{# BILL spells a cancelled thing with one L or two; a status compares in upper case. #}
{% macro normalised_status(status) -%}
    replace(upper(trim({{ status }})), 'CANCELLED', 'CANCELED')
{%- endmacro %}
