-- What each payment and receipt moves between clearing and the bank, and the entry that
-- sums it up: one per account, day and currency, or one per payment where the
-- organization asked for that.
with
    movements as (
        select 'out' as event, '1090' as clearing_account, -1 as bank_sign, moved.*
        from
            (
                {{
                    payment_movements(
                        "process_date", "payments.has_bank_leg", "replacement_id"
                    )
                }}
            ) as moved
        union all
        select 'back' as event, '1090' as clearing_account, 1 as bank_sign, moved.*
        from
            (
                {{
                    payment_movements(
                        "void_date", "payments.has_money_back", "payment_id"
                    )
                }}
            ) as moved
        union all
        select 'in' as event, '1095' as clearing_account, 1 as bank_sign, moved.*
        from ({{ receipt_movements("payment_date", "receipts.is_online") }}) as moved
        union all
        select 'in_back' as event, '1095' as clearing_account, -1 as bank_sign, moved.*
        from
            (
                {{
                    receipt_movements(
                        "void_date", "receipts.is_online and receipts.is_voided"
                    )
                }}
            ) as moved
    )

select
    movements.*,
    snapshot_id
    || '|transfer|'
    || account_key
    || '|'
    || cast(movement_date as {{ dbt.type_string() }})
    || '|'
    || event
    || coalesce('|' || key_part, '') as entry_key
from movements
