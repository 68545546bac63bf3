"""Accounts payable: vendors, bills, their approval, vendor credits and payments.

Here belongs: BILL's lists on the buying side. Not here: the papers attached to them
(documents.py), or the accounts that pay (funding.py).
"""

from bill_source.entities.entity import Children, Entity
from bill_source.entities.words import (
    CODING,
    LINE_CODING,
    PARTY_CODING,
    TIMES,
    address,
    columns,
)

UNSETTLED_PAYMENT = (
    "coalesce(nullif(single_status, 'UNDEFINED'), status, '') not in ('CLEARED',"
    " 'PAID',"
    " 'CANCELED', 'CANCELLED', 'VOID', 'VOIDED', 'FUNDING_FAILED_VOIDED',"
    " 'FUNDS_ESCHEATED')"
)
"""Payments that will still move; a void after CLEARED moves their updatedTime."""

VENDORS = Entity(
    table="vendors",
    path="/v3/vendors",
    created_filter=True,
    archived_filter=True,
    columns=columns(
        "id archived:boolean name shortName accountNumber accountType@party_type"
        " email phone"
        + address("address")
        + " paymentInformation.payeeName paymentInformation.email"
        " paymentInformation.lastPaymentDate paymentInformation.payByType@pay_by_type"
        " paymentInformation.payBySubType@pay_by_subtype"
        " paymentInformation.transferMethod@transfer_method"
        " paymentInformation.virtualCard.status@virtual_card_status"
        " paymentInformation.virtualCard.remitEmail"
        " paymentInformation.virtualCard.enrollDate:instant"
        " paymentInformation.virtualCard.declineDate:instant"
        " paymentInformation.virtualCard.alternatePayByType@alternate_pay_by"
        " paymentInformation.bankAccount.nameOnAccount"
        " paymentInformation.bankAccount.accountNumber"
        " paymentInformation.bankAccount.type@bank_type"
        " paymentInformation.bankAccount.ownerType@bank_owner"
        " paymentInformation.bankAccount.paymentCurrency"
        " paymentInformation.paymentPurpose.text"
        " paymentInformation.paymentPurpose.code.name"
        " paymentInformation.paymentPurpose.code.value"
        " additionalInfo.taxId:hash additionalInfo.taxIdType@tax_id_type"
        " additionalInfo.track1099:boolean additionalInfo.leadTimeInDays:integer"
        " additionalInfo.combinePayments:boolean additionalInfo.paymentTermId"
        " additionalInfo.companyName rppsId bankAccountStatus@vendor_bank_status"
        " recurringPayments:boolean billCurrency balance.amount:money"
        " balance.lastUpdatedDate:instant autoPay.enabled:boolean"
        " autoPay.bankAccountId autoPay.createdBy autoPay.maxAmount:money"
        " autoPay.daysBeforeDueDate:integer networkStatus@network_status" + TIMES
    ),
)

