-- What the ledger holds open for each open item in the currency of its party, and how
-- much of it people settled: what BILL's own figures can be compared with.
with
    -- An entry against 3990 brings forward what was open when the ledger starts.
    openings as (
        select distinct org_id, entry_id
        from {{ ref("journal_lines") }}
        where account_number = '3990'
    ),

    lines as (
        select
            lines.org_id,
            lines.account_number,
            lines.document_type,
            lines.document_id,
            -- Money without a vendor is nobody's; data_quality says so.
            coalesce(lines.source_party_id, '') as source_party_id,
            case when lines.account_number = '2000' then -1 else 1 end
            * lines.local_amount as amount,
            openings.entry_id is null
            and (
                {{ is_users_entry("entries.org_id", "entries.entry_key") }}
            ) as is_users
        from {{ ref("journal_lines") }} as lines
        inner join
            {{ ref("int_accrual_entries") }} as entries
            on lines.org_id = entries.org_id
            and lines.entry_id = entries.entry_id
        left join
            openings
            on lines.org_id = openings.org_id
            and lines.entry_id = openings.entry_id
        where lines.account_number in ('1100', '2000')
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
