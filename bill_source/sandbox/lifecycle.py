"""Any life of any record, driven by hand: the acts by name.

Here belongs: the table of acts, doing one, and letting what was acted on follow the
clock. Not here: the acts themselves (acts/), the company's own life (life.py).
"""

import inspect
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from random import Random

from bill_source.sandbox.acts import (
    parties,
    payables,
    payments,
    receipts,
    receivables,
    records,
)
from bill_source.sandbox.acts.given import Moment
from bill_source.sandbox.answers import Body
from bill_source.sandbox.bank import move_payment
from bill_source.sandbox.books import Books
from bill_source.sandbox.derived import settle
from bill_source.sandbox.receiving import move_receipt
from bill_source.sandbox.store import Row

Act = Callable[..., Row]
ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        parties.create_vendor,
        parties.create_customer,
        parties.add_classification,
        parties.rename_classification,
        payables.create_bill,
        payables.decide_bill,
        payables.create_credit,
        payables.apply_credit,
        payables.unapply_credit,
        payments.pay_bill,
        payments.cancel_payment,
        payments.advance_payment,
        payments.bounce_payment,
        payments.fail_funding,
        payments.request_void,
        payments.answer_void,
        payments.void_payment,
        receivables.create_invoice,
        receivables.create_memo,
        receivables.apply_memo,
        receivables.unapply_memo,
        receipts.record_receipt,
        receipts.allocate_receipt,
        receipts.advance_receipt,
        receipts.cancel_receipt,
        receipts.void_receipt,
        records.archive,
        records.restore,
        records.edit,
        records.remove,
    )
}


def perform(books: Books, now: datetime, name: str, arguments: Body) -> Body:
    """Do one act at an instant; return the record it was about, derived fields too.

    Raises:
        ValueError: An unknown act, arguments it does not take, or an act that BILL
            would not let happen; the message is a sentence.
    """
    act = ACTS.get(name)
    if act is None:
        raise ValueError(f"unknown act {name}: one of {', '.join(ACTS)}")
    takes = list(inspect.signature(act).parameters)[2:]
    try:
        inspect.signature(act).bind(books, None, **arguments)
    except TypeError as error:
        raise ValueError(f"{name}: {error}; it takes {', '.join(takes)}") from None
    row = act(books, Moment.of(books, now), **arguments)
    settle(books, now)
    return deepcopy(row.body)


def catch_up(books: Books, now: datetime) -> None:
    """Let payments and receipts made by hand go as far as today's date says.

    The company's own ones move when a day is over; these need not wait for that.
    """
    moment = Moment(now.date(), Random(books.seed), now)
    for payment_id in list(books.plans.moving):
        payment = books.row("payments", payment_id)
        if payment.hidden.get("by_hand"):
            move_payment(books, moment, payment)
    for receipt_id in list(books.plans.waiting_receipts):
        receipt = books.row("receivable-payments", receipt_id)
        if receipt.hidden.get("by_hand"):
            move_receipt(books, moment, receipt)
    settle(books, now)
