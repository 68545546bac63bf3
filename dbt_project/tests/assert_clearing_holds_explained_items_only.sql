-- I14: what stands on the clearing accounts is the sum of listed items, and each has a
-- cause.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "clearing_items"}}}) }}
with
    balances as (
        select org_id, account_number, amount
        from {{ ref("journal_lines") }}
        where account_number in ('1090', '1095')
        union all
        select org_id, account_number, - amount as amount
        from {{ ref("clearing_items") }}
        where account_number in ('1090', '1095') and cause <> 'unexplained'
    )

select org_id, account_number, sum(amount) as unexplained
from balances
group by org_id, account_number
having sum(amount) <> 0
