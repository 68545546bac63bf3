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

select org_id, document_type, document_id, flag, min(message) as message
from raised
group by org_id, document_type, document_id, flag
