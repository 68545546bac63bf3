-- Lines worth a person's look: those nobody could place first, by amount; then the
-- model's, by money at risk, which is the amount times the doubt.
with
    doubtful as (
        select
            predictions.*,
            decided_by in ('abstain', 'none') as is_unplaced,
            cast(
                round(
                    abs(amount_home) * (
                        1 - case
                            when decided_by in ('abstain', 'none')
                            then 0
                            else coalesce(confidence, 0)
                        end
                    ),
                    2
                ) as decimal(18, 2)
            ) as money_at_risk
        from {{ ref("category_predictions") }} as predictions
        where category_source in ('model', 'system')
    )

select
    org_id,
    source_entity,
    document_id,
    line_id,
    party_id,
    source_party_id,
    account_number,
    account_name,
    party_name,
    description,
    decided_by,
    explanation,
    suggestion_1,
    suggestion_2,
    suggestion_3,
    cast(
        row_number() over (
            partition by org_id
            order by
                case when is_unplaced then 0 else 1 end,
                money_at_risk desc,
                source_entity,
                document_id,
                line_id
        ) as bigint
    ) as review_rank,
    amount,
    amount_home,
    money_at_risk,
    confidence,
    document_date
from doubtful
where money_at_risk > 0
