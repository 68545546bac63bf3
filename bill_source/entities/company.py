"""The company itself: organization, people, classifications, what BILL charges.

Here belongs: reference lists that documents refer to, and lists about the account.
Not here: vendors, customers and documents (payables.py, receivables.py).
"""

from bill_source.entities.entity import Entity
from bill_source.entities.words import TIMES, address, columns


def classification(table: str, path: str, words: str) -> Entity:
    """Build one of BILL's classification lists: small, so read whole each run."""
    return Entity(
        table=table,
        id_filter=False,
        path=f"/v3/classifications/{path}",
        columns=columns(f"id archived:boolean {words} parentId" + TIMES),
        mode="full",
    )


COMPANY = (
    Entity(
        table="organizations",
        path="/v3/organizations/{organization_id}",
        shape="object",
        mode="full",
        sort="",
        id_filter=False,
        get_path="",
        columns=columns(
            "id archived:boolean name phone companyOwner.name taxId:hash"
            " taxIdType@tax_id_type industry"
            " businessCategory accountType partnerName"
            + address("address")
            + address("mailingAddress")
            + " processingOptions.mailingAddressSameAsPhysical:boolean"
            " processingOptions.individualTransferOut:boolean"
            " processingOptions.individualTransferIn:boolean" + TIMES
        ),
    ),
    Entity(
        table="users",
        path="/v3/users",
        mode="full",
        archived_filter=True,
        columns=columns(
            "id archived:boolean firstName lastName email role.id role.type@role_type"
            " role.description" + TIMES
        ),
    ),
    Entity(
        table="roles",
        path="/v3/roles",
        mode="full",
        columns=columns("id type@role_type description" + TIMES),
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
        "name description account.type@gl_account_type account.number",
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
)

ACCOUNT = (
    Entity(
        table="billing_statements",
        path="/v3/organizations/{organization_id}/billing-statements",
        mode="full",
        sort="",
        id_filter=False,
        columns=columns(
            "id invoiceNumber invoiceDate:date billingPeriod.startDate:date"
            " billingPeriod.endDate:date description amount:money paymentStatus"
            " paymentDate:date"
        ),
    ),
    Entity(
        table="exports",
        path="/v3/exports",
        mode="full",
        sort="",
        id_filter=False,
        identity="exportId",
        get_path="",
        columns=columns("id=exportId"),
    ),
)
