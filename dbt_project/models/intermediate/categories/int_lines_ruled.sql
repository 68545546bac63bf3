-- The category the first matching rule gives each line.
with
    lines as (select * from {{ ref("int_lines_to_categorize") }}),

    parties as (select * from {{ ref("int_parties_named") }}),

    matched as (
        select
            lines.snapshot_id,
            lines.source_entity,
            lines.document_id,
            lines.line_id,
            rules.rule_id,
            rules.account_number,
            row_number() over (
                partition by
                    lines.snapshot_id,
                    lines.source_entity,
                    lines.document_id,
                    lines.line_id
                order by rules.rule_order
            ) as match_order
        from lines
        left join
            parties
            on lines.org_id = parties.org_id
            and lines.party_id = parties.source_id
            and parties.source_entity
            = case when lines.direction = 'ap' then 'vendor' else 'customer' end
        inner join
            {{ ref("int_rules_in_force") }} as rules
            on lines.snapshot_id = rules.snapshot_id
            and coalesce(rules.direction, lines.direction) = lines.direction
            and (
                rules.party_id is null
                or rules.party_id = lines.party_id
                or rules.party_id = parties.party_id
            )
            and (
                rules.party_name is null
                or lower(trim(rules.party_name)) = parties.normalised_name
            )
            and (
                rules.text_contains is null
                or replace(lower(lines.description), lower(rules.text_contains), '')
                <> lower(lines.description)
            )
            and abs(lines.amount) >= coalesce(rules.min_amount, 0)
            and (rules.max_amount is null or abs(lines.amount) <= rules.max_amount)
    )

select snapshot_id, source_entity, document_id, line_id, rule_id, account_number
from matched
where match_order = 1
