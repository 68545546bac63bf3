"""Each list takes the filters documented for it, and no others."""

from typing import Any

import pytest

PARTY = (
    "id:eq,ne,in archived:eq,ne name:eq,sw accountType:eq,ne,in,nin"
    " address.country:eq,ne createdTime:gt,gte,lt,lte updatedTime:gt,gte,lt,lte"
)
CODING = (
    " classifications.accountingClassId:eq,ne,in classifications.departmentId:eq,ne,in"
    " classifications.locationId:eq,ne,in classifications.itemId:eq,ne,in"
    " createdTime:gt,gte,lt,lte updatedTime:gt,gte,lt,lte"
)
SEEN = "id:eq updatedTime:gte createdTime:gte"
FILTERS = {
    "vendors": PARTY + " billCurrency:eq,ne,in,nin",
    "customers": PARTY + " invoiceCurrency:eq,ne,in,nin",
    "bills": (
        "id:eq,ne,in archived:eq,ne vendorId:eq,in dueDate:gt,gte,lt,lte"
        " paymentStatus:eq,ne,in payFromChartOfAccountId:eq,ne,in"
        " classifications.chartOfAccountId:eq,ne,in" + CODING
    ),
    "invoices": (
        "id:eq,ne,in archived:eq,ne customerId:eq,in status:eq,in"
        " payToChartOfAccountId:eq,ne,in" + CODING
    ),
    "recurringbills": "id:eq,ne,in archived:eq,ne vendorId:eq,in",
    "recurring-invoices": "id:eq",
    "payments": (
        "id:eq,ne,in vendorId:eq,ne,in"
        " updatedTime:gt,gte,lt,lte createdTime:gt,gte,lt,lte"
    ),
    "receivable-payments": "id:eq updatedTime:gte",
    "vendor-credits": SEEN,
    "credit-memos": SEEN,
    "classifications/chart-of-accounts": SEEN,
    "classifications/employees": SEEN,
    "classifications/items": SEEN,
    "funding-accounts/banks": (
        "id:eq,ne,in archived:eq,ne status:eq,ne,in,nin type:eq,ne ownerType:eq,ne"
        " accessToAdmins:eq,ne createdTime:gt,gte,lt,lte updatedTime:gt,gte,lt,lte"
    ),
    "funding-accounts/banks/users": "id:eq",
    "funding-accounts/cards/users": "id:eq",
    "users": "id:eq archived:eq updatedTime:gte",
    "roles": "id:eq",
    "exports": "",
    "spend/transactions": (
        "cardId:eq,in userId:eq,in budgetId:eq,in transactionIds:eq,in merchantName:eq"
        " amount:gte,lte fees:gte,lte customFieldIds:eq,in type:eq,ne syncStatus:eq"
        " complete:eq receiptStatus:eq updatedTime:gte"
    ),
    "spend/budgets": "budgetIds:eq retired:eq",
    "spend/cards": "cardIds:eq",
    "spend/custom-fields": "retired:eq",
    "spend/reimbursements": "reimbursementIds:eq",
    "spend/users": "retired:eq",
}
"""Operators per field, by path below ``/v3``."""
OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "sw")
VALUES = {
    "archived": "true",
    "retired": "true",
    "complete": "true",
    "accessToAdmins": "true",
    "amount": "1",
    "fees": "1",
    "createdTime": '"2026-05-01"',
    "updatedTime": '"2026-05-01"',
    "dueDate": "2026-05-01",
    "accountType": "BUSINESS",
    "paymentStatus": "PAID",
}
SPECIAL = {
    ("invoices", "status"): "OPEN",
    ("funding-accounts/banks", "status"): "VERIFIED",
    ("funding-accounts/banks", "type"): "CHECKING",
    ("funding-accounts/banks", "ownerType"): "BUSINESS",
}


def value(path: str, field: str) -> str:
    """Return something the field may be compared with."""
    return SPECIAL.get((path, field)) or VALUES.get(field, "x")


def answered(bill: Any, path: str, filters: str) -> tuple[int, str | None]:
    """Return status and code of a filtered listing."""
    spend = path.startswith("spend/")
    read = bill.spend if spend else bill.get
    answer = read(path.removeprefix("spend/"), filters=filters, max=1)
    return answer.status_code, None if answer.ok else answer.json()[0].get("code")


@pytest.mark.parametrize("path", FILTERS)
def test_a_list_takes_its_documented_filters_and_no_others(
    bill: Any, path: str
) -> None:
    """Documented pairs of field and operator are 200; others BDC_1130 or BDC_1131."""
    bill.server.switches.spend_calls_per_minute = None
    bill.server.switches.latency_seconds = 0
    documented = dict(word.split(":") for word in FILTERS[path].split())
    for field, operators in documented.items():
        taken = operators.split(",")
        for operator in taken:
            clause = f"{field}:{operator}:{value(path, field)}"
            assert answered(bill, path, clause) == (200, None), clause
        other = next(one for one in OPERATORS if one not in taken)
        clause = f"{field}:{other}:{value(path, field)}"
        assert answered(bill, path, clause) == (400, "BDC_1131"), clause
    for field in ("processDate", "balance", "vendorName", "uuid"):
        assert answered(bill, path, f"{field}:eq:x") == (400, "BDC_1130"), field
