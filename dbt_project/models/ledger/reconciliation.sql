-- The ledger against BILL's own figures: every bill and invoice, and every vendor and
-- customer whose balance BILL shows, with what lies between and why. In the currency of
-- the document or party.
with
    compared as (
        select
            org_id,
            'document' as grain,
            document_type,
            document_id,
            source_party_id,
            currency,
            credit_identity as source_reading,
            not_posted_reason,
            unposted_reason,
            ledger_open,
            source_due,
            source_scheduled,
            posted_not_cleared,
            user_settlements,
            credits_pending,
            credits_not_posted,
            not_posted,
            cast(0 as decimal(18, 2)) as open_credits,
            explained,
            unexplained,
            cast(null as {{ dbt.type_string() }}) as remark
        from {{ ref("int_documents_reconciled") }}
        union all
        select
            org_id,
            'party' as grain,
            document_type,
            document_id,
            document_id as source_party_id,
            currency,
            balance_reading as source_reading,
            cast(null as {{ dbt.type_string() }}) as not_posted_reason,
            unposted_reason,
            ledger_open,
            source_due,
            source_scheduled,
            posted_not_cleared,
            user_settlements,
            credits_pending,
            credits_not_posted,
            not_posted,
            open_credits,
            explained,
            unexplained,
            case when is_of_documents then 'the sum of its documents' end as remark
        from {{ ref("int_parties_reconciled") }}
    )

select
    compared.org_id,
    compared.grain,
    compared.document_type,
    compared.document_id,
    parties.party_id,
    compared.source_party_id,
    compared.currency,
    {{ reconciliation_cause("compared", "coalesce(flagged.message, compared.remark)") }}
    as cause,
    compared.source_reading,
    compared.ledger_open,
    compared.source_due,
    compared.source_scheduled,
    compared.posted_not_cleared,
    compared.user_settlements,
    compared.credits_pending,
    compared.credits_not_posted,
    compared.not_posted,
    compared.open_credits,
    compared.explained,
    compared.unexplained
from compared
left join
    (
        select org_id, document_type, document_id, min(message) as message
        from {{ ref("int_flags_raised") }}
        group by org_id, document_type, document_id
    ) as flagged
    on compared.org_id = flagged.org_id
    and compared.document_type = flagged.document_type
    and compared.document_id = flagged.document_id
left join
    {{ ref("int_parties_named") }} as parties
    on compared.org_id = parties.org_id
    and compared.source_party_id = parties.source_id
    and parties.source_entity = case
        when compared.document_type in ('bill', 'vendor') then 'vendor' else 'customer'
    end
