-- The bank leg of payments: what BILL drew from the bank to pay vendors.
{{
    transfers_posted(
        movements=payment_movements(
            "process_date", "payments.has_bank_leg", "replacement_id"
        ),
        clearing_account="1090",
        event="out",
        bank_sign=-1,
    )
}}
