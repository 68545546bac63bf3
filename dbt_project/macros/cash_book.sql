{# The order among settlements of one day; NULL where an entry settles nothing. #}
{% macro settlement_kind(entry_type) -%}
    case
        {{ entry_type }}
        when 'credit_use'
        then 1
        when 'payment'
        then 2
        when 'receipt'
        then 2
        when 'receipt_apply'
        then 2
        when 'settlement'
        then 3
        when 'manual'
        then 4
    end
{%- endmacro %}

{# Whether a key is that of an entry that takes another one back. #}
{% macro is_void_key(entry_key) -%}
    substr({{ entry_key }}, length({{ entry_key }}) - 4) = '|void'
{%- endmacro %}
