"""The ledger's lists as BILL documents them: paths, filters, sorts, as a table of data.

Here belongs: what may be asked of each list. Not here: lists beside the ledger
(side_lists.py, spend_lists.py), how a question is read (query.py) or answered
(server.py). Source: BILL's v3 reference; a filter that is only known from other
people's clients is marked by the operators they were seen to send.
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "instant", "date", "boolean", "number"]
Shape = Literal[
    "envelope", "cards", "array", "bills", "object", "organizations", "none"
]

OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "sw")
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("bills", "paymentStatus"): (
        *("UNPAID", "PARTIALLY_PAID", "SCHEDULED"),
        *("IN_PROCESS", "PAID", "UNDEFINED"),
    ),
    ("invoices", "status"): ("OPEN", "SCHEDULED", "PARTIAL_PAYMENT", "PAID_IN_FULL"),
    ("bank-accounts", "status"): ("PENDING", "VERIFIED", "NOT_VERIFIED", "INVALID"),
    ("bank-accounts", "type"): ("CHECKING", "SAVINGS"),
    ("bank-accounts", "ownerType"): ("BUSINESS", "PERSONAL"),
    ("vendors", "accountType"): ("BUSINESS", "PERSON", "NONE", "UNDEFINED"),
    ("customers", "accountType"): ("BUSINESS", "PERSON", "NONE", "UNDEFINED"),
}
"""Fields whose documented values are a closed list."""

NOT_ON_ROWS = {"paymentStatus": ("vendors", "customers")}
"""Documented filters on something rows do not show, which we cannot answer."""


PAGED = ("max", "page", "filters", "sort")
"""The query parameters of an ordinary list."""


@dataclass(frozen=True)
class Listing:
    """One list: its name (and file name), path, and what may be asked of it.

    ``parent`` is the list whose record's id stands for ``{parentId}`` in the path;
    ``get_path`` leads to one record, empty where BILL has no such path; ``identity``
    is the field that is a record's id; ``looks_at`` says where on a record a filter
    looks if not at the field of its name; ``detail`` is shown by id only;
    ``on_request`` names parameters that add a field when they are ``true``.
    """

    name: str
    path: str
    prefix: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sorts: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    shape: Shape = "envelope"
    parent: str = ""
    get_path: str = "{path}/{id}"
    identity: str = "id"
    parameters: tuple[str, ...] = PAGED
    largest: int = 100
    one_sort: bool = False
    looks_at: dict[str, tuple[str, ...]] = field(default_factory=dict)
    detail: tuple[str, ...] = ()
    on_request: dict[str, str] = field(default_factory=dict)

    @property
    def is_spend(self) -> bool:
        """Tell whether this is a list of Spend & Expense, with its own token."""
        return self.path.startswith("/v3/spend/")

    def choices(self, field_name: str) -> tuple[str, ...]:
        """Return the values a field may be compared with; empty when any will do."""
        return CHOICES.get((self.name, field_name), ())

    def places(self, field_name: str) -> tuple[str, ...]:
        """Return the fields of a record a filter is compared with."""
        return self.looks_at.get(field_name, (field_name,))


def kind_of(field_name: str) -> Kind:
    """Return what a filter field's values are."""
    if field_name.endswith("Time"):
        return "instant"
    if field_name.endswith("Date"):
        return "date"
    if field_name in {"archived", "accessToAdmins", "retired", "complete"}:
        return "boolean"
    if field_name in {"amount", "fees"}:
        return "number"
    return "text"


def filters_of(words: str) -> dict[str, tuple[str, ...]]:
    """Parse ``"id:eq,ne archived:eq"`` into operators per field."""
    parts = (word.split(":") for word in words.split())
    return {name: tuple(operators.split(",")) for name, operators in parts}


_ID = "id:eq,ne,in archived:eq,ne"
_TIMES = " createdTime:gt,gte,lt,lte updatedTime:gt,gte,lt,lte"
_SEEN_TIMES = "id:eq createdTime:gte updatedTime:gte"
_CODED = (
    " classifications.accountingClassId:eq,ne,in classifications.departmentId:eq,ne,in"
    " classifications.locationId:eq,ne,in classifications.itemId:eq,ne,in"
)
_WHEN = ("createdTime", "updatedTime")
_NAMED = ("archived", "name", "description", *_WHEN)


def _classification(
    name: str, prefix: str, sorts: tuple[str, ...] = _NAMED, optional: str = ""
) -> Listing:
    """Build one classification list; they differ in name and columns only."""
    return Listing(
        name=name,
        path=f"/v3/classifications/{name}",
        prefix=prefix,
        filters=filters_of(_SEEN_TIMES),
        sorts=sorts,
        optional=("parentId", *optional.split()),
    )


