"""Accounts receivable: customers, invoices, credit memos and received payments.

Here belongs: BILL's lists on the selling side. Not here: the papers attached to them
(documents.py), or customers' bank accounts, which we do not read at all.
"""

from bill_source.entities.entity import Children, Entity
from bill_source.entities.words import (
    HEADER_CODING,
    LINE_CODING,
    TIMES,
    address,
    columns,
)

CUSTOMERS = Entity(
    table="customers",
    path="/v3/customers",
    created_filter=True,
    archived_filter=True,
    columns=columns(
        "id archived:boolean name companyName contact.firstName contact.lastName"
        " email phone fax description invoiceCurrency accountType@party_type"
        " paymentTermId accountNumber"
        + address("billingAddress")
        + address("shippingAddress")
        + " balance.amount:money hasBankAccount:boolean authorizedToCharge:boolean"
        + TIMES
    ),
)

CUSTOMER_CONTACTS = Entity(
    table="customer_contacts",
    path="/v3/customers/{parent_id}/contacts",
    per="customers",
    after=3,
    mode="full",
    sort="",
    id_filter=False,
    get_path="",
    # BILL documents the e-mail only; names as in the customer's own contact.
    columns=columns("id customer_id= firstName lastName email archived:boolean"),
)

INVOICES = Entity(
    table="invoices",
    path="/v3/invoices",
    created_filter=True,
    archived_filter=True,
    open_filter='status:in:"OPEN,SCHEDULED,PARTIAL_PAYMENT"',
    after=2,
    columns=columns(
        "id archived:boolean recordStatus@invoice_record_status invoiceNumber"
        " invoiceDate:date dueDate:date customerId totalAmount:money"
        " dueAmount:money scheduledAmount:money creditAmount:money"
        " status@invoice_status exchangeRate:rate payToChartOfAccountId"
        " salesTaxItemId salesTaxTotal:money salesTaxPercentage:rate paymentTermId"
        " enableCardPayment:boolean convenienceFee.percentage:rate invoicePdfId"
        " createdBy" + HEADER_CODING + TIMES
    ),
    children=(
        Children(
            table="invoice_line_items",
            path="invoiceLineItems",
            columns=columns("id description price:rate quantity:rate" + LINE_CODING),
        ),
        Children(
            table="invoice_payments",
            path="payments",
            columns=columns("id amount:money status@receipt_status date:date"),
        ),
    ),
)

RECURRING_INVOICES = Entity(
    table="recurring_invoices",
    path="/v3/recurring-invoices",
    mode="full",
    sort="archived:asc",
    id_filter=False,
    columns=columns(
        "id customerId description archived:boolean schedule.period"
        " schedule.frequency:integer schedule.nextDueDate:date"
        " schedule.endDate:date schedule.daysInAdvance:integer sendEmail:boolean"
        + HEADER_CODING
        + TIMES
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
)

CREDIT_MEMOS = Entity(
    table="credit_memos",
    path="/v3/credit-memos",
    unsettled="status is distinct from 'FULLY_APPLIED' and archived is not true",
    touches=(("credit_memo_usages", "invoice_id", "invoices"),),
    after=1,
    id_filter=False,
    columns=columns(
        "id customerId referenceNumber creditDate:date description archived:boolean"
        " salesTaxItemId payToChartOfAccountId payToBankAccountId amount:money"
        " appliedAmount:money salesTaxTotal:money salesTaxPercentage:rate"
        " status@credit_status" + HEADER_CODING + TIMES
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
)

RECEIVABLE_PAYMENTS = Entity(
    table="receivable_payments",
    path="/v3/receivable-payments",
    unsettled="status = 'SCHEDULED' or unapplied_amount <> 0",
    touches=(("receivable_payment_invoices", "invoice_id", "invoices"),),
    id_filter=False,
    columns=columns(
        "id customerId amount:money description paymentDate:date fundingAccount.id"
        " fundingAccount.type@funding_account_type receivablesAccount.id"
        " receivablesAccount.type@funding_account_type unappliedAmount:money"
        " convenienceFeeAmount:money receivablesType@receipt_type"
        " status@receipt_status referenceNumber onlinePayment:boolean" + TIMES
    ),
    children=(
        Children(
            table="receivable_payment_invoices",
            path="invoicePayments",
            columns=columns("invoiceId amount:money paymentDate:date"),
        ),
    ),
)
