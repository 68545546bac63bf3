-- BILL's own invoices to the organization as known now, and whether each posts.
with
    statements as (
        {{
            newest_version(
                "stg_bill__billing_statements", "billing_statement_id", "statement"
            )
        }}
    ),

    judged as (
        select
            statements.snapshot_id,
            statements.org_id,
            statements.billing_statement_id as statement_id,
            statements.invoice_number as statement_number,
            statements.description,
            coalesce(statements.amount, 0) as amount,
            coalesce(
                statements.invoice_date, statements.billing_period_end_date
            ) as statement_date,
            case
                when
                    upper(statements.payment_status) = 'PAID'
                    and coalesce(
                        statements.payment_date,
                        statements.invoice_date,
                        statements.billing_period_end_date
                    )
                    <= settings.as_of_date
                then
                    coalesce(
                        statements.payment_date,
                        statements.invoice_date,
                        statements.billing_period_end_date
                    )
            end as paid_on,
            statements.is_archived,
            statements.synced_at
        from statements
        inner join
            {{ ref("int_snapshots") }} as settings
            on statements.snapshot_id = settings.snapshot_id
    )

select
    judged.*,
    case
        when is_archived and paid_on is null
        then 'archived'
        when amount = 0 or statement_date is null
        then 'zero_amount'
    end as not_posted_reason
from judged