LISTINGS = (
    Listing(
        name="vendors",
        path="/v3/vendors",
        prefix="009",
        filters=filters_of(
            _ID + " name:eq,sw accountType:eq,ne,in,nin address.country:eq,ne"
            " billCurrency:eq,ne,in,nin paymentStatus:eq,ne,in,nin" + _TIMES
        ),
        sorts=(
            *("archived", "name", "shortName", "email", "phone", "fax"),
            *("billCurrency", *_WHEN),
        ),
        optional=("shortName", "accountNumber", "email", "phone", "rppsId"),
    ),
    Listing(
        name="bills",
        path="/v3/bills",
        prefix="00n",
        filters=filters_of(
            _ID + " vendorId:eq,in dueDate:gt,gte,lt,lte paymentStatus:eq,ne,in"
            " payFromChartOfAccountId:eq,ne,in"
            " classifications.chartOfAccountId:eq,ne,in" + _CODED + _TIMES
        ),
        sorts=(
            *("archived", "fundingAmount", "exchangeRate", "description", "dueDate"),
            *_WHEN,
        ),
        optional=("description", "exchangeRate", "purchaseOrderNumber", "approvers"),
        on_request={"billApprovals": "approvers"},
    ),
    Listing(
        name="recurring-bills",
        path="/v3/recurringbills",
        prefix="xrb",
        filters=filters_of(_ID + " vendorId:eq,in"),
        sorts=("archived",),
        optional=("description",),
    ),
    Listing(
        name="vendor-credits",
        path="/v3/vendor-credits",
        prefix="vcr",
        filters=filters_of(_SEEN_TIMES),
        sorts=("archived", "creditDate", "amount", "appliedAmount", *_WHEN),
        optional=("description", "applyToChartOfAccountId", "applyToBankAccountId"),
    ),
    Listing(
        name="payments",
        path="/v3/payments",
        prefix="stp",
        filters=filters_of("id:eq,ne,in vendorId:eq,ne,in" + _TIMES),
        sorts=(
            *("description", "processDate", "amount", "confirmationNumber"),
            *("onlinePayment", "disbursementStatus", *_WHEN),
        ),
        optional=("billId", "description", "fundingAccount", "singleStatus"),
    ),
    Listing(
        name="customers",
        path="/v3/customers",
        prefix="0cu",
        filters=filters_of(
            _ID + " name:eq,sw accountType:eq,ne,in,nin address.country:eq,ne"
            " invoiceCurrency:eq,ne,in,nin paymentStatus:eq,ne,in,nin" + _TIMES
        ),
        sorts=(
            *("archived", "name", "companyName", "email", "phone", "fax"),
            *("description", "invoiceCurrency", *_WHEN),
        ),
        optional=("fax", "description", "shippingAddress"),
    ),
    Listing(
        name="invoices",
        path="/v3/invoices",
        prefix="00e",
        filters=filters_of(
            _ID
            + " customerId:eq,in status:eq,in payToChartOfAccountId:eq,ne,in"
            + _CODED
            + _TIMES
        ),
        sorts=(
            *("archived", "invoiceNumber", "invoiceDate", "dueDate", "totalAmount"),
            *_WHEN,
        ),
        optional=("salesTaxItemId", "salesTaxTotal", "salesTaxPercentage"),
    ),
    Listing(
        name="recurring-invoices",
        path="/v3/recurring-invoices",
        prefix="xri",
        filters=filters_of("id:eq"),
        sorts=("archived",),
        optional=("description", "classifications"),
    ),
    Listing(
        name="credit-memos",
        path="/v3/credit-memos",
        prefix="xcm",
        filters=filters_of(_SEEN_TIMES),
        sorts=("archived", "creditDate", "amount", "appliedAmount", *_WHEN),
        optional=("description", "salesTaxItemId", "payToBankAccountId"),
    ),
    Listing(
        name="receivable-payments",
        path="/v3/receivable-payments",
        prefix="0rp",
        filters=filters_of("id:eq updatedTime:gte"),
        sorts=("amount", *_WHEN),
        optional=("description", "fundingAccount", "referenceNumber"),
    ),
    _classification("chart-of-accounts", "0ca", optional="description"),
    _classification("accounting-classes", "cls", optional="shortName description"),
    _classification("departments", "0de", optional="shortName description"),
    _classification("locations", "loc", optional="shortName description"),
    _classification("jobs", "job", optional="shortName description"),
    _classification("employees", "emp", ("archived", "firstName", "lastName", *_WHEN)),
    _classification("items", "0ii", optional="shortName description percentage"),
    Listing(
        name="bank-accounts",
        path="/v3/funding-accounts/banks",
        prefix="bac",
        filters=filters_of(
            _ID
            + " status:eq,ne,in,nin type:eq,ne ownerType:eq,ne accessToAdmins:eq,ne"
            + _TIMES
        ),
        sorts=("archived", "nameOnAccount", "bankName", "accessToAdmins", *_WHEN),
        optional=("chartOfAccountId",),
    ),
    Listing(
        name="card-accounts",
        path="/v3/funding-accounts/cards",
        prefix="xca",
        shape="cards",
        parameters=("cardUserStatus",),
    ),
    Listing(
        name="users",
        path="/v3/users",
        prefix="006",
        filters=filters_of("id:eq archived:eq updatedTime:gte"),
        sorts=("archived", "firstName", "lastName", *_WHEN),
    ),
    Listing(
        name="roles",
        path="/v3/roles",
        prefix="rol",
        filters=filters_of("id:eq"),
        sorts=("description", *_WHEN),
    ),
    Listing(
        name="payment-terms",
        path="/v3/organizations/{organizationId}/payment-terms",
        prefix="00p",
    ),
)

BY_NAME = {listing.name: listing for listing in LISTINGS}
