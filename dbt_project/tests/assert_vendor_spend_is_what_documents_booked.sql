-- Vendor spend by a second road: on each account of income, cost or property it is what
-- the trial balance moved less what no document of a vendor booked.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "vendor_spend"}}}) }}
with
    lines as (
        select
            books.*,
            accounts.account_subtype not in ({{ money_subtypes() }})
            and books.account_number <> '7200' as is_category,
            coalesce(
                books.document_type
                in ('bill', 'vendor_credit', 'payment', 'statement'),
                false
            ) as is_bought
        from ({{ both_books() }}) as books
        inner join
            {{ ref("accounts") }} as accounts
            on books.org_id = accounts.org_id
            and books.account_number = accounts.account_number
    ),

    spent as (
        select
            org_id,
            'accrual' as basis,
            account_number,
            {{ month_end("month") }} as month_end,
            accrual_amount as amount
        from {{ ref("vendor_spend") }}
        union all
        select
            org_id,
            'cash' as basis,
            account_number,
            {{ month_end("month") }} as month_end,
            cash_amount as amount
        from {{ ref("vendor_spend") }}
    ),

    moved as (
        select org_id, basis, account_number, month_end, debits - credits as amount
        from {{ ref("trial_balance") }}
        union all
        select
            org_id,
            basis,
            account_number,
            {{ month_end("entry_date") }} as month_end,
            - amount as amount
        from lines
        where not is_bought
        union all
        select org_id, basis, account_number, month_end, - amount as amount
        from spent
    )

select
    moved.org_id,
    moved.basis,
    moved.month_end,
    moved.account_number,
    sum(moved.amount) as difference
from moved
where
    exists (
        select 1
        from lines
        where
            lines.org_id = moved.org_id
            and lines.account_number = moved.account_number
            and lines.is_category
    )
group by moved.org_id, moved.basis, moved.month_end, moved.account_number
having sum(moved.amount) <> 0
