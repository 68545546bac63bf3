-- Lines worth a person's look: those nobody could place first, by amount; then the
-- model's, by money at risk. That is the amount times the doubt, and the whole amount
-- where a mistake would move it between the balance sheet and profit and loss.
with
    undecided as (
        select
            predictions.*,
            predictions.decided_by in ('abstain', 'none') as is_unplaced,
            case
                when predictions.decided_by in ('abstain', 'none')
                then 'unplaced'
                when accounts.account_type in ('asset', 'liability', 'equity')
                then 'on_balance_sheet'
                when
                    predictions.account_number in ('6330', '6340', '6350', '6230')
                    and abs(predictions.amount_home) >= 2500
                then 'perhaps_capital'
                when
                    lower(predictions.description) like '%transfer%'
                    or lower(predictions.description) like '%owner%'
                    or lower(predictions.description) like '%prepaid%'
                then 'perhaps_no_expense'
                else 'doubt'
            end as review_reason
        from {{ ref("category_predictions") }} as predictions
        left join
            {{ ref("chart_of_accounts") }} as accounts
            on predictions.account_number = accounts.account_number
        where predictions.category_source in ('model', 'system')
    ),

    doubtful as (
        select
            undecided.*,
            cast(
                round(
                    abs(amount_home) * case
                        when review_reason = 'doubt'
                        then 1 - coalesce(confidence, 0)
                        else 1
                    end,
                    2
                ) as decimal(18, 2)
            ) as money_at_risk
        from undecided
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
    review_reason,
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
