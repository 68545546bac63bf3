{#
    The lines of both books that say what vendors were paid or owed for: those of their
    documents, less the accounts money and debts stand on. Exchange results buy nothing.
#}
{% macro bought_lines() -%}
    select lines.*
    from ({{ both_books() }}) as lines
    inner join
        {{ ref("accounts") }} as accounts
        on lines.org_id = accounts.org_id
        and lines.account_number = accounts.account_number
    where
        lines.document_type in ('bill', 'vendor_credit', 'payment', 'statement')
        and lines.account_number <> '7200'
        and accounts.account_subtype not in ({{ money_subtypes() }})
{%- endmacro %}

{# Subtypes of the accounts that hold money, debts of documents, or what is unclear. #}
{% macro money_subtypes() -%}
    'bank',
    'clearing',
    'suspense',
    'credit_card',
    'accounts_payable',
    'accounts_receivable'
{%- endmacro %}
