"""What people bought by card and asked to be paid back, day by day.

Here belongs: transactions and reimbursements as functions of seed, days lived and the
switch for clearing. Not here: who buys with which card (spend_team.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from bill_source.sandbox.annex import Annex, Entry
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import cents, is_business_day
from bill_source.sandbox.paperwork import dice
from bill_source.sandbox.spend_team import (
    BUDGETS,
    CARDS,
    ZERO,
    Card,
    budget_ids,
    card_ids,
    project,
    reference,
    two_ids,
    user_ids,
)
from bill_source.sandbox.words import PROJECTS

_FX_FEE = Decimal("0.01")
_TIP = Decimal("1.18")
_DECLINED, _REVERSED, _REFUNDED = 0.04, 0.08, 0.96


@dataclass(frozen=True)
class Merchant:
    """Where people buy: name, category code, place, prices, currency, budget."""

    name: str
    code: str
    city: str
    low: int
    high: int
    budget: int
    currency: str = "USD"
    country: str = "US"
    tips: bool = False


_MERCHANTS = (
    Merchant("Tidewater Fuel", "5541", "Portland", 30, 95, 0),
    Merchant("Copper Spoon Diner", "5812", "Salem", 14, 80, 0, tips=True),
    Merchant("Riverbend Parking", "7523", "Portland", 6, 28, 0),
    Merchant("Inkwell Stationers", "5943", "Portland", 9, 140, 1),
    Merchant("Cloudberry Software", "5734", "Seattle", 12, 390, 1),
    Merchant("Bright Bean Coffee", "5814", "Portland", 8, 64, 1, tips=True),
    Merchant("Cascade Air", "4511", "Seattle", 140, 620, 2),
    Merchant("Harbor Lights Hotel", "7011", "Boise", 120, 540, 2),
    Merchant("Metro Cabs", "4121", "Sacramento", 11, 70, 2, tips=True),
    Merchant("Gasthaus Linde", "7011", "Stuttgart", 90, 260, 2, "EUR", "DE"),
    Merchant("Northern Line Trains", "4112", "Leeds", 25, 130, 2, "GBP", "GB"),
    Merchant("Sakura Business Inn", "7011", "Osaka", 9_000, 24_000, 2, "JPY", "JP"),
)
_CURRENCIES = {
    "USD": ("1", 2, "$"),
    "EUR": ("0.9214", 2, "€"),
    "GBP": ("0.7887", 2, "£"),
    "JPY": ("149.35", 0, "¥"),
}


def _transactions(books: Books) -> Iterator[Entry]:
    """Yield every transaction up to the last day lived."""
    last = books.lived_until
    day = books.company.body["createdTime"].date()
    while last is not None and day <= last:
        rng = Random(f"{books.seed}|spend|{day.isoformat()}")
        for _ in range(rng.choice((0, 1, 1, 2, 3)) if is_business_day(day) else 0):
            for body in _purchase(books, rng, day, last):
                yield Entry(body["uuid"], body)
        day += timedelta(days=1)


def _purchase(books: Books, rng: Random, day: date, last: date) -> Iterator[Body]:
    """Yield what one purchase has left behind by the last day."""
    position = rng.randrange(len(CARDS))
    shops = [one for one in _MERCHANTS if one.budget == CARDS[position].budget]
    shop = rng.choice(shops)
    bought = _instant(day, rng)
    clears = _instant(day + timedelta(days=rng.randrange(1, 4)), rng)
    refunded = _instant(clears.date() + timedelta(days=6), rng)
    roll, key = rng.random(), f"{bought.isoformat()}|{rng.random()}"
    held = _body(books, position, shop, f"{key}|auth", bought)
    held |= _price(shop, rng) | {"customFields": _labels(rng)}
    held["receiptStatus"] = rng.choice(("ATTACHED", "ATTACHED", "MISSING"))
    held["receipts"] = _receipts(held)
    if roll < _DECLINED:
        yield held | _declined()
    elif roll < _REVERSED:
        yield from _reversed(held, clears, last, key)
    else:
        yield from _cleared(books, held, shop, (clears, key), last)
        if roll > _REFUNDED and refunded.date() <= last:
            yield _refund(held, refunded, key)


def _instant(day: date, rng: Random) -> datetime:
    """Return an instant of a day on which somebody might buy."""
    start = datetime.combine(day, time(15), UTC)
    return start + timedelta(seconds=rng.randrange(8 * 3600))


def _body(
    books: Books, position: int, shop: Merchant, key: str, bought: datetime
) -> Body:
    """Return what every transaction of a card at a shop says."""
    card = CARDS[position]
    person = books.rows("users")[card.holder].body
    place = {"city": shop.city, "country": shop.country}
    return two_ids("Tx", "trx", key) | {
        "status": "APPROVED",
        "transactionType": "AUTHORIZATION",
        "isParent": True,
        "isLocked": False,
        "isReconciled": False,
        "isCredit": False,
        "complete": False,
        **reference("user", user_ids(card.holder)),
        "userName": f"{person['firstName']} {person['lastName']}",
        **reference("budget", budget_ids(card.budget)),
        "budgetName": BUDGETS[card.budget].name,
        **reference("card", card_ids(position)),
        **_plastic(card),
        "merchantName": shop.name,
        "rawMerchantName": f"{shop.name.upper()} {dice(shop.name) % 100:02d}",
        "merchantCategoryCode": shop.code,
        "merchantLocation": place,
        "network": "VISA",
        "occurredTime": bought,
        "authorizedTime": bought,
        "updatedTime": bought,
        "receiptRequired": True,
        "reviewRequired": False,
        "reviews": [],
        "reviewers": [],
        "accountingIntegrationTransactions": [],
    }


def _plastic(card: Card) -> Body:
    """Return what a transaction tells of the card itself."""
    return {
        "cardLastFour": card.last_four,
        "cardType": card.kind,
        "cardPresent": card.kind == "PHYSICAL",
    }


def _price(shop: Merchant, rng: Random) -> Body:
    """Draw a price in the shop's currency and say it in dollars too."""
    text, exponent, symbol = _CURRENCIES[shop.currency]
    unit = 10**exponent
    minor = rng.randrange(shop.low * unit, shop.high * unit)
    amount = cents(Decimal(minor) / unit / Decimal(text))
    fee = ZERO if shop.currency == "USD" else cents(amount * _FX_FEE)
    return {
        "amount": amount,
        "transactedAmount": amount,
        "fees": fee,
        "foreignExchangeFee": fee,
        "currencyData": {
            "exchangeRate": Decimal(text),
            "exponent": exponent,
            "originalCurrencyAmount": str(minor),
            "originalCurrencyCode": shop.currency,
            "symbol": symbol,
        },
    }


