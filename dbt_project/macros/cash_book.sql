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

{#
    The cash book's account of a line for which no document recognizes its lines. What
    an opening entry says is open was neither paid nor received: it stays equity.
#}
{% macro cash_account(posting) -%}
    case
        when {{ posting }}.account_number not in ('1100', '2000')
        then {{ posting }}.account_number
        when {{ posting }}.role = 'opening'
        then '3990'
        when {{ posting }}.document_type = 'statement'
        then '6430'
        when {{ posting }}.account_number = '2000'
        then '6990'
        else '4990'
    end
{%- endmacro %}
