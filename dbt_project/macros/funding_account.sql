{# The ledger account behind one of BILL's funding accounts. #}
{% macro funding_account(funding_account_type) -%}
    case
        upper({{ funding_account_type }})
        when 'CARD_ACCOUNT'
        then '2100'
        when 'AP_CARD'
        then '2100'
        when 'WALLET'
        then '1030'
        else '1010'
    end
{%- endmacro %}
