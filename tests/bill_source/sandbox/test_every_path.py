"""Every path of BILL's specification answers, in the shape documented for it."""

from typing import Any

import pytest

ENVELOPE, ARRAY, OBJECT = "envelope", "array", "object"
PATHS = {
    "vendors": ENVELOPE,
    "bills": ENVELOPE,
    "recurringbills": ENVELOPE,
    "vendor-credits": ENVELOPE,
    "payments": ENVELOPE,
    "customers": ENVELOPE,
    "invoices": ENVELOPE,
    "recurring-invoices": ENVELOPE,
    "credit-memos": ENVELOPE,
    "receivable-payments": ENVELOPE,
    "classifications/chart-of-accounts": ENVELOPE,
    "classifications/accounting-classes": ENVELOPE,
    "classifications/departments": ENVELOPE,
    "classifications/locations": ENVELOPE,
    "classifications/jobs": ENVELOPE,
    "classifications/employees": ENVELOPE,
    "classifications/items": ENVELOPE,
    "funding-accounts/banks": ENVELOPE,
    "funding-accounts/banks/users": ENVELOPE,
    "funding-accounts/cards?cardUserStatus=VERIFIED": ("rates", "cards"),
    "funding-accounts/cards?cardUserStatus=NOMINATED": ("rates", "cards"),
    "funding-accounts/cards/users": ENVELOPE,
    "funding-accounts/ap-cards": ARRAY,
    "funding-accounts/permissions": ("organization", "user"),
    "users": ENVELOPE,
    "roles": ENVELOPE,
    "exports": ENVELOPE,
    "organizations/{organization}/payment-terms": ENVELOPE,
    "organizations/{organization}/billing-statements": ENVELOPE,
    "bill-approvals/policies": ARRAY,
    "bill-approvals/pending-user-approvals": ("bills",),
    "login/organizations": ("organizations", "consoleOrganizations"),
    "login/session": ("organizationId", "userId", "mfaStatus", "mfaBypass"),
    "customers/{customers}/contacts": ENVELOPE,
    "customers/{customers}/bank-accounts": ENVELOPE,
    "documents/bills/{bills}": ENVELOPE,
    "documents/{bill-documents}": OBJECT,
    "documents/upload-status?ids={document-upload-status}": ARRAY,
    "attachments/customers/{customers}": ENVELOPE,
    "attachments/invoices/{invoices}": ENVELOPE,
    "attachments/vendors/{vendors}": ENVELOPE,
    "attachments/{customer-attachments}": OBJECT,
    "attachments/{invoice-attachments}": OBJECT,
    "attachments/{vendor-attachments}": OBJECT,
    "reports/audit-trail/vendor/{vendors}": ARRAY,
    "vendors/{vendor-bank-account}/bank-account": OBJECT,
    "payments/mass/{mass-payment-batches}": OBJECT,
    "spend/transactions": ENVELOPE,
    "spend/transactions/{spend-transactions}": OBJECT,
    "spend/budgets": ENVELOPE,
    "spend/budgets/{spend-budgets}": OBJECT,
    "spend/budgets/{spend-budgets}/members": ENVELOPE,
    "spend/cards": ENVELOPE,
    "spend/cards/{spend-cards}": OBJECT,
    "spend/custom-fields": ENVELOPE,
    "spend/custom-fields/{spend-custom-fields}": OBJECT,
    "spend/custom-fields/{spend-custom-fields}/values": ENVELOPE,
    "spend/reimbursements": ENVELOPE,
    "spend/reimbursements/{spend-reimbursements}": OBJECT,
    "spend/users": ENVELOPE,
    "spend/users/{spend-users}": OBJECT,
    "spend/users/current": OBJECT,
}
"""Paths below ``/v3``; a list's name in braces stands for its first record's id."""


def filled(bill: Any, path: str) -> str:
    """Put real ids where a path names a list."""
    start, brace, rest = path.partition("{")
    if not brace:
        return path
    name, _, end = rest.partition("}")
    if name == "organization":
        return f"{start}{bill.server.organization_id}{end}"
    return f"{start}{bill.server.books.rows(name)[0].id}{end}"


@pytest.mark.parametrize("path", PATHS)
def test_every_documented_path_answers_in_its_shape(bill: Any, path: str) -> None:
    """Envelopes, bare arrays, records, and objects with names of their own."""
    path, shape = filled(bill, path), PATHS[path]
    spend = path.startswith("spend/")
    answer = bill.spend(path.removeprefix("spend/")) if spend else bill.get(path)

    assert answer.status_code == 200
    body = answer.json()
    if shape == ENVELOPE:
        assert {"results"} <= set(body) <= {"results", "nextPage", "prevPage"}
        assert all(isinstance(row, dict) for row in body["results"])
    elif shape == ARRAY:
        assert isinstance(body, list)
    elif shape == OBJECT:
        assert "results" not in body
        assert body
    else:
        assert set(body) == set(shape)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("bill-approvals/policies", "max"),
        ("funding-accounts/ap-cards", "page"),
        ("documents/bills/{bills}", "filters"),
        ("attachments/vendors/{vendors}", "sort"),
        ("reports/audit-trail/vendor/{vendors}", "page"),
        ("spend/transactions", "page"),
        ("spend/users", "sort"),
        ("bills", "billApprovals"),
        ("bills", "nextPage"),
    ],
)
def test_no_path_takes_a_parameter_of_another(
    bill: Any, path: str, parameter: str
) -> None:
    """What a list does not document is refused, not ignored."""
    path = filled(bill, path)
    read = bill.spend if path.startswith("spend/") else bill.get
    answer = read(path.removeprefix("spend/"), **{parameter: "1"})

    assert answer.status_code == 400
    assert answer.json()[0]["code"] == "BDC_1129"