def _labels(rng: Random) -> list[Body]:
    """Return the custom fields somebody filled in, often none."""
    position = rng.randrange(2 * len(PROJECTS))
    return [project(position)] if position < len(PROJECTS) else []


def _receipts(held: Body) -> list[Body]:
    """Return the photograph of a receipt, where there is one."""
    if held["receiptStatus"] != "ATTACHED":
        return []
    uuid = two_ids("Receipt", "rcp", held["uuid"])["uuid"]
    url = f"https://receipts.bill.example/{uuid}"
    return [{"uuid": uuid, "filename": "receipt.jpg", "url": url}]


def _declined() -> Body:
    """Return what makes an authorization a refusal."""
    return {
        "transactionType": "DECLINE",
        "status": "DECLINED",
        "complete": True,
        "declineReason": "Insufficient budget",
        "declineInternalReasonCode": "BUDGET_LIMIT",
    }


def _reversed(held: Body, at: datetime, last: date, key: str) -> Iterator[Body]:
    """Yield a purchase that was called off: a second, negative authorization."""
    if at.date() > last:
        yield held
        return
    yield held | {"complete": True, "updatedTime": at}
    back = _negative(held) | two_ids("Tx", "trx", f"{key}|reversal")
    times = {"occurredTime": at, "authorizedTime": at, "updatedTime": at}
    yield back | {"complete": True} | times | _points_to(held)


def _points_to(held: Body) -> Body:
    """Return the reference to the authorization a row follows."""
    return {
        "originalAuthTransactionId": held["id"],
        "originalAuthTransactionUuid": held["uuid"],
    }


def _negative(row: Body) -> Body:
    """Return a row with its amounts turned round."""
    data = row["currencyData"]
    minor = {"originalCurrencyAmount": f"-{data['originalCurrencyAmount']}"}
    return row | {
        "isCredit": True,
        "amount": -row["amount"],
        "transactedAmount": -row["transactedAmount"],
        "fees": ZERO,
        "foreignExchangeFee": ZERO,
        "currencyData": data | minor,
    }


def _cleared(
    books: Books, held: Body, shop: Merchant, clears: tuple[datetime, str], last: date
) -> Iterator[Body]:
    """Yield an authorization and, once money moved, what clearing makes of it."""
    at, key = clears
    if at.date() > last:
        yield held
        return
    done = {"complete": True, "updatedTime": at}
    clear = held | done | {"transactionType": "CLEAR", "status": "COMPLETE"}
    if shop.tips:
        clear |= _with_tip(held)
    synced = two_ids("Sync", "int", key)["id"]
    clear["accountingIntegrationTransactions"] = [
        {"id": synced, "billable": False, "syncStatus": "NOT_SYNCED"}
    ]
    if books.switches.spend_clear == "same_row":
        yield clear
        return
    ids = two_ids("Tx", "trx", f"{key}|clear")
    matched = {
        "matchedClearTransactionId": ids["id"],
        "matchedClearTransactionUuid": ids["uuid"],
    }
    yield held | done | matched
    yield clear | ids | _points_to(held)


def _with_tip(held: Body) -> Body:
    """Return the amounts after somebody added a tip on paper."""
    amount = cents(held["amount"] * _TIP)
    minor = {"originalCurrencyAmount": str(int(amount * 100))}
    data = held["currencyData"] | minor
    return {"amount": amount, "transactedAmount": amount, "currencyData": data}


def _refund(held: Body, at: datetime, key: str) -> Body:
    """Return money given back: a negative clearing that follows no authorization."""
    row = _negative(held) | two_ids("Tx", "trx", f"{key}|refund")
    row |= {"transactionType": "CLEAR", "status": "COMPLETE", "complete": True}
    return row | {"occurredTime": at, "authorizedTime": at, "updatedTime": at}


def spend_days() -> dict[str, Annex[Books]]:
    """Return the lists of this module, not yet written."""
    return {
        "spend-transactions": Annex(
            lambda books: (books.lived_until, books.switches.spend_clear),
            _transactions,
        ),
    }
