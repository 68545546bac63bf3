-- Lines of bank feeds as each snapshot knows them: the newest row of a transaction
-- counts, booked by that day.
with
    versions as (
        select
            snapshots.snapshot_id,
            lines.*,
            row_number() over (
                partition by snapshots.snapshot_id, lines.transaction_id
                order by lines.effective_at desc, lines.decision_id desc
            ) as newness
        from {{ ref("stg_decisions__bank_transactions") }} as lines
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on lines.org_id = snapshots.org_id
            and lines.effective_at <= snapshots.as_of
            and lines.booked_on <= snapshots.as_of_date
    )

select
    snapshot_id,
    org_id,
    transaction_id,
    account_number,
    description,
    amount,
    booked_on,
    effective_at
from versions
where newness = 1 and amount <> 0
