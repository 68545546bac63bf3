-- People's rules for lines like these, every version of every rule.
select
    org_id,
    rule_id,
    nullif(party_id, '') as party_id,
    nullif(party_name, '') as party_name,
    nullif(text_contains, '') as text_contains,
    nullif(direction, '') as direction,
    account_number,
    note,
    cast(min_amount as decimal(18, 2)) as min_amount,
    cast(max_amount as decimal(18, 2)) as max_amount,
    cast(priority as integer) as priority,
    cast(decision_id as bigint) as decision_id,
    coalesce(withdrawn, false) as is_withdrawn,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "category_rules") }}
