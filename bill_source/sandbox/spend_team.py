"""Who may spend, from which budget and with which card, and how purchases are labelled.

Here belongs: users, budgets, their members, cards, custom fields. Not here: what was
bought (spend_days.py), what may be asked (spend_lists.py).
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bill_source.sandbox.annex import Annex, Entry
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.paperwork import dice, when_changed, when_grown
from bill_source.sandbox.store import Row
from bill_source.sandbox.words import PROJECTS

ZERO = Decimal("0.00")
_ROLES = ("ADMIN", "BOOKKEEPER", "MEMBER", "MEMBER", "MEMBER")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ADVANCED = 2


@dataclass(frozen=True)
class Budget:
    """One budget and who belongs to it, as positions in the list of users."""

    name: str
    interval: str
    limit: str
    members: tuple[int, ...]
    retired: bool = False


@dataclass(frozen=True)
class Card:
    """One card: its holder and budget, as positions."""

    holder: int
    budget: int
    kind: str
    last_four: str


BUDGETS = (
    Budget("Field sales", "MONTHLY", "2000.00", (0, 2)),
    Budget("Office and software", "MONTHLY", "3500.00", (0, 1)),
    Budget("Travel", "QUARTERLY", "9000.00", (0, 2, 3)),
    Budget("Studio opening", "NONE", "4000.00", (0,), retired=True),
)
CARDS = (
    Card(2, 0, "PHYSICAL", "0917"),
    Card(1, 1, "VIRTUAL", "3304"),
    Card(0, 1, "VIRTUAL", "7721"),
    Card(2, 2, "PHYSICAL", "5150"),
    Card(3, 2, "VIRTUAL_MEMBER", "8846"),
)
PROJECT, PURPOSE = "Project", "Trip purpose"


def two_ids(kind: str, prefix: str, source: str) -> dict[str, str]:
    """Return both ids of an object: an opaque one and the one filters take."""
    number = dice("spend", prefix, source)
    text, rest = "", number
    for _ in range(10):
        rest, digit = divmod(rest, len(_LETTERS))
        text += _LETTERS[digit]
    opaque = b64encode(f"{kind}:{number % 10**12}".encode()).decode()
    return {"id": opaque, "uuid": f"{prefix}_{text}"}


def reference(name: str, ids: dict[str, str]) -> dict[str, str]:
    """Return how another object points to one: ``cardId`` and ``cardUuid``."""
    return {f"{name}Id": ids["id"], f"{name}Uuid": ids["uuid"]}


def user_ids(position: int) -> dict[str, str]:
    """Return the ids of a user."""
    return two_ids("User", "usr", str(position))


def budget_ids(position: int) -> dict[str, str]:
    """Return the ids of a budget."""
    return two_ids("Budget", "bgt", BUDGETS[position].name)


def card_ids(position: int) -> dict[str, str]:
    """Return the ids of a card."""
    return two_ids("Card", "crd", CARDS[position].last_four)


def project(position: int) -> Body:
    """Return a purchase's label: one value of the custom field for projects."""
    value = two_ids("Value", "cfv", PROJECTS[position]) | {"value": PROJECTS[position]}
    ids = two_ids("Field", "cfd", PROJECT)
    return ids | {"name": PROJECT, "isRequired": False, "selectedValues": [value]}


def _users(books: Books) -> Iterator[Entry]:
    """Yield the company's people as Spend & Expense knows them."""
    for position, user in enumerate(books.rows("users")[: len(_ROLES)]):
        ids = user_ids(position)
        body: Body = ids | {
            "firstName": user.body["firstName"],
            "lastName": user.body["lastName"],
            "email": user.body["email"],
            "retired": user.body["archived"],
            "useCompanyMailingAddress": True,
            "smsOptIn": position == 0,
            "hasDateOfBirth": True,
            "role": _ROLES[position],
            "createdTime": user.body["createdTime"],
        }
        yield Entry(ids["uuid"], body)


def _budgets(books: Books) -> Iterator[Entry]:
    """Yield budgets with what was spent of them in their current period."""
    opened = books.company.body["createdTime"].date()
    today = _today(books)
    for position, budget in enumerate(BUDGETS):
        ids, limit = budget_ids(position), Decimal(budget.limit)
        start, end = _period(budget.interval, today, opened)
        spent = _spent(books, "budgetUuid", ids["uuid"], start)
        period: Body = {"startDate": start.isoformat(), "limit": limit}
        if end is not None:
            period["endDate"] = end.isoformat()
        period |= {"overspendBuffer": ZERO, "assigned": limit, "spent": spent}
        body = ids | {
            "name": budget.name,
            "retired": budget.retired,
            "startDate": opened.isoformat(),
            "recurringInterval": budget.interval,
            "timezone": "America/Los_Angeles",
            "autoAddUsers": False,
            "receiptRequired": True,
            "carryOver": False,
            "default": position == 0,
            "budgetGroup": False,
            "shareFunds": "SHARE_MANUALLY",
            "recurringLimit": limit,
            "limitlessOverspend": False,
            "currentPeriod": period,
        }
        yield Entry(ids["uuid"], body)


def _today(books: Books) -> date:
    """Return the day after the last one lived."""
    opened: date = books.company.body["createdTime"].date()
    return (books.lived_until or opened) + timedelta(days=1)


