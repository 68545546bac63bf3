-- I11: at every month end the open items add up to the control account.
{{ config(meta={"dagster": {"ref": {"name": "ap_aging"}}}) }}
with
    aged as (
        select org_id, as_of, '2000' as account_number, - sum(open_home) as amount
        from {{ ref("ap_aging") }}
        group by org_id, as_of
        union all
        select org_id, as_of, '1100' as account_number, sum(open_home) as amount
        from {{ ref("ar_aging") }}
        group by org_id, as_of
    )

select balance.org_id, balance.account_number, balance.month_end, balance.closing
from {{ ref("trial_balance") }} as balance
left join
    aged
    on balance.org_id = aged.org_id
    and balance.account_number = aged.account_number
    and balance.month_end = aged.as_of
where
    balance.account_number in ('1100', '2000')
    and balance.closing <> coalesce(aged.amount, 0)
