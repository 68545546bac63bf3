"""Where money comes from: bank accounts, cards, and who may use them.

Here belongs: BILL's funding-account lists. Not here: payments (payables.py), the bank
details of vendors and customers, which we do not read at all.
"""

from bill_source.entities.entity import Entity
from bill_source.entities.words import TIMES, columns

CARD = (
    "id archived:boolean createdBy issuingBankName nameOnAccount brand type"
    " status last4 expiration.year expiration.month default.payables:boolean"
    " default.receivables:boolean default.funding:boolean default.disbursement:boolean"
    + TIMES
)


def cards(table: str, user_status: str) -> Entity:
    """Build one of the two card lists; BILL lists none without naming the status."""
    return Entity(
        table=table,
        path="/v3/funding-accounts/cards",
        shape="cards",
        mode="full",
        sort="",
        id_filter=False,
        parameters=(("cardUserStatus", user_status),),
        columns=columns(CARD),
    )


ACCOUNTS = (
    Entity(
        table="bank_accounts",
        path="/v3/funding-accounts/banks",
        mode="full",
        is_bank=True,
        archived_filter=True,
        columns=columns(
            "id archived:boolean status createdBy nameOnAccount type@bank_type"
            " ownerType@bank_owner bankName accountNumber accessToAdmins:boolean"
            " default.payables:boolean default.receivables:boolean chartOfAccountId"
            + TIMES
        ),
    ),
    cards("card_accounts", "VERIFIED"),
)

ACCESS = (
    cards("nominated_card_accounts", "NOMINATED"),
    Entity(
        table="bank_account_users",
        path="/v3/funding-accounts/banks/users",
        mode="full",
        sort="archived:asc",
        id_filter=False,
        get_path="",
        columns=columns(
            "id bankAccountId userId archived:boolean"
            " verificationStatus@account_user_status" + TIMES
        ),
    ),
    Entity(
        table="card_account_users",
        path="/v3/funding-accounts/cards/users",
        mode="full",
        sort="archived:asc",
        id_filter=False,
        identity="",
        vanishes=True,
        get_path="",
        columns=columns(
            "id cardAccountId userId archived:boolean"
            " verificationStatus@account_user_status"
        ),
    ),
    Entity(
        table="ap_cards",
        path="/v3/funding-accounts/ap-cards",
        shape="array",
        mode="full",
        sort="",
        id_filter=False,
        get_path="",
        columns=columns(
            "id status nameOnAccount balance:money limit_amount=limit:money" + TIMES
        ),
    ),
    Entity(
        table="funding_permissions",
        path="/v3/funding-accounts/permissions",
        shape="object",
        mode="full",
        sort="",
        id_filter=False,
        identity="",
        vanishes=True,
        get_path="",
        columns=columns(
            "id organization.card.payByCard:boolean"
            " organization.card.fundingEnabled:boolean"
            " organization.card.amexAllowed:boolean"
            " organization.wallet.fundingEnabled:boolean user.payOnline:boolean"
        ),
    ),
)
