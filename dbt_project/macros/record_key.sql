{# One text that names a record among all kinds of records. #}
{% macro record_key(entity, id) -%} '{{ entity }}:' || {{ id }} {%- endmacro %}
