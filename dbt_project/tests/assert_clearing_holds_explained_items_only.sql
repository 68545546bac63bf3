-- I14: money in clearing is explained payment by payment: it nets to zero for each, or
-- for a voided payment together with the one sent in its place. Left out: payments
-- whose funding failed, and voided ones whose replacement has not appeared.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
with
    reissued as (
        select *
        from
            (
                {{ known_now("int_payments_reissued", adds_org=true) }}
            ) as payments_reissued
    ),

    chained as (
        select
            lines.org_id,
            lines.account_number,
            lines.amount,
            coalesce(reissued.replacement_id, lines.document_id) as document_id
        from {{ ref("journal_lines") }} as lines
        left join
            reissued
            on lines.org_id = reissued.org_id
            and lines.document_id = reissued.payment_id
        where lines.account_number in ('1090', '1095')
    )

select chained.account_number, chained.document_id, sum(chained.amount) as amount
from chained
left join
    {{ ref("payments") }} as payments
    on chained.org_id = payments.org_id
    and chained.document_id = payments.payment_id
where
    coalesce(payments.state, '') <> 'funding_failed'
    and not exists (
        select 1
        from reissued
        where
            reissued.org_id = chained.org_id
            and reissued.payment_id = chained.document_id
    )
group by chained.account_number, chained.document_id
having sum(chained.amount) <> 0
