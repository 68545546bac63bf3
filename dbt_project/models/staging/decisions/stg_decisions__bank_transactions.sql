-- Lines of a bank feed: money in is positive.
select
    org_id,
    transaction_id,
    account_number,
    description,
    cast(amount as decimal(18, 2)) as amount,
    cast(decision_id as bigint) as decision_id,
    cast(booked_on as date) as booked_on,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "bank_transactions") }}
