-- Both books as they are read, each line with its `basis`.
{{ config(materialized="view") }}
select 'accrual' as basis, accrual_lines.*
from {{ ref("int_accrual_composed") }} as accrual_lines
union all
select 'cash' as basis, cash_lines.*
from {{ ref("int_cash_composed") }} as cash_lines
