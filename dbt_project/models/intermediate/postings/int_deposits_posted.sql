-- The bank leg of online receipts: what BILL paid into the bank.
{{
    transfers_posted(
        movements=receipt_movements("payment_date", "receipts.is_online"),
        clearing_account="1095",
        event="in",
        bank_sign=1,
    )
}}
