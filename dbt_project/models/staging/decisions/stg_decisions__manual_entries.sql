-- Lines of entries a person wrote; those of one decision are one version of an entry.
select
    org_id,
    entry_id,
    account_number,
    nullif(party_id, '') as party_id,
    nullif(document_id, '') as document_id,
    memo,
    cast(debit as decimal(18, 2)) as debit,
    cast(credit as decimal(18, 2)) as credit,
    cast(decision_id as bigint) as decision_id,
    cast(line_number as integer) as line_number,
    cast(entry_date as date) as entry_date,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "manual_entries") }}
