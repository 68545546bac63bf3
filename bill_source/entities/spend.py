"""Spend & Expense: card transactions, budgets, cards and reimbursements.

Here belongs: the lists below /v3/spend, read with a token of their own when asked for.
Their ids are BILL's ``uuid``; the other id is kept as ``graph_id``. Amounts are US
dollars; original amounts are minor units of their currency, as text. Not here: AP
cards (funding.py).
"""

from bill_source.entities.entity import Children, Column, Entity
from bill_source.entities.words import columns

IDS = "id=uuid graph_id=id "
USER = " userId userUuid"
BUDGET = " budgetId budgetUuid"


def spend(
    table: str,
    path: str,
    words: str,
    *,
    children: tuple[Children, ...] = (),
    sort: str = "",
    per: str = "",
    page_size: int = 100,
    vanishes: bool = True,
    identity: str = "uuid",
    scoped: bool = False,
    get_path: str = "{path}/{id}",
) -> Entity:
    """Build one list of Spend & Expense."""
    return Entity(
        table=f"spend_{table}",
        path=f"/v3/spend/{path}",
        columns=columns(words),
        children=children,
        group="spend",
        mode="full",
        next_parameter="nextPage",
        id_filter=False,
        after=3 if per else 0,
        sort=sort,
        per=per,
        page_size=page_size,
        vanishes=vanishes,
        identity=identity,
        scoped=scoped,
        get_path=get_path,
    )


def receipts(owner: str) -> Children:
    """Build the list of receipts of one kind of owner; links are never stored."""
    return Children(f"spend_{owner}_receipts", "receipts", columns("uuid filename"))


def custom_fields(owner: str) -> Children:
    """Build the list of custom fields of one kind of owner, with what was chosen."""
    fields: tuple[Column, ...] = columns("id uuid name note isRequired:boolean")
    values = Children(
        f"spend_{owner}_custom_field_values",
        "selectedValues",
        columns("id uuid value"),
    )
    return Children(f"spend_{owner}_custom_fields", "customFields", fields, (values,))


TRANSACTIONS = spend(
    "transactions",
    "transactions",
    IDS + "status transactionType@spend_transaction_type isParent:boolean"
    " parentTransactionId childTransactionIds childTransactionUuids"
    " originalAuthTransactionId originalAuthTransactionUuid"
    " matchedClearTransactionId matchedClearTransactionUuid isLocked:boolean"
    " isReconciled:boolean isCredit:boolean complete:boolean amount:money"
    " transactedAmount:money fees:money foreignExchangeFee:money"
    " currencyData.originalCurrencyAmount currencyData.originalCurrencyCode"
    " currencyData.exponent:integer currencyData.exchangeRate:rate"
    " currencyData.symbol" + USER + " userName" + BUDGET + " budgetName cardId"
    " cardUuid cardLastFour cardType@spend_card_type cardPresent:boolean"
    " merchantName rawMerchantName merchantCategoryCode merchantLocation.city"
    " merchantLocation.state merchantLocation.postalCode merchantLocation.country"
    " network occurredTime:instant authorizedTime:instant updatedTime:instant"
    " declineReason declineInternalReasonCode disputeStatus pointsAwarded:integer"
    " receiptRequired:boolean receiptStatus receiptSyncStatus reviewRequired:boolean",
    sort="occurredTime:asc",
    page_size=50,
    vanishes=False,
    children=(
        receipts("transaction"),
        Children(
            "spend_transaction_reviews",
            "reviews",
            columns(
                "id isApproved:boolean note createdTime:instant deletedTime:instant"
                " reviewerId reviewerUuid"
            ),
        ),
        Children(
            "spend_transaction_reviewers",
            "reviewers",
            columns(
                "approverType@spend_approver_type status@spend_review_status"
                " reviewedTime:instant userId userUuid userName"
            ),
        ),
        custom_fields("transaction"),
        Children(
            "spend_transaction_integrations",
            "accountingIntegrationTransactions",
            columns(
                "id billable:boolean integrationTxId integrationId integrationType"
                " syncStatus syncMessage syncRequestId"
            ),
        ),
    ),
)

SPEND = (
    TRANSACTIONS,
    spend(
        "budgets",
        "budgets",
        IDS + "name description retired:boolean startDate:date expirationDate:date"
        " recurringInterval@spend_interval timezone autoAddUsers:boolean"
        " receiptRequired:boolean maxTxSize:money carryOver:boolean"
        " is_default=default:boolean parentBudgetId parentBudgetUuid"
        " budgetGroup:boolean shareFunds recurringLimit:money"
        " limitlessOverspend:boolean limitlessGoal:money currentPeriod.startDate:date"
        " currentPeriod.endDate:date currentPeriod.limit:money"
        " currentPeriod.overspendBuffer:money currentPeriod.assigned:money"
        " currentPeriod.spent.cleared:money currentPeriod.spent.pending:money"
        " currentPeriod.spent.total:money",
    ),
    spend(
        "budget_members",
        "budgets/{parent_id}/members",
        "id spend_budget_id=" + USER + " name budgetRole@spend_budget_role"
        " spent:money limit_amount=limit:money recurringLimit:money recurring:boolean"
        " retired:boolean shareBudgetFunds:boolean",
        per="spend_budgets",
        identity="userUuid",
        scoped=True,
        get_path="",
    ),
    spend(
        "cards",
        "cards",
        IDS + "name" + USER + BUDGET + " lastFour validThru expirationDate:date"
        " status deletedReason type@spend_card_type shareBudgetFunds:boolean"
        " recurring:boolean recurringLimit:money currentPeriod.limit:money"
        " currentPeriod.spent:money createdTime:instant updatedTime:instant",
    ),
    spend(
        "custom_fields",
        "custom-fields",
        IDS + "name description type multiSelect:boolean allowCustomValues:boolean"
        " minimumAmountForRequirement:money required:boolean global:boolean"
        " retired:boolean createdTime:instant selectedBudgetIds selectedBudgetUuids"
        " requiredBudgetIds requiredBudgetUuids",
        sort="createdTime:asc",
    ),
    spend(
        "custom_field_values",
        "custom-fields/{parent_id}/values",
        IDS + "spend_custom_field_id= value deleted:boolean",
        per="spend_custom_fields",
        get_path="",
    ),
    spend(
        "reimbursements",
        "reimbursements",
        IDS + "amount:money type@spend_reimbursement_type status"
        " fulfillmentType@spend_fulfillment_type fundRequestAmount:money"
        " fundRequestBudgetAmount:money merchantName note submittedTime:instant"
        " occurredDate:date retired:boolean batchId batchAmount:money" + BUDGET + USER,
        sort="submittedTime:asc",
        children=(
            Children(
                "spend_reimbursement_status_history",
                "statusHistory",
                columns("actorId actorRole occurredTime:instant note status"),
            ),
            receipts("reimbursement"),
            custom_fields("reimbursement"),
        ),
    ),
    spend(
        "users",
        "users",
        IDS + "firstName lastName email receiptEmail retired:boolean"
        " useCompanyMailingAddress:boolean smsOptIn:boolean hasDateOfBirth:boolean"
        " role@spend_user_role createdTime:instant",
    ),
)
