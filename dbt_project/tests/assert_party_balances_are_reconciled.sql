-- I13: the balances BILL shows of vendors and customers are those of their open items,
-- or an open issue names the party.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "reconciliation"}}}) }}
select reconciled.document_type, reconciled.document_id, reconciled.unexplained
from {{ ref("reconciliation") }} as reconciled
where
    reconciled.grain = 'party'
    and reconciled.unexplained <> 0
    and not exists (
        select 1
        from {{ ref("data_quality") }} as issues
        where
            issues.org_id = reconciled.org_id
            and issues.document_type = reconciled.document_type
            and issues.document_id = reconciled.document_id
            and issues.resolved_at is null
    )
