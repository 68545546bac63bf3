"""The lists of Spend & Expense: cards, budgets, what was bought and paid back.

Here belongs: what may be asked of each, as data. Not here: BILL's other lists
(catalog.py, side_lists.py), what these lists hold (spend_team.py, spend_days.py).
"""

from bill_source.sandbox.catalog import Listing, filters_of

_PAGES = ("max", "nextPage", "prevPage")
_ASKED = (*_PAGES, "filters", "sort")
_IDS = ("uuid", "id")

SPEND_LISTINGS = (
    Listing(
        name="spend-transactions",
        path="/v3/spend/transactions",
        identity="uuid",
        filters=filters_of(
            "cardId:eq,in userId:eq,in budgetId:eq,in transactionIds:eq,in"
            " merchantName:eq amount:gte,lte fees:gte,lte customFieldIds:eq,in"
            " type:eq,ne syncStatus:eq complete:eq receiptStatus:eq updatedTime:gte"
        ),
        sorts=("amount", "merchantName", "occurredTime", "updatedTime"),
        one_sort=True,
        largest=50,
        parameters=(*_ASKED, "showCustomFieldIds", "includeReceipts"),
        on_request={"includeReceipts": "receipts"},
        looks_at={
            "cardId": ("cardUuid", "cardId"),
            "userId": ("userUuid", "userId"),
            "budgetId": ("budgetUuid", "budgetId"),
            "transactionIds": _IDS,
            "customFieldIds": ("customFields.uuid", "customFields.id"),
            "type": ("transactionType",),
            "syncStatus": ("accountingIntegrationTransactions.syncStatus",),
        },
        optional=("declineReason", "disputeStatus", "matchedClearTransactionUuid"),
    ),
    Listing(
        name="spend-budgets",
        path="/v3/spend/budgets",
        identity="uuid",
        filters=filters_of("budgetIds:eq retired:eq"),
        sorts=("spent",),
        parameters=_ASKED,
        looks_at={"budgetIds": _IDS, "spent": ("currentPeriod.spent.total",)},
        optional=("description", "expirationDate", "parentBudgetUuid"),
    ),
    Listing(
        name="spend-budget-members",
        path="/v3/spend/budgets/{parentId}/members",
        parent="spend-budgets",
        get_path="",
        identity="userUuid",
        filters=filters_of("retired:eq"),
        sorts=("spent",),
        parameters=_ASKED,
    ),
    Listing(
        name="spend-cards",
        path="/v3/spend/cards",
        identity="uuid",
        filters=filters_of("cardIds:eq"),
        sorts=("status",),
        parameters=_ASKED,
        looks_at={"cardIds": _IDS},
        optional=("deletedReason",),
    ),
    Listing(
        name="spend-custom-fields",
        path="/v3/spend/custom-fields",
        identity="uuid",
        filters=filters_of("retired:eq"),
        sorts=("createdTime",),
        parameters=_ASKED,
        optional=("description",),
    ),
    Listing(
        name="spend-custom-field-values",
        path="/v3/spend/custom-fields/{parentId}/values",
        parent="spend-custom-fields",
        get_path="",
        identity="uuid",
        filters=filters_of("retired:eq"),
        looks_at={"retired": ("deleted",)},
        parameters=(*_PAGES, "filters"),
    ),
    Listing(
        name="spend-reimbursements",
        path="/v3/spend/reimbursements",
        identity="uuid",
        filters=filters_of("reimbursementIds:eq"),
        sorts=("submittedTime",),
        parameters=_ASKED,
        looks_at={"reimbursementIds": _IDS},
        optional=("note", "batchId"),
    ),
    Listing(
        name="spend-users",
        path="/v3/spend/users",
        identity="uuid",
        filters=filters_of("retired:eq"),
        parameters=(*_PAGES, "filters"),
        optional=("receiptEmail",),
    ),
)
