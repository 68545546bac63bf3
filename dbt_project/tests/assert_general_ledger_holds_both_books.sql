-- The flat view has every line of both books once, and each account's last running
-- balance is the trial balance's last closing.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "general_ledger"}}}) }}
with
    flat as (
        select
            org_id,
            basis,
            account_number,
            running_balance,
            account_line_no,
            max(account_line_no) over (
                partition by org_id, basis, account_number
            ) as last_line_no
        from {{ ref("general_ledger") }}
    ),

    counted as (
        select org_id, basis, account_number, count(*) as line_count
        from ({{ both_books() }}) as lines
        group by org_id, basis, account_number
    ),

    closed as (
        select
            org_id,
            basis,
            account_number,
            closing,
            row_number() over (
                partition by org_id, basis, account_number order by month_end desc
            ) as age
        from {{ ref("trial_balance") }}
    )

select closed.org_id, closed.basis, closed.account_number, flat.running_balance
from closed
left join
    flat
    on closed.org_id = flat.org_id
    and closed.basis = flat.basis
    and closed.account_number = flat.account_number
    and flat.account_line_no = flat.last_line_no
left join
    counted
    on closed.org_id = counted.org_id
    and closed.basis = counted.basis
    and closed.account_number = counted.account_number
where
    closed.age = 1
    and (
        flat.running_balance is distinct from closed.closing
        or flat.last_line_no is distinct from counted.line_count
    )
