{#
    The ledger account behind one of BILL's funding accounts that nobody mapped. Without
    an account of its own, money moves through the organization's default bank.
#}
{% macro funding_account(funding_account_type, funding_account_id, default_bank) -%}
    case
        when upper({{ funding_account_type }}) in ('CARD_ACCOUNT', 'AP_CARD')
        then '2100'
        when upper({{ funding_account_type }}) = 'WALLET'
        then '1030'
        when nullif({{ funding_account_id }}, '') is null
        then coalesce({{ default_bank }}, '1010')
        else '1010'
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
