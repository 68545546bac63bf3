"""The BILL entities we load, as a table of data.

Here belongs: each list's path, paging shape, cursor, filters, columns and child lists.
Not here: how a list is read (client.py), in which order (sync.py), where rows land
(pipeline.py). Source of every path, filter and field: BILL's v3 reference.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "money", "rate", "integer", "boolean", "date", "instant", "hash"]
Mode = Literal["incremental", "full"]
Shape = Literal["envelope", "cards", "object"]

VERSION_COLUMNS = ("org_id", "_version", "_synced_at", "_content_hash", "_raw")
"""Columns every parent table carries besides its own and dlt's ``_dlt_load_id``.

``_version`` counts the contents an id has had, from 1; ``_synced_at`` is the instant
of the sync that first saw this content; ``_raw`` is the record's JSON as received,
with sensitive values masked.
"""


@dataclass(frozen=True)
class Column:
    """One typed column of a raw table and the JSON path it is read from."""

    name: str
    path: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True)
class Children:
    """A list inside a record that becomes a table of its own.

    Rows carry ``org_id``, ``<parent_key>``, ``_version`` and ``ordinal`` (from 1), so
    that each version of a parent owns its whole list; a list inside a list carries its
    parents' ordinals too, as ``<singular>_ordinal``.
    """

    table: str
    path: str
    columns: tuple[Column, ...]
    children: tuple["Children", ...] = ()


@dataclass(frozen=True)
class Entity:
    """One BILL list and the raw tables it fills.

    ``created_filter`` and ``archived_filter`` say that BILL accepts a filter on
    createdTime (closed windows for backfill) and on archived; ``open_filter`` selects
    the rows whose derived amounts move without their updatedTime moving. ``unsettled``
    is a condition on our own newest versions: those rows are read again by id.
    ``touches`` names (table, column, touched table): documents whose amounts a row
    changes. ``after`` orders the lists of a sync: causes before what they touch.
    ``sort`` is a documented order in which rows keep their places while we page.
    ``is_bank`` marks records whose accountNumber is a bank's, to be masked.
    ``id_filter`` says that ``id:in`` is documented; without it rows are read singly.
    """

    table: str
    path: str
    columns: tuple[Column, ...]
    children: tuple[Children, ...] = ()
    mode: Mode = "incremental"
    shape: Shape = "envelope"
    created_filter: bool = False
    archived_filter: bool = False
    open_filter: str = ""
    unsettled: str = ""
    touches: tuple[tuple[str, str, str], ...] = ()
    after: int = 0
    sort: str = "createdTime:asc"
    id_filter: bool = True
    is_bank: bool = False
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def parent_key(self) -> str:
        """Name of the column by which child rows know their parent: ``bill_id``."""
        return f"{singular(self.table)}_id"

    def tables(self) -> Iterator[str]:
        """Every raw table this entity fills, parents before children."""
        yield self.table
        for child in self.children:
            yield child.table
            yield from (nested.table for nested in child.children)


def singular(noun: str) -> str:
    """Return the singular of one of our table names: ``accounting_class``."""
    if noun == "chart_of_accounts":
        return "chart_of_account"
    if noun.endswith("sses"):
        return noun[:-2]
    return noun.removesuffix("s")


def snake(name: str) -> str:
    """Return BILL's camelCase name in snake case: ``track1099`` stays whole."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def columns(text: str) -> tuple[Column, ...]:
    """Parse ``"id dueDate:date invoice.invoiceNumber"``; text is the default kind."""
    parsed = []
    for word in text.split():
        path, _, kind = word.partition(":")
        name = "_".join(snake(part) for part in path.split("."))
        parsed.append(Column(name, tuple(path.split(".")), kind or "text"))  # type: ignore[arg-type]
    return tuple(parsed)


TIMES = " createdTime:instant updatedTime:instant"
ADDRESS = "line1 line2 city stateOrProvince zipOrPostalCode country"
CODING = (
    " classifications.chartOfAccountId classifications.accountingClassId"
    " classifications.departmentId classifications.locationId classifications.itemId"
)
LINE_CODING = CODING + " classifications.jobId"
PARTY_CODING = " classifications.employeeId classifications.customerId"


