-- The bank leg of voided payments: what BILL gave back.
{{
    transfers_posted(
        movements=payment_movements(
            "void_date", "payments.has_money_back", "payment_id"
        ),
        clearing_account="1090",
        event="back",
        bank_sign=1,
    )
}}
