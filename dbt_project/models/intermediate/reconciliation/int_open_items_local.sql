-- What the ledger holds open for each open item in the currency of its party, and how
-- much of it people settled: what BILL's own figures can be compared with.
with
    lines as (
        select
            org_id,
            account_number,
            document_type,
            document_id,
            source_party_id,
            case when account_number = '2000' then -1 else 1 end
            * coalesce(local_amount, amount) as amount,
            {{ is_users_entry("org_id", "entry_key") }} as is_users
        from {{ ref("int_journal_composed") }}
        where basis = 'accrual' and account_number in ('1100', '2000')
    )

select
    org_id,
    account_number,
    document_type,
    document_id,
    source_party_id,
    cast(sum(amount) as decimal(18, 2)) as open_amount,
    cast(
        - sum(case when is_users then amount else 0 end) as decimal(18, 2)
    ) as user_settlements
from lines
group by org_id, account_number, document_type, document_id, source_party_id
