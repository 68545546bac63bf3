"""The made-up company on the day it opened its BILL account.

Here belongs: its organization, people, accounts, items and first partners. Not here:
what happens on any later day (life.py).
"""

from datetime import UTC, datetime, time
from decimal import Decimal
from random import Random

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import months_before
from bill_source.sandbox.life import live_until
from bill_source.sandbox.office import office
from bill_source.sandbox.paperwork import paperwork
from bill_source.sandbox.parties import add_customer, add_vendor, plan_vendors
from bill_source.sandbox.recurring import add_templates
from bill_source.sandbox.spend_claims import spend_claims
from bill_source.sandbox.spend_days import spend_days
from bill_source.sandbox.spend_team import spend_team
from bill_source.sandbox.store import Row
from bill_source.sandbox.words import (
    ACCOUNTS,
    CLASSES,
    CUSTOMERS,
    DEPARTMENTS,
    FIRST,
    ITEMS,
    LAST,
    LOCATIONS,
    PROJECTS,
)

NAME = "Juniper & Slate Studio LLC"
FIRST_VENDORS = 105
FIRST_CUSTOMERS = 28
_ROLES = ("ADMINISTRATOR", "ACCOUNTANT", "CLERK", "APPROVER", "AUDITOR", "PAYER")
_PEOPLE = (
    ("Dana", "Okafor", "ADMINISTRATOR"),
    ("Mel", "Suarez", "ACCOUNTANT"),
    ("Ines", "Ferro", "CLERK"),
    ("Theo", "Marsh", "APPROVER"),
    ("Ravi", "Noor", "APPROVER"),
)


def open_company(books: Books, now: datetime, months: int, *, generate: bool) -> None:
    """Found the company and live through its history up to yesterday.

    Without ``generate`` there is only what signing in needs.
    """
    today = now.astimezone(UTC).date()
    start = months_before(today, months)
    at = datetime.combine(start, time(15), UTC)
    rng = Random(f"{books.seed}|founding")
    _add_organization(books, at)
    _add_people(books, at)
    if not generate:
        return
    books.annexes = office() | paperwork() | spend_team() | spend_days()
    books.annexes |= spend_claims()
    _add_reference_data(books, at, rng)
    _add_partners(books, at, rng)
    add_templates(books, at)
    books.plans.opened = today
    live_until(books, start, today)


def _add_organization(books: Books, at: datetime) -> None:
    """Make the organization's own record."""
    body: Body = {
        "id": books.ids.next("008"),
        "archived": False,
        "name": NAME,
        "address": {
            "line1": "418 Foundry Way",
            "city": "Portland",
            "stateOrProvince": "OR",
            "zipOrPostalCode": "97209",
            "country": "US",
            "countryName": "United States",
        },
        "phone": "5035550117",
        "taxIdType": "EIN",
        "industry": "Professional services",
        "businessCategory": "LLC",
        "accountType": "BUSINESS",
        "processingOptions": {
            "mailingAddressSameAsPhysical": True,
            "individualTransferOut": False,
            "individualTransferIn": False,
        },
        "createdTime": at,
        "updatedTime": at,
    }
    books.company = Row(body["id"], body)


def _add_people(books: Books, at: datetime) -> None:
    """Make roles and users; the first user is the administrator."""
    roles = {
        kind: books.add("roles", {"type": kind, "description": kind.title()}, at)
        for kind in _ROLES
    }
    for first, last, kind in _PEOPLE:
        body = {
            "archived": first == "Ravi",
            "firstName": first,
            "lastName": last,
            "email": f"{first.lower()}@juniperslate.example",
            "role": {"id": roles[kind].id, "type": kind, "description": kind.title()},
        }
        user = books.add("users", body, at)
        books.plans.coding.setdefault("users", []).append(user.id)


def _add_reference_data(books: Books, at: datetime, rng: Random) -> None:
    """Make everything documents refer to."""
    for days in (0, 15, 30, 45, 60):
        name = f"Net {days}" if days else "Due on receipt"
        term = books.add("payment-terms", {"name": name, "daysDue": days}, at)
        books.plans.accounts[f"term {days}"] = term.id
    _add_accounts(books, at)
    _add_dimensions(books, at, rng)
    _add_items(books, at)
    _add_funding(books, at)


