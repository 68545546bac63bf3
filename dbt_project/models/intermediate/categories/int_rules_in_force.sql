-- Each category rule as its newest version says, with the order in which rules win.
with
    known as (
        select
            rules.*,
            settings.snapshot_id,
            row_number() over (
                partition by settings.snapshot_id, rules.rule_id
                order by rules.effective_at desc, rules.decision_id desc
            ) as recency
        from {{ ref("stg_decisions__category_rules") }} as rules
        inner join
            {{ ref("int_snapshots") }} as settings
            on rules.org_id = settings.org_id
            and rules.effective_at <= settings.as_of
    )

select
    known.snapshot_id,
    known.org_id,
    known.rule_id,
    coalesce(redirects.party_id, known.party_id) as party_id,
    known.party_name,
    known.text_contains,
    known.direction,
    known.account_number,
    known.note,
    known.min_amount,
    known.max_amount,
    row_number() over (
        partition by known.snapshot_id
        order by known.priority, known.effective_at desc, known.decision_id desc
    ) as rule_order,
    known.effective_at
from known
inner join
    {{ ref("chart_of_accounts") }} as accounts
    on known.account_number = accounts.account_number
    and accounts.is_categorizable
left join
    {{ ref("int_party_ids_followed") }} as redirects
    on known.snapshot_id = redirects.snapshot_id
    and known.party_id = redirects.former_party_id
where known.recency = 1 and not known.is_withdrawn
