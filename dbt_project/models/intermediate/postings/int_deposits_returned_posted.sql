-- The bank leg of voided online receipts: what went back to customers.
{{
    transfers_posted(
        movements=receipt_movements(
            "void_date", "receipts.is_online and receipts.is_voided"
        ),
        clearing_account="1095",
        event="in_back",
        bank_sign=-1,
    )
}}
