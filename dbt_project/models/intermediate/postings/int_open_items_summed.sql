-- What the control accounts still hold for each open item, debits positive.
select
    org_id,
    account_number,
    document_type,
    document_id,
    cast(sum(amount) as decimal(18, 2)) as balance
from {{ ref("journal_lines") }}
where account_number in ('1100', '2000')
group by org_id, account_number, document_type, document_id
