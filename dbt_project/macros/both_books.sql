{# The lines of both books, each with its `basis`: accrual and cash. #}
{% macro both_books() -%}
    select 'accrual' as basis, accrual_lines.*
    from {{ ref("journal_lines") }} as accrual_lines
    union all
    select 'cash' as basis, cash_lines.*
    from {{ ref("journal_lines_cash") }} as cash_lines
{%- endmacro %}
