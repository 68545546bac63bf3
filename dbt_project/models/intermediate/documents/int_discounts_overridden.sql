-- The account a person chose for the discount without a document of a bill or invoice:
-- an override of its line called discount.
with
    overrides as (
        {{
            decisions_in_force(
                "category_overrides",
                ["org_id", "source_entity", "document_id", "line_id"],
            )
        }}
    )

select
    overrides.snapshot_id,
    overrides.source_entity,
    overrides.document_id,
    overrides.account_number
from overrides
inner join
    {{ ref("chart_of_accounts") }} as accounts
    on overrides.account_number = accounts.account_number
    and accounts.is_categorizable
where overrides.line_id = 'discount' and not overrides.is_withdrawn