def _period(interval: str, today: date, opened: date) -> tuple[date, date | None]:
    """Return first and last day of the period a day belongs to."""
    if interval == "NONE":
        return opened, None
    months = 3 if interval == "QUARTERLY" else 1
    start = today.replace(day=1, month=today.month - (today.month - 1) % months)
    following = start
    for _ in range(months):
        following = (following + timedelta(days=32)).replace(day=1)
    return start, following - timedelta(days=1)


def _spent(books: Books, key: str, uuid: str, since: date) -> dict[str, Decimal]:
    """Add up what was spent since a day: cleared, pending, both."""
    cleared = pending = ZERO
    for row in _transactions(books, key, uuid, since):
        if row.body["transactionType"] == "CLEAR":
            cleared += row.body["amount"]
        elif (
            row.body["transactionType"] == "AUTHORIZATION" and not row.body["complete"]
        ):
            pending += row.body["amount"]
    return {"cleared": cleared, "pending": pending, "total": cleared + pending}


def _transactions(books: Books, key: str, uuid: str, since: date) -> Iterable[Row]:
    """Return the transactions of a budget, card or user since a day."""
    return (
        row
        for row in books.rows("spend-transactions")
        if row.body[key] == uuid and row.body["occurredTime"].date() >= since
    )


def _members(books: Books) -> Iterator[Entry]:
    """Yield who belongs to which budget, with what they spent of it."""
    users = books.rows("users")
    opened = books.company.body["createdTime"].date()
    for position, budget in enumerate(BUDGETS):
        parent = budget_ids(position)["uuid"]
        start, _ = _period(budget.interval, _today(books), opened)
        for member in budget.members:
            ids, person = user_ids(member), users[member].body
            spent = sum(
                (
                    row.body["amount"]
                    for row in _transactions(books, "userUuid", ids["uuid"], start)
                    if row.body["budgetUuid"] == parent
                    and row.body["transactionType"] == "CLEAR"
                ),
                ZERO,
            )
            body = reference("user", ids) | {
                "name": f"{person['firstName']} {person['lastName']}",
                "budgetRole": "OWNER" if member == 0 else "MEMBER",
                "spent": spent,
                "limit": Decimal(budget.limit),
                "recurring": budget.interval != "NONE",
                "retired": budget.retired,
                "shareBudgetFunds": True,
            }
            yield Entry(f"{parent}|{ids['uuid']}", body, parent)


def _cards(books: Books) -> Iterator[Entry]:
    """Yield cards with what was spent by each this month."""
    made = books.company.body["createdTime"]
    for position, card in enumerate(CARDS):
        ids = card_ids(position)
        spent = _spent(books, "cardUuid", ids["uuid"], _today(books).replace(day=1))
        used = [
            row.body["updatedTime"]
            for row in _transactions(books, "cardUuid", ids["uuid"], made.date())
        ]
        limit = Decimal("1500.00")
        body = ids | reference("user", user_ids(card.holder))
        body |= reference("budget", budget_ids(card.budget))
        yield Entry(
            ids["uuid"],
            body
            | {
                "name": f"{BUDGETS[card.budget].name} {card.last_four}",
                "lastFour": card.last_four,
                "validThru": "09/31",
                "expirationDate": "2031-09-30",
                "status": "FROZEN" if card.holder > _ADVANCED else "ACTIVATED",
                "type": card.kind,
                "shareBudgetFunds": False,
                "recurring": True,
                "recurringLimit": limit,
                "currentPeriod": {"limit": limit, "spent": spent["total"]},
                "createdTime": made,
                "updatedTime": max(used, default=made),
            },
        )


def _custom_fields(books: Books) -> Iterator[Entry]:
    """Yield the labels purchases may carry."""
    for name, kind in ((PROJECT, "CUSTOM_SELECTOR"), (PURPOSE, "NOTE")):
        ids = two_ids("Field", "cfd", name)
        body: Body = ids | {
            "name": name,
            "type": kind,
            "multiSelect": False,
            "allowCustomValues": kind == "NOTE",
            "required": False,
            "global": True,
            "retired": False,
            "createdTime": books.company.body["createdTime"],
            "selectedBudgetUuids": [],
            "requiredBudgetUuids": [],
        }
        yield Entry(ids["uuid"], body)


def _values(_: Books) -> Iterator[Entry]:
    """Yield the values of the selector; a note has none."""
    parent = two_ids("Field", "cfd", PROJECT)["uuid"]
    for name in PROJECTS:
        ids = two_ids("Value", "cfv", name)
        body = ids | {"value": name, "deleted": name == PROJECTS[-1]}
        yield Entry(ids["uuid"], body, parent)


def spend_team() -> dict[str, Annex[Books]]:
    """Return the lists of this module, not yet written."""
    spent = when_changed("spend-transactions")
    return {
        "spend-users": Annex(when_changed("users"), _users),
        "spend-budgets": Annex(spent, _budgets),
        "spend-budget-members": Annex(spent, _members),
        "spend-cards": Annex(spent, _cards),
        "spend-custom-fields": Annex(when_grown("users"), _custom_fields),
        "spend-custom-field-values": Annex(when_grown("users"), _values),
    }