def address(prefix: str) -> str:
    """Column words of one postal address below ``prefix``."""
    return "".join(f" {prefix}.{part}" for part in ADDRESS.split())


UNSETTLED_PAYMENT = (
    "coalesce(nullif(single_status, 'UNDEFINED'), status, '') not in ('CLEARED',"
    " 'PAID',"
    " 'CANCELED', 'CANCELLED', 'VOID', 'VOIDED', 'FUNDING_FAILED_VOIDED',"
    " 'FUNDS_ESCHEATED')"
)
"""Payments that will still move; a void after CLEARED moves their updatedTime."""


def classification(table: str, path: str, words: str) -> Entity:
    """Build one of BILL's classification lists: small, so read whole each run."""
    return Entity(
        table=table,
        id_filter=False,
        path=f"/v3/classifications/{path}",
        columns=columns(f"id archived:boolean {words} parentId" + TIMES),
        mode="full",
    )


ENTITIES = (
    Entity(
        table="organizations",
        path="/v3/organizations/{organization_id}",
        shape="object",
        mode="full",
        sort="",
        id_filter=False,
        columns=columns(
            "id archived:boolean name phone taxIdType industry businessCategory"
            " accountType"
            + address("address")
            + " processingOptions.individualTransferOut:boolean"
            " processingOptions.individualTransferIn:boolean" + TIMES
        ),
    ),
    Entity(
        table="users",
        path="/v3/users",
        mode="full",
        columns=columns(
            "id archived:boolean firstName lastName email role.id role.type"
            " role.description" + TIMES
        ),
    ),
    Entity(
        table="roles",
        path="/v3/roles",
        mode="full",
        columns=columns("id type description" + TIMES),
    ),
    Entity(
        table="payment_terms",
        path="/v3/organizations/{organization_id}/payment-terms",
        mode="full",
        sort="",
        id_filter=False,
        columns=columns("id name daysDue:integer" + TIMES),
    ),
    classification(
        "chart_of_accounts",
        "chart-of-accounts",
        "name description account.type account.number",
    ),
    classification(
        "accounting_classes", "accounting-classes", "name shortName description"
    ),
    classification("departments", "departments", "name shortName description"),
    classification("locations", "locations", "name shortName description"),
    classification("jobs", "jobs", "name shortName description"),
    classification("employees", "employees", "firstName lastName shortName"),
    classification(
        "items",
        "items",
        "type name shortName description price:rate expenseChartOfAccountId"
        " purchaseDescription purchaseCost:rate chartOfAccountId taxable:boolean"
        " percentage:rate",
    ),
    Entity(
        table="bank_accounts",
        path="/v3/funding-accounts/banks",
        mode="full",
        is_bank=True,
        archived_filter=True,
        columns=columns(
            "id archived:boolean status createdBy nameOnAccount type ownerType bankName"
            " accountNumber accessToAdmins:boolean default.payables:boolean"
            " default.receivables:boolean chartOfAccountId" + TIMES
        ),
    ),
    Entity(
        table="card_accounts",
        path="/v3/funding-accounts/cards",
        shape="cards",
        mode="full",
        sort="",
        id_filter=False,
        parameters=(("cardUserStatus", "VERIFIED"),),
        columns=columns(
            "id archived:boolean createdBy issuingBankName nameOnAccount brand type"
            " status last4 default.payables:boolean default.receivables:boolean" + TIMES
        ),
    ),
    Entity(
        table="vendors",
        path="/v3/vendors",
        created_filter=True,
        archived_filter=True,
        columns=columns(
            "id archived:boolean name shortName accountNumber accountType email phone"
            + address("address")
            + " paymentInformation.payeeName paymentInformation.email"
            " paymentInformation.payByType paymentInformation.payBySubType"
            " additionalInfo.taxId:hash additionalInfo.taxIdType"
            " additionalInfo.track1099:boolean additionalInfo.combinePayments:boolean"
            " additionalInfo.paymentTermId additionalInfo.companyName rppsId"
            " bankAccountStatus recurringPayments:boolean billCurrency"
            " balance.amount:money balance.lastUpdatedDate:instant"
            " autoPay.enabled:boolean networkStatus" + TIMES
        ),
    ),
    Entity(
        table="customers",
        path="/v3/customers",
        created_filter=True,
        archived_filter=True,
        columns=columns(
            "id archived:boolean name companyName contact.firstName contact.lastName"
            " email phone fax description invoiceCurrency accountType paymentTermId"
            " accountNumber"
            + address("billingAddress")
            + " balance.amount:money hasBankAccount:boolean authorizedToCharge:boolean"
            + TIMES
        ),
    ),
    Entity(
        table="bills",
        path="/v3/bills",
        created_filter=True,
        archived_filter=True,
        open_filter='paymentStatus:in:"UNPAID,PARTIALLY_PAID,SCHEDULED,IN_PROCESS"',
        after=2,
        columns=columns(
            "id archived:boolean recordStatus vendorId vendorName fundingAmount:money"
            " amount:money paidAmount:money dueAmount:money scheduledAmount:money"
            " creditAmount:money exchangeRate:rate description dueDate:date"
            " invoice.invoiceNumber invoice.invoiceDate:date payFromChartOfAccountId"
            " paymentStatus approvalStatus purchaseOrderNumber paymentTermId createdBy"
            + CODING
            + TIMES
        ),
        children=(
            Children(
                table="bill_line_items",
                path="billLineItems",
                columns=columns(
                    "id amount:money quantity:rate price:rate description"
                    + LINE_CODING
                    + PARTY_CODING
                ),
            ),
            Children(
                table="bill_approvers",
                path="approvers",
                columns=columns(
                    "userId status approverOrder:integer statusChangedTime:instant"
                ),
            ),
        ),
    ),
    Entity(
        table="recurring_bills",
        path="/v3/recurringbills",
        mode="full",
        archived_filter=True,
        sort="archived:asc",
        columns=columns(
            "id archived:boolean vendorId description schedule.period"
            " schedule.frequency:integer schedule.nextDueDate:date"
            " schedule.endDate:date schedule.daysInAdvance:integer"
            " processingOptions.autoPayment:boolean"
            " paymentInformation.bankAccountId" + TIMES
        ),
        children=(
            Children(
                table="recurring_bill_line_items",
                path="recurringBillLineItems",
                columns=columns(
                    "id amount:money description"
                    + LINE_CODING
                    + " classifications.employeeId"
                ),
            ),
        ),
    ),
    Entity(
        table="vendor_credits",
        path="/v3/vendor-credits",
        unsettled="status is distinct from 'FULLY_APPLIED' and archived is not true",
        touches=(("vendor_credit_usages", "bill_id", "bills"),),
        after=1,
        id_filter=False,
        columns=columns(
            "id vendorId referenceNumber creditDate:date description archived:boolean"
            " applyToChartOfAccountId applyToBankAccountId amount:money"
            " appliedAmount:money status" + TIMES
        ),
        children=(
            Children(
                table="vendor_credit_line_items",
                path="vendorCreditLineItems",
                columns=columns(
                    "id amount:money description" + LINE_CODING + PARTY_CODING
                ),
            ),
            Children(
                table="vendor_credit_usages",
                path="usage",
                columns=columns("billId paymentId amount:money"),
            ),
        ),
    ),
    Entity(
        table="payments",
        path="/v3/payments",
        created_filter=True,
        unsettled=UNSETTLED_PAYMENT,
        touches=(
            ("payments", "bill_id", "bills"),
            ("payment_bill_payments", "bill_id", "bills"),
            ("payment_vendor_credits", "id", "vendor_credits"),
        ),
        columns=columns(
            "id vendorId vendorName billId amount:money fundingAmount:money"
            " exchangeRate:rate description processDate:date fundingAccount.type"
            " fundingAccount.id transactionNumber confirmationNumber status"
            " singleStatus disbursementStatus disbursementType onlinePayment:boolean"
            " remittanceEmail"
            " createdBy cancelRequestSubmitted:boolean"
            " disbursementInfo.isVoidable:boolean"
            " disbursementInfo.checkDisbursement.checkNumber"
            " classifications.chartOfAccountId" + TIMES
        ),
        children=(
            Children(
                table="payment_bill_payments",
                path="billPayments",
                columns=columns("id billId amount:money"),
                children=(
                    Children(
                        table="payment_vendor_credits",
                        path="vendorCredits",
                        columns=columns("id amount:money"),
                    ),
                ),
            ),
            Children(
                table="payment_voids",
                path="voidInfo",
                columns=columns("id requestedBy type status reason" + TIMES),
            ),
        ),
    ),
    Entity(
        table="invoices",
        path="/v3/invoices",
        created_filter=True,
        archived_filter=True,
        open_filter='status:in:"OPEN,SCHEDULED,PARTIAL_PAYMENT"',
        after=2,
        columns=columns(
            "id archived:boolean recordStatus invoiceNumber invoiceDate:date"
            " dueDate:date customerId totalAmount:money dueAmount:money"
            " scheduledAmount:money"
            " creditAmount:money status exchangeRate:rate payToChartOfAccountId"
            " salesTaxItemId salesTaxTotal:money salesTaxPercentage:rate paymentTermId"
            " enableCardPayment:boolean invoicePdfId createdBy"
            " classifications.accountingClassId classifications.departmentId"
            " classifications.jobId classifications.locationId" + TIMES
        ),
        children=(
            Children(
                table="invoice_line_items",
                path="invoiceLineItems",
                columns=columns(
                    "id description price:rate quantity:rate" + LINE_CODING
                ),
            ),
            Children(
                table="invoice_payments",
                path="payments",
                columns=columns("id amount:money status date:date"),
            ),
        ),
    ),
    Entity(
        table="recurring_invoices",
        path="/v3/recurring-invoices",
        mode="full",
        sort="archived:asc",
        id_filter=False,
        columns=columns(
            "id customerId description archived:boolean schedule.period"
            " schedule.frequency:integer schedule.nextDueDate:date"
            " schedule.endDate:date schedule.daysInAdvance:integer sendEmail:boolean"
            " classifications.accountingClassId classifications.departmentId"
            " classifications.jobId classifications.locationId" + TIMES
        ),
        children=(
            Children(
                table="recurring_invoice_line_items",
                path="recurringInvoiceLineItems",
                columns=columns(
                    "id amount:money description price:rate quantity:rate"
                    " taxable:boolean" + LINE_CODING
                ),
            ),
        ),
    ),
    Entity(
        table="credit_memos",
        path="/v3/credit-memos",
        unsettled="status is distinct from 'FULLY_APPLIED' and archived is not true",
        touches=(("credit_memo_usages", "invoice_id", "invoices"),),
        after=1,
        id_filter=False,
        columns=columns(
            "id customerId referenceNumber creditDate:date description archived:boolean"
            " salesTaxItemId payToChartOfAccountId payToBankAccountId amount:money"
            " appliedAmount:money salesTaxTotal:money salesTaxPercentage:rate status"
            " classifications.accountingClassId classifications.departmentId"
            " classifications.jobId classifications.locationId" + TIMES
        ),
        children=(
            Children(
                table="credit_memo_line_items",
                path="creditMemoLineItems",
                columns=columns(
                    "id description price:rate quantity:rate amount:money"
                    " ratePercent:rate taxable:boolean" + LINE_CODING
                ),
            ),
            Children(
                table="credit_memo_usages",
                path="usage",
                columns=columns("invoiceId amount:money"),
            ),
        ),
    ),
    Entity(
        table="receivable_payments",
        path="/v3/receivable-payments",
        unsettled="status = 'SCHEDULED' or unapplied_amount <> 0",
        touches=(("receivable_payment_invoices", "invoice_id", "invoices"),),
        id_filter=False,
        columns=columns(
            "id customerId amount:money description paymentDate:date fundingAccount.id"
            " fundingAccount.type receivablesAccount.id receivablesAccount.type"
            " unappliedAmount:money convenienceFeeAmount:money receivablesType status"
            " referenceNumber onlinePayment:boolean" + TIMES
        ),
        children=(
            Children(
                table="receivable_payment_invoices",
                path="invoicePayments",
                columns=columns("invoiceId amount:money paymentDate:date"),
            ),
        ),
    ),
)

BY_TABLE = {entity.table: entity for entity in ENTITIES}
