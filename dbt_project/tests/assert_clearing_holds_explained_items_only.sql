-- I14: money in clearing is explained payment by payment: it nets to zero for each,
-- but for payments whose funding failed.
{{ config(severity="warn") }}
select lines.account_number, lines.document_id, sum(lines.amount) as amount
from {{ ref("journal_lines") }} as lines
left join
    {{ ref("payments") }} as payments
    on lines.org_id = payments.org_id
    and lines.document_id = payments.payment_id
where
    lines.account_number in ('1090', '1095')
    and coalesce(payments.state, '') <> 'funding_failed'
group by lines.account_number, lines.document_id
having sum(lines.amount) <> 0