def _add_accounts(books: Books, at: datetime) -> None:
    """Make the company's own chart, one account of it retired."""
    for key, number, name, kind in ACCOUNTS:
        body = {"archived": False, "name": name}
        body["account"] = {"type": kind, "number": number}
        books.plans.accounts[key] = books.add("chart-of-accounts", body, at).id
    retired = {"archived": True, "name": "Old Sundries"}
    retired["account"] = {"type": "EXPENSE", "number": "69999"}
    books.add("chart-of-accounts", retired, at)


def _add_dimensions(books: Books, at: datetime, rng: Random) -> None:
    """Make departments, classes, locations, jobs and employees."""
    named: dict[str, list[Body]] = {
        "departments": [
            {"name": name, "shortName": short} for name, short in DEPARTMENTS
        ],
        "accounting-classes": [{"name": name} for name in CLASSES],
        "locations": [{"name": name} for name in LOCATIONS],
        "jobs": [{"name": f"Project {name}"} for name in PROJECTS],
        "employees": [
            {"firstName": rng.choice(FIRST), "lastName": rng.choice(LAST)}
            for _ in range(9)
        ],
    }
    for name, bodies in named.items():
        books.plans.coding[name] = [
            books.add(name, {"archived": False} | body, at).id for body in bodies
        ]


def _add_items(books: Books, at: datetime) -> None:
    """Make what the company sells, and the sales tax."""
    for name, kind, price, account in ITEMS:
        body = {
            "archived": False,
            "type": kind,
            "name": name,
            "price": Decimal(price),
            "chartOfAccountId": books.plans.accounts[account],
            "taxable": kind == "INVENTORY",
        }
        item = books.add("items", body, at)
        books.plans.accounts[f"item {name}"] = item.id
    tax = {"archived": False, "type": "SALES_TAX", "name": "Washington sales tax"}
    tax |= {"percentage": Decimal("8.9"), "taxable": False}
    books.plans.accounts["tax"] = books.add("items", tax, at).id


def _add_funding(books: Books, at: datetime) -> None:
    """Make bank and card accounts."""
    admin = books.plans.coding["users"][0]
    for key, kind, ending, archived in (
        ("checking", "CHECKING", "1188", False),
        ("savings", "SAVINGS", "4420", False),
        ("old", "CHECKING", "0073", True),
    ):
        body: Body = {
            "archived": archived,
            "status": "NOT_VERIFIED" if archived else "VERIFIED",
            "createdBy": admin,
            "routingNumber": "*****0248",
            "accountNumber": f"*****{ending}",
            "nameOnAccount": NAME,
            "type": kind,
            "ownerType": "BUSINESS",
            "bankName": "Columbia Crest Bank",
            "accessToAdmins": True,
            "default": {
                "payables": key == "checking",
                "receivables": key == "checking",
            },
        }
        if key in books.plans.accounts:
            body["chartOfAccountId"] = books.plans.accounts[key]
        bank = books.add("bank-accounts", body, at)
        books.plans.accounts[f"bank {key}"] = bank.id
    _add_card(books, at, admin)


def _add_card(books: Books, at: datetime, admin: str) -> None:
    """Make the card bills may be paid from."""
    body: Body = {
        "archived": False,
        "createdBy": admin,
        "issuingBankName": "Columbia Crest Bank",
        "nameOnAccount": "Dana Okafor",
        "brand": "visa",
        "type": "CREDIT_CARD",
        "status": "VERIFIED",
        "last4": "4242",
        "expiration": {"year": "2031", "month": "11"},
        "default": {
            "payables": False,
            "receivables": False,
            "funding": True,
            "disbursement": False,
        },
    }
    card = books.add("card-accounts", body, at)
    other = body | {"status": "PENDING", "last4": "1881", "brand": "mastercard"}
    other |= {"default": dict.fromkeys(body["default"], False)}
    books.add("card-accounts", other, at, nominated=True)
    books.plans.accounts["funding card"] = card.id
    books.card_rates = {
        "defaultCardAccountId": card.id,
        "funding": {"creditCardRate": Decimal("2.9"), "debitCardRate": Decimal("1.5")},
    }


def _add_partners(books: Books, at: datetime, rng: Random) -> None:
    """Enter the first vendors and customers; the others come with time."""
    plans = plan_vendors(rng)
    for plan in plans[:FIRST_VENDORS]:
        add_vendor(books, plan, rng, at)
    books.plans.waiting_vendors = list(reversed(plans[FIRST_VENDORS:]))
    for name in CUSTOMERS[:FIRST_CUSTOMERS]:
        add_customer(books, name, rng, at)
    books.plans.waiting_customers = list(reversed(CUSTOMERS[FIRST_CUSTOMERS:]))
