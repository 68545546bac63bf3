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

{#
    The ledger account a payment outside BILL was made from: the card where BILL's own
    chart says so, else as for BILL's funding accounts.
#}
{% macro recorded_account(chart_account_type, funding_account_type) -%}
    case
        when upper({{ chart_account_type }}) = 'CREDIT_CARD'
        then '2100'
        else {{ funding_account(funding_account_type) }}
    end
{%- endmacro %}

{# The kind of record a funding account is among decisions. #}
{% macro funding_entity(funding_account_type) -%}
    case
        when upper({{ funding_account_type }}) in ('CARD_ACCOUNT', 'AP_CARD')
        then 'card_account'
        else 'bank_account'
    end
{%- endmacro %}
