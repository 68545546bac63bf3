"""Vendors and customers: how their records are made.

Here belongs: names, addresses, terms, ways of paying. Not here: their documents
(purchasing.py, selling.py).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day
from bill_source.sandbox.store import Row
from bill_source.sandbox.trades import TRADES, Trade
from bill_source.sandbox.words import FIRST, LAST, PLACES, STREETS, TOWNS

_ABROAD = {
    "EUR": ("Stuttgart", "BW", "70173", "DE", "Germany"),
    "GBP": ("Leeds", "West Yorkshire", "LS1 4DY", "GB", "United Kingdom"),
    "CAD": ("Nelson", "BC", "V1L 4E8", "CA", "Canada"),
}
_COMBINED = {"courier", "office", "freelancer", "hosting", "payroll"}
_RARELY = 0.3
_KNOWN_TO_THEM = 0.4
_PAYS_ONLINE = 0.4
_TERM_DAYS = (0, 15, 30, 45, 60)
_TWICE = ("Swiftline Couriers", "Bluefern Media", "Papertrail Office Supply")
"""Vendors somebody will enter a second time under another spelling."""


@dataclass(frozen=True)
class VendorPlan:
    """A vendor the company will deal with sooner or later."""

    name: str
    trade: Trade


def plan_vendors(rng: Random) -> list[VendorPlan]:
    """Return all vendors: those billing every month first, the rest shuffled."""
    taken: set[str] = set()
    plans = [
        VendorPlan(_name(trade, index, rng, taken), trade)
        for trade in TRADES
        for index in range(trade.count)
    ]
    regular = [plan for plan in plans if plan.trade.per_month >= 1]
    others = [plan for plan in plans if plan.trade.per_month < 1]
    rng.shuffle(others)
    trades = {plan.name: plan.trade for plan in plans}
    again = [
        VendorPlan(f"{name.upper()} LLC", trades[name])
        for name in _TWICE
        if name in trades
    ]
    return regular + others + again


def fresh_vendor(rng: Random, number: int) -> VendorPlan:
    """Return a vendor nobody planned for, as later days bring them."""
    kinds = ("freelancer", "restaurant", "subcontractor", "consulting", "repairs")
    kind = rng.choice(kinds)
    trade = next(one for one in TRADES if one.key == kind)
    name = _filled("{last}, {first}" if trade.key == "freelancer" else "{last} ", rng)
    if trade.key != "freelancer":
        name += f"{trade.key.title()} {number}"
    return VendorPlan(name, trade)


def _name(trade: Trade, index: int, rng: Random, taken: set[str]) -> str:
    """Return the next name of a trade, never one twice."""
    pattern = trade.names[index % len(trade.names)]
    name = _filled(pattern, rng)
    while name in taken:
        name = _filled(pattern, rng)
        if "{" not in pattern:
            name = f"{pattern} of {PLACES[rng.randrange(len(PLACES))]}"
    taken.add(name)
    return name


def _filled(pattern: str, rng: Random) -> str:
    """Put names of people and places into a pattern."""
    return pattern.format(
        first=rng.choice(FIRST),
        last=rng.choice(LAST),
        last2=rng.choice(LAST),
        place=rng.choice(PLACES),
    )


def add_vendor(books: Books, plan: VendorPlan, rng: Random, at: datetime) -> Row:
    """Enter a vendor into BILL."""
    trade = plan.trade
    is_person = trade.key == "freelancer"
    body: Body = {
        "archived": False,
        "name": plan.name,
        "accountType": "PERSON" if is_person else "BUSINESS",
        "email": _email(plan.name),
        "address": _address(trade.currency, rng),
        "paymentInformation": _pay_by(plan),
        "additionalInfo": _additional(books, plan, rng),
        "bankAccountStatus": "NET_LINKED_ACCOUNT"
        if trade.method == "ACH"
        else "NO_ACCOUNT",
        "recurringPayments": False,
        "billCurrency": trade.currency,
        "balance": {"amount": Decimal("0.00"), "lastUpdatedDate": at},
        "autoPay": {"enabled": False},
        "networkStatus": "CONNECTED" if trade.method == "ACH" else "NOT_CONNECTED",
    }
    if rng.random() < _KNOWN_TO_THEM:
        body["accountNumber"] = f"{rng.choice('ABCJK')}{rng.randrange(10_000, 99_999)}"
    return books.add(
        "vendors",
        body,
        at,
        trade=trade,
        day=rng.randrange(1, 29),
        scale=Decimal(rng.randrange(70, 131)) / 100,
        style=rng.randrange(4),
        number=rng.randrange(100, 9000),
        initials="".join(word[0] for word in plan.name.split() if word[0].isalpha()),
    )


def _email(name: str) -> str:
    """Return an address that can never be delivered to."""
    letters = "".join(char for char in name.lower() if char.isalnum())
    return f"billing@{letters[:24]}.example"


def _address(currency: str, rng: Random) -> Body:
    """Return a postal address at home or abroad."""
    line = f"{rng.randrange(10, 990)} {rng.choice(STREETS)}"
    if currency in _ABROAD:
        city, state, code, country, name = _ABROAD[currency]
    else:
        city, state, code = rng.choice(TOWNS)
        country, name = "US", "United States"
    return {
        "line1": line,
        "city": city,
        "stateOrProvince": state,
        "zipOrPostalCode": code,
        "country": country,
        "countryName": name,
    }


def _pay_by(plan: VendorPlan) -> Body:
    """Return how a vendor is paid."""
    method = "CHECK" if plan.trade.method == "OFFLINE" else plan.trade.method
    shown: Body = {"payeeName": plan.name, "payByType": method}
    if method == "INTERNATIONAL_E_PAYMENT":
        shown["payBySubType"] = "LOCAL"
    if method == "ACH":
        shown["bankAccount"] = {
            "nameOnAccount": plan.name,
            "accountNumber": f"*****{len(plan.name) * 37 % 10_000:04d}",
            "routingNumber": "000000000",
            "type": "CHECKING",
            "ownerType": "BUSINESS",
            "paymentCurrency": "USD",
        }
    return shown


def _additional(books: Books, plan: VendorPlan, rng: Random) -> Body:
    """Return tax and payment settings of a vendor."""
    tracked = plan.trade.key in {"freelancer", "law", "subcontractor"}
    shown: Body = {
        "track1099": tracked,
        "combinePayments": plan.trade.key in _COMBINED,
        "paymentTermId": term_id(books, plan.trade.terms),
        "companyName": plan.name,
    }
    if tracked:
        shown["taxId"] = f"*****{rng.randrange(1000, 9999)}"
        shown["taxIdType"] = "SSN" if plan.trade.key == "freelancer" else "EIN"
    return shown


def term_id(books: Books, days: int) -> str:
    """Return the payment term nearest to so many days."""
    nearest = min(_TERM_DAYS, key=lambda one: abs(one - days))
    return books.plans.accounts[f"term {nearest}"]


def add_customer(books: Books, name: str, rng: Random, at: datetime) -> Row:
    """Enter a customer into BILL."""
    number = books.plans.counts["customers"] = books.plans.counts["customers"] + 1
    currency = "CAD" if name.startswith("Maple") else "USD"
    address = _address(currency, rng)
    body: Body = {
        "archived": False,
        "name": name,
        "companyName": name,
        "contact": {"firstName": rng.choice(FIRST), "lastName": rng.choice(LAST)},
        "email": _email(name),
        "phone": f"503555{rng.randrange(1000, 9999)}",
        "invoiceCurrency": currency,
        "accountType": "BUSINESS",
        "paymentTermId": term_id(books, rng.choice((15, 30, 30, 45))),
        "accountNumber": f"C-{number:03d}",
        "billingAddress": address,
        "balance": {"amount": Decimal("0.00")},
        "hasBankAccount": rng.random() < _PAYS_ONLINE,
        "authorizedToCharge": False,
    }
    return books.add(
        "customers",
        body,
        at,
        taxed=address["stateOrProvince"] == "WA",
        kind=rng.choice(("services", "services", "goods", "plan")),
        patience=rng.choice((-5, 0, 2, 4, 9, 24)),
        day=rng.randrange(1, 29),
    )


def meet_vendors(books: Books, day: Day) -> None:
    """Enter a new vendor now and then; long unused ones get archived."""
    waiting = books.plans.waiting_vendors
    if waiting and day.chance(0.09):
        add_vendor(books, waiting.pop(), day.rng, day.tick())
    elif day.lively and day.chance(0.2):
        number = books.plans.counts["vendors"] = books.plans.counts["vendors"] + 1
        plan = fresh_vendor(day.rng, number)
        add_vendor(books, plan, day.rng, day.tick())
    if day.chance(0.004):
        _retire_vendor(books, day)


def _retire_vendor(books: Books, day: Day) -> None:
    """Archive a vendor to whom nothing is owed."""
    idle = [
        row
        for row in books.rows("vendors")
        if row.hidden["trade"].per_month < _RARELY
        and not row.hidden.get("by_hand")
        and not row.body["archived"]
        and not row.body["balance"]["amount"]
    ]
    if idle:
        vendor = day.pick(idle)
        vendor.body["archived"] = True
        at = day.tick() if books.switches.archive_touches else None
        books.touch("vendors", vendor, at)
