-- The vendors and customers that entries name which people wrote, by BILL's id, with
-- when BILL first showed each, in its lists or in a document.
with
    named as (
        select
            org_id,
            party_id as source_id,
            {{ record_key("vendor", "party_id") }} as party_key
        from {{ ref("stg_decisions__manual_entries") }}
        where party_id is not null
        union
        select
            org_id,
            party_id as source_id,
            {{ record_key("customer", "party_id") }} as party_key
        from {{ ref("stg_decisions__manual_entries") }}
        where party_id is not null
    ),

    shown as (
        select org_id, {{ record_key("vendor", "vendor_id") }} as party_key, synced_at
        from {{ ref("stg_bill__vendors") }}
        union all
        select
            org_id, {{ record_key("customer", "customer_id") }} as party_key, synced_at
        from {{ ref("stg_bill__customers") }}
        union all
        select org_id, party_key, synced_at
        from {{ ref("int_records_versioned") }}
    )

select named.org_id, named.source_id, min(shown.synced_at) as known_at
from named
inner join shown on named.org_id = shown.org_id and named.party_key = shown.party_key
group by named.org_id, named.source_id
