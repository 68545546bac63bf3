-- What is unusual about a record while it lasts. The names are a closed list.
with
    raised as (
        select *
        from {{ ref("int_document_flags_raised") }}
        union all
        select *
        from {{ ref("int_payment_flags_raised") }}
        union all
        select *
        from {{ ref("int_settlement_flags_raised") }}
    )

select
    snapshots.org_id,
    raised.document_type,
    raised.document_id,
    raised.flag,
    min(raised.message) as message
from raised
inner join
    {{ ref("int_snapshots") }} as snapshots
    on raised.snapshot_id = snapshots.snapshot_id
    and snapshots.is_current
group by snapshots.org_id, raised.document_type, raised.document_id, raised.flag