BILLS = Entity(
    table="bills",
    path="/v3/bills",
    created_filter=True,
    archived_filter=True,
    open_filter='paymentStatus:in:"UNPAID,PARTIALLY_PAID,SCHEDULED,IN_PROCESS"',
    after=2,
    columns=columns(
        "id archived:boolean recordStatus@bill_record_status vendorId vendorName"
        " fundingAmount:money amount:money paidAmount:money dueAmount:money"
        " scheduledAmount:money creditAmount:money exchangeRate:rate description"
        " dueDate:date invoice.invoiceNumber invoice.invoiceDate:date"
        " payFromChartOfAccountId paymentStatus@bill_payment_status"
        " approvalStatus@bill_approval_status purchaseOrderNumber paymentTermId"
        " createdBy" + CODING + TIMES
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
)

RECURRING_BILLS = Entity(
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
)

VENDOR_CREDITS = Entity(
    table="vendor_credits",
    path="/v3/vendor-credits",
    unsettled="status is distinct from 'FULLY_APPLIED' and archived is not true",
    touches=(("vendor_credit_usages", "bill_id", "bills"),),
    after=1,
    id_filter=False,
    columns=columns(
        "id vendorId referenceNumber creditDate:date description archived:boolean"
        " applyToChartOfAccountId applyToBankAccountId amount:money"
        " appliedAmount:money status@credit_status" + TIMES
    ),
    children=(
        Children(
            table="vendor_credit_line_items",
            path="vendorCreditLineItems",
            columns=columns("id amount:money description" + LINE_CODING + PARTY_CODING),
        ),
        Children(
            table="vendor_credit_usages",
            path="usage",
            columns=columns("billId paymentId amount:money"),
        ),
    ),
)

PAYMENTS = Entity(
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
        " exchangeRate:rate description processDate:date"
        " fundingAccount.type@funding_account_type fundingAccount.id"
        " transactionNumber confirmationNumber status@payment_status"
        " singleStatus@payment_single_status disbursementStatus@disbursement_status"
        " disbursementType onlinePayment:boolean remittanceEmail createdBy"
        " cancelRequestSubmitted:boolean cardFundingPurpose paymentPurpose.text"
        " paymentPurpose.code.name paymentPurpose.code.value"
        " processingOptions.requestPayFaster:boolean"
        " processingOptions.createBill:boolean"
        " processingOptions.requestCheckDeliveryType"
        " disbursementInfo.isVoidable:boolean"
        " disbursementInfo.checkDisbursement.checkNumber"
        " disbursementInfo.checkDisbursement.sentDate:date"
        " disbursementInfo.checkDisbursement.arrivesByDate:date"
        " disbursementInfo.achDisbursement.sentDate:date"
        " disbursementInfo.achDisbursement.arrivesByDate:date"
        " disbursementInfo.rppsDisbursement.sentDate:date"
        " disbursementInfo.rppsDisbursement.arrivesByDate:date"
        " disbursementInfo.rppsDisbursement.traceNumber"
        " disbursementInfo.rppsDisbursement.batchNumber"
        " disbursementInfo.internationalDisbursement.sentDate:date"
        " disbursementInfo.internationalDisbursement.arrivesByDate:date"
        " disbursementInfo.internationalDisbursement.amount:money"
        " disbursementInfo.internationalDisbursement.disbursementSubType"
        " disbursementInfo.vcardDisbursement.arrivesByDate:date"
        " disbursementInfo.vcardDisbursement.validUntil:date"
        " disbursementInfo.vcardDisbursement.last4CardNumber"
        " disbursementInfo.walletDisbursement.arrivesByDate:date"
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
            columns=columns(
                "id requestedBy type@void_type status@void_status reason" + TIMES
            ),
        ),
    ),
)

APPROVALS = (
    Entity(
        table="bill_approval_policies",
        path="/v3/bill-approvals/policies",
        shape="array",
        mode="full",
        sort="",
        id_filter=False,
        vanishes=True,
        get_path="",
        columns=columns("id policyName status"),
        children=(
            Children(
                table="bill_approval_policy_rules",
                path="rules",
                columns=columns("key op"),
                children=(
                    Children(
                        table="bill_approval_policy_rule_values",
                        path="values",
                        columns=columns("value displayName"),
                    ),
                ),
            ),
            Children(
                table="bill_approval_policy_users",
                path="approvers.users",
                columns=columns("userId fullName"),
            ),
            Children(
                table="bill_approval_policy_groups",
                path="approvers.groups",
                columns=columns("groupId groupName"),
                children=(
                    Children(
                        table="bill_approval_policy_group_users",
                        path="users",
                        columns=columns("user_id=id fullName"),
                    ),
                ),
            ),
        ),
    ),
    Entity(
        table="bills_pending_approval",
        path="/v3/bill-approvals/pending-user-approvals",
        shape="bills",
        mode="full",
        sort="",
        id_filter=False,
        identity="billId",
        vanishes=True,
        get_path="",
        columns=columns("id=billId vendorId amount:money dueDate:date"),
    ),
)
