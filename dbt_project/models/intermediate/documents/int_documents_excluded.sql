-- The records a person keeps out of the ledger, as each snapshot knows them.
select snapshot_id, source_entity, document_id, reason
from
    (
        {{ decisions_in_force("exclusions", ["source_entity", "document_id"]) }}
    ) as exclusions
where not is_withdrawn
