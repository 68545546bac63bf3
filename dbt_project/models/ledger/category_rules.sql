-- People's category rules as they stand now, in the order in which they win.
select
    org_id,
    rule_id,
    party_id,
    account_number,
    party_name,
    text_contains,
    direction,
    note,
    min_amount,
    max_amount,
    cast(rule_order as bigint) as rule_order,
    effective_at
from ({{ known_now("int_rules_in_force") }}) as rules_in_force
