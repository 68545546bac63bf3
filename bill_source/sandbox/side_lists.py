"""The lists beside the ledger: approvals, files, contacts, statements, who may pay.

Here belongs: what may be asked of each, as data. Not here: the ledger's lists
(catalog.py), Spend & Expense (spend_lists.py), what the lists hold (office.py,
paperwork.py).
"""

from bill_source.sandbox.catalog import Listing, filters_of

_PAGES = ("max", "page")
_ORGANIZATION = "/v3/organizations/{organizationId}"
_FILE_FIELDS = ("downloadLink",)


def _attachments(kind: str) -> Listing:
    """Build the list of files attached to one record of a kind."""
    return Listing(
        name=f"{kind}-attachments",
        path=f"/v3/attachments/{kind}s/{{parentId}}",
        prefix="att",
        parent=f"{kind}s",
        get_path="/v3/attachments/{id}",
        parameters=_PAGES,
        optional=_FILE_FIELDS,
    )


SIDE_LISTINGS = (
    Listing(
        name="bill-approval-policies",
        path="/v3/bill-approvals/policies",
        shape="array",
        get_path="",
        parameters=(),
    ),
    Listing(
        name="bills-pending-approval",
        path="/v3/bill-approvals/pending-user-approvals",
        shape="bills",
        get_path="",
        identity="billId",
        parameters=(),
    ),
    Listing(
        name="bank-account-users",
        path="/v3/funding-accounts/banks/users",
        prefix="xbu",
        get_path="",
        filters=filters_of("id:eq"),
        sorts=("archived",),
        parameters=("max", "page", "filters", "sort", "currentUser"),
    ),
    Listing(
        name="card-account-users",
        path="/v3/funding-accounts/cards/users",
        get_path="",
        identity="",
        filters=filters_of("id:eq"),
        sorts=("archived",),
        looks_at={"id": ("cardAccountId",)},
    ),
    Listing(
        name="ap-cards",
        path="/v3/funding-accounts/ap-cards",
        prefix="xap",
        shape="array",
        get_path="",
        parameters=(),
    ),
    Listing(
        name="funding-permissions",
        path="/v3/funding-accounts/permissions",
        shape="object",
        get_path="",
        identity="",
        parameters=(),
    ),
    Listing(
        name="customer-contacts",
        path="/v3/customers/{parentId}/contacts",
        prefix="xct",
        parent="customers",
    ),
    Listing(
        name="customer-bank-accounts",
        path="/v3/customers/{parentId}/bank-accounts",
        prefix="xcb",
        parent="customers",
        get_path="",
    ),
    Listing(
        name="vendor-bank-account",
        path="/v3/vendors/{parentId}/bank-account",
        shape="object",
        parent="vendors",
        get_path="",
        identity="",
        parameters=(),
    ),
    Listing(
        name="vendor-audit-trail",
        path="/v3/reports/audit-trail/vendor/{parentId}",
        shape="array",
        parent="vendors",
        get_path="",
        identity="",
        parameters=("start", "max", "includeArchived"),
    ),
    Listing(
        name="document-upload-status",
        path="/v3/documents/upload-status",
        prefix="0du",
        shape="array",
        get_path="",
        identity="uploadId",
        parameters=("ids",),
    ),
    Listing(
        name="bill-documents",
        path="/v3/documents/bills/{parentId}",
        prefix="00h",
        parent="bills",
        get_path="/v3/documents/{id}",
        parameters=_PAGES,
        optional=(*_FILE_FIELDS, "scanStatus", "numOfPages"),
    ),
    _attachments("customer"),
    _attachments("invoice"),
    _attachments("vendor"),
    Listing(
        name="mass-payment-batches",
        path="/v3/payments/mass",
        prefix="bbq",
        shape="none",
        identity="paymentBatchId",
    ),
    Listing(
        name="billing-statements",
        path=f"{_ORGANIZATION}/billing-statements",
        prefix="xbs",
        parameters=("max", "page", "invoiceDateFrom", "invoiceDateTo"),
        detail=("downloadLink", "statementDetails"),
        optional=("paymentDate",),
    ),
    Listing(
        name="exports",
        path="/v3/exports",
        prefix="xex",
        get_path="",
        identity="exportId",
    ),
    Listing(
        name="login-organizations",
        path="/v3/login/organizations",
        shape="organizations",
        get_path="",
        parameters=("page",),
    ),
)
