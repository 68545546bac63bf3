"""The values BILL's status and type fields are known to take.

Here belongs: lists believed complete, and those of statuses the ledger decides by, so
that a new value can be told. Not here: lists known to be an excerpt, where every other
row would be called new; what a value means to the ledger (dbt's seeds).
"""

_TEXTS = {
    # what the ledger decides by
    "bill_record_status": "ACTIVE INACTIVE DRAFT DRAFT_DELETED",
    "bill_payment_status": "UNPAID PARTIALLY_PAID SCHEDULED IN_PROCESS PAID UNDEFINED",
    "bill_approval_status": ("UNASSIGNED ASSIGNED APPROVING APPROVED DENIED UNDEFINED"),
    "payment_status": "APPROVING SCHEDULED PAID VOID CANCELLED UNDEFINED",
    "payment_single_status": (
        "SCHEDULED FUNDING_STARTED PROCESSED SENT DELIVERED CLEARED"
        " DISBURSEMENT_ON_HOLD VOIDED FUNDING_FAILED_VOIDED CANCELED FUNDS_ESCHEATED"
        " FUNDING_FAILED_ACTION_NEEDED DISBURSEMENT_FAILED_ACTION_NEEDED"
        " DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED VOID_PENDING EXPIRING READY_TO_FUND"
        " CANCELLATION_IN_PROGRESS PARTIALLY_CLAIMED UNDEFINED"
    ),
    "disbursement_status": "DONE HOLD FAILED UNDEFINED",
    "void_type": "VOID_ONLY VOID_AND_CREDIT VOID_AND_REISSUE VOID_AND_REISSUE_VCARD",
    "void_status": "TO_BE_PROCESSED ACCEPTED REJECTED NO_OP ARCHIVED",
    "funding_account_type": "BANK_ACCOUNT CARD_ACCOUNT AP_CARD WALLET",
    "invoice_record_status": "ACTIVE INACTIVE DRAFT",
    "invoice_status": "OPEN SCHEDULED PARTIAL_PAYMENT PAID_IN_FULL UNDEFINED",
    "receipt_status": "PAID SCHEDULED VOID CANCELED ESCHEATED UNDEFINED",
    "receipt_type": (
        "CASH CHECK CREDIT_CARD ACH PAYPAL OTHER VIRTUAL_CARD WALLET UNDEFINED"
    ),
    "credit_status": (
        "NOT_APPLIED PARTIALLY_APPLIED FULLY_APPLIED IN_PROCESS UNDEFINED"
    ),
    "gl_account_type": (
        "UNSPECIFIED ACCOUNTS_PAYABLE ACCOUNTS_RECEIVABLE BANK COST_OF_GOODS_SOLD"
        " CREDIT_CARD EQUITY EXPENSE FIXED_ASSET INCOME LONG_TERM_LIABILITY"
        " OTHER_ASSET OTHER_CURRENT_ASSET OTHER_CURRENT_LIABILITY OTHER_EXPENSE"
        " OTHER_INCOME NON_POSTING"
    ),
    # parties and accounts
    "party_type": "BUSINESS PERSON NONE UNDEFINED",
    "network_status": "NOT_CONNECTED PENDING CONNECTED CONNECTED_RPPS",
    "vendor_bank_status": (
        "NO_ACCOUNT NET_LINKED_ACCOUNT NO_NET_LINKED_ACCOUNT UNDEFINED"
    ),
    "pay_by_type": (
        "ACH CHECK INTERNATIONAL_E_PAYMENT OFFLINE RPPS VIRTUAL_CARD WALLET UNDEFINED"
    ),
    "pay_by_subtype": "ACH IACH LOCAL MULTIPLE NONE WIRE UNDEFINED",
    "transfer_method": "LOCAL WIRE",
    "alternate_pay_by": (
        "ACH AMEX CHECK CREDIT_CARD INTERNATIONAL_E_PAYMENT OFFLINE PAYPAL RPPS"
        " VIRTUAL_CARD WALLET UNDEFINED"
    ),
    "virtual_card_status": (
        "CONFIRMED DECLINED ENROLLED ON_HOLD OPEN PAY_FOR_YOUR_OPPORTUNITY"
        " PAYER_ASSIST PENDING PHONE_NUMBER_NEEDED RECRUITING REQUIRE_MORE_INFO"
        " UNDEFINED UNKNOWN VERBAL_COMMITMENT"
    ),
    "tax_id_type": "EIN SSN UNDEFINED",
    "role_type": (
        "ACCOUNTANT ADMINISTRATOR APPROVER AUDITOR CLERK CUSTOM INTERNAL MEMBER"
        " NO_ACCESS PARTNER PAYER PURCHASE_REQUESTER REVIEWER UNDEFINED"
    ),
    "bank_type": "CHECKING SAVINGS",
    "bank_owner": "BUSINESS PERSONAL",
    "account_user_status": "NOMINATED VERIFIED UNVERIFIED UNDEFINED",
    "scan_status": "NOT_SCANNED CLEAN INFECTED IN_QUEUE REJECTED UNDEFINED",
    # Spend & Expense
    "spend_transaction_type": "AUTHORIZATION CLEAR DECLINE OTHER",
    "spend_card_type": "VIRTUAL VIRTUAL_MEMBER PHYSICAL",
    "spend_approver_type": "ADMIN BOOKKEEPER BUDGET_OWNER MANAGER SPECIFIC_PERSON",
    "spend_review_status": "WAITING APPROVED DENIED",
    "spend_interval": "NONE DAILY WEEKLY MONTHLY QUARTERLY YEARLY",
    "spend_budget_role": "OWNER MEMBER OBSERVER",
    "spend_user_role": "ADMIN MEMBER BOOKKEEPER FINANCE_ADMIN AUDITOR",
    "spend_reimbursement_type": "PURCHASE MILEAGE",
    "spend_fulfillment_type": "ACH PAYROLL",
}

KNOWN = {name: frozenset(text.split()) for name, text in _TEXTS.items()}
"""Known values by the name that column words use after ``@``."""
