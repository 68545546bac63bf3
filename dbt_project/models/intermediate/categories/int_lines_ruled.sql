-- The category the first matching rule gives each line.
with
    lines as (select * from {{ ref("int_lines_posted") }}),

    parties as (select * from {{ ref("int_parties_dated") }}),

    names as (
        select snapshot_id, party_id, normalised_name as party_name
        from parties
        union
        select snapshot_id, party_id, lower(trim(raw_name)) as party_name
        from parties
        union
        select snapshot_id, party_id, lower(trim(chosen_name)) as party_name
        from parties
        where chosen_name is not null
    ),

    rules as (
        select in_force.*, names.party_id as named_party_id
        from {{ ref("int_rules_in_force") }} as in_force
        left join
            names
            on in_force.snapshot_id = names.snapshot_id
            and lower(trim(in_force.party_name)) = names.party_name
    ),

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
            on lines.snapshot_id = parties.snapshot_id
            and lines.party_id = parties.source_id
            and parties.source_entity
            = case when lines.direction = 'ap' then 'vendor' else 'customer' end
        inner join
            rules
            on lines.snapshot_id = rules.snapshot_id
            and coalesce(rules.direction, lines.direction) = lines.direction
            and (
                rules.party_id is null
                or rules.party_id = lines.party_id
                or rules.party_id = parties.party_id
            )
            and (rules.party_name is null or rules.named_party_id = parties.party_id)
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
