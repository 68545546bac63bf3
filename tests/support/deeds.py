"""What people and the bank may do in a company, chosen by dice.

Here belongs: for each act of the sandbox, dice -> its arguments, and doing one where
BILL lets it happen. Not here: when something is done (histories.py).
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from bill_source.sandbox import Books, SandboxServer

Choice = TypeVar("Choice")
Arguments = dict[str, Any]
Record = dict[str, Any]

NEWEST = 6
"""Even dice choose among so many newest records, so that some live eventful lives."""
AMOUNTS = ("0.01", "19.90", "100.00", "1234.56")
LINES = ([{"amount": "60.25"}, {"amount": "9"}], [{"amount": "5000.10"}])
PRICES = ([{"price": "12.5", "quantity": 2}], [{"price": "4000"}, {"price": "0.35"}])
NAMES = ("Quillon Works", "Tern & Daughters", "Ångström ½")
ARCHIVABLE = (
    *("vendors", "customers", "bills", "invoices", "vendor-credits", "credit-memos"),
    *("departments", "chart-of-accounts", "users", "bank-accounts"),
)
CODES = ("accounting-classes", "departments", "locations", "jobs", "employees", "items")
STEPS = (None, None, "SENT", "CLEARED", "CLEARED", "DISBURSEMENT_ON_HOLD")


class Deed(NamedTuple):
    """One act by name, and the dice that choose what it is about."""

    name: str
    dice: tuple[int, ...]


class Hand:
    """Chooses records and words by dice; when they are used up, the first of each."""

    def __init__(self, books: Books, dice: Sequence[int]) -> None:
        self._books = books
        self._dice = list(dice)

    def one(self, choices: Sequence[Choice]) -> Choice:
        """Choose one of some.

        Raises:
            LookupError: There is none to choose from.
        """
        die = self._dice.pop(0) if self._dice else 0
        return choices[die % len(choices)] if choices else choices[0]

    def record(self, name: str, **like: Any) -> Record:
        """Choose a record whose fields are, or are among, these values."""
        rows = [row.body for row in reversed(self._books.rows(name))]
        fit = [row for row in rows if all(_fits(row, key, like[key]) for key in like)]
        is_even = not self._dice or self._dice[0] % 2 == 0
        return self.one(fit[:NEWEST] if is_even else fit)

    def id(self, name: str, **like: Any) -> str:
        """Choose a record and return its id."""
        return str(self.record(name, **like)["id"])


def _fits(row: Record, key: str, wanted: Any) -> bool:
    found = row.get(key)
    if isinstance(wanted, tuple):
        return found in wanted
    return bool(found) if wanted is any else bool(found == wanted)


def pay_bill(hand: Hand) -> Arguments:
    """A whole bill or a cent of it, some with a credit, by the bank or otherwise."""
    bill = hand.record("bills", dueAmount=any)
    amount, is_online = hand.one((None, "0.01", None)), hand.one((True, False))
    found: Arguments = {"bills": {bill["id"]: amount}, "online": is_online}
    found["method"] = hand.one(("CHECK", "ACH", "VIRTUAL_CARD"))
    if hand.one((False, True)):
        credit = hand.id("vendor-credits", vendorId=bill["vendorId"])
        found["credits"] = {credit: "0.01"}
    return found


def apply_credit(hand: Hand) -> Arguments:
    """A credit on a bill of its vendor."""
    credit = hand.record("vendor-credits")
    bill = hand.id("bills", vendorId=credit["vendorId"], dueAmount=any)
    return {"credit": credit["id"], "bill": bill, "amount": hand.one((None, "0.01"))}


def unapply_credit(hand: Hand) -> Arguments:
    """A use of a credit."""
    credit = hand.record("vendor-credits", usage=any)
    return {"credit": credit["id"], "bill": hand.one(credit["usage"])["billId"]}


def apply_memo(hand: Hand) -> Arguments:
    """A credit memo on an invoice of its customer."""
    memo = hand.record("credit-memos")
    invoice = hand.id("invoices", customerId=memo["customerId"], dueAmount=any)
    return {"memo": memo["id"], "invoice": invoice, "amount": hand.one((None, "0.01"))}


def unapply_memo(hand: Hand) -> Arguments:
    """A use of a credit memo."""
    memo = hand.record("credit-memos", usage=any)
    return {"memo": memo["id"], "invoice": hand.one(memo["usage"])["invoiceId"]}


def create_credit(hand: Hand) -> Arguments:
    """A vendor credit, for the vendor of a bill."""
    vendor = hand.record("bills")["vendorId"]
    return {"vendor": vendor, "amount": hand.one(AMOUNTS)}


def create_memo(hand: Hand) -> Arguments:
    """A credit memo, for the customer of an invoice."""
    customer = hand.record("invoices")["customerId"]
    return {"customer": customer, "amount": hand.one(AMOUNTS)}


def create_bill(hand: Hand) -> Arguments:
    """A bill, some of them drafts or to be approved."""
    return {
        "vendor": hand.id("vendors"),
        "amount": hand.one(AMOUNTS),
        "approval": hand.one(("UNASSIGNED", "ASSIGNED", "APPROVED")),
        "draft": hand.one((False, False, True)),
    }


def create_invoice(hand: Hand) -> Arguments:
    """An invoice, some of them drafts."""
    draft = hand.one((False, False, True))
    return {"customer": hand.id("customers"), "lines": hand.one(PRICES), "draft": draft}


def record_receipt(hand: Hand) -> Arguments:
    """Money for an invoice, at times more than it is about."""
    invoice = hand.record("invoices", dueAmount=any)
    found = {"customer": invoice["customerId"], "invoices": invoice["id"]}
    found["online"] = hand.one((False, True))
    return found | {"amount": invoice["dueAmount"] + hand.one((Decimal(0), Decimal(7)))}


def allocate_receipt(hand: Hand) -> Arguments:
    """A receipt's money for another invoice, or for none."""
    receipt = hand.record("receivable-payments")
    if hand.one((False, True)):
        return {"receipt": receipt["id"], "invoices": {}}
    invoice = hand.id("invoices", customerId=receipt["customerId"], dueAmount=any)
    return {"receipt": receipt["id"], "invoices": {invoice: "0.01"}}


def shelve(hand: Hand) -> Arguments:
    """A record of a list that has an archive."""
    name = hand.one(ARCHIVABLE)
    return {"list_name": name, "row_id": hand.id(name, archived=False)}


def unshelve(hand: Hand) -> Arguments:
    """An archived record."""
    name = hand.one(ARCHIVABLE)
    return {"list_name": name, "row_id": hand.id(name, archived=True)}


def edit(hand: Hand) -> Arguments:
    """A record's text, a document's lines or both."""
    name = hand.one(("bills", "invoices", "vendors", "vendor-credits", "roles"))
    found: Arguments = {"list_name": name, "row_id": hand.id(name)}
    found["set"] = {"description": hand.one(NAMES)}
    if name in {"bills", "invoices", "vendor-credits"} and hand.one((True, False)):
        found["lines"] = hand.one(PRICES if name == "invoices" else LINES)
    return found


def named(hand: Hand) -> Arguments:
    """A name for somebody new."""
    return {"name": hand.one(NAMES)}


def add_code(hand: Hand) -> Arguments:
    """A name for a new class, department, job..."""
    return {"list_name": hand.one(CODES), "name": hand.one(NAMES)}


def rename_code(hand: Hand) -> Arguments:
    """Another name for one there is."""
    name = hand.one(CODES)
    return {"list_name": name, "row_id": hand.id(name), "name": hand.one(NAMES)}


def remove(hand: Hand) -> Arguments:
    """A record of a list from which BILL deletes."""
    name = hand.one(("bill-approval-policies", "card-account-users"))
    rows = hand._books.rows(name)
    return {"list_name": name, "row_id": hand.one([row.id for row in rows])}


def decide_bill(hand: Hand) -> Arguments:
    """A decision on a bill that waits for one, or on any."""
    asked = hand.one((("ASSIGNED", "APPROVING"), ("UNASSIGNED", "ASSIGNED")))
    bill = hand.id("bills", approvalStatus=asked)
    return {"bill": bill, "decision": hand.one(("APPROVED", "DENIED"))}


def _payment(statuses: tuple[str, ...], **words: Sequence[Any]) -> "Arguing":
    return _about("payment", "payments", "singleStatus", statuses, words)


def _receipt(statuses: tuple[str, ...], **words: Sequence[Any]) -> "Arguing":
    return _about("receipt", "receivable-payments", "status", statuses, words)


def _about(
    kind: str,
    name: str,
    field: str,
    statuses: tuple[str, ...],
    words: dict[str, Sequence[Any]],
) -> "Arguing":
    def arguments(hand: Hand) -> Arguments:
        found = {kind: hand.id(name, **{field: statuses})}
        return found | {key: hand.one(choices) for key, choices in words.items()}

    return arguments


Arguing = Callable[[Hand], Arguments]
UNSENT = ("SCHEDULED", "FUNDING_STARTED", "PROCESSED")
SENT = ("SENT", "DELIVERED", "CLEARED", "DISBURSEMENT_FAILED_ACTION_NEEDED")
VOIDS = ("VOID_ONLY", "VOID_AND_REISSUE", "VOID_AND_CREDIT")
EITHER = (False, True)

ACTS: dict[str, Arguing] = {
    "pay_bill": pay_bill,
    "advance_payment": _payment((*UNSENT, *SENT), status=STEPS),
    "void_payment": _payment((*SENT, None), kind=VOIDS, same_payment=EITHER),  # type: ignore[arg-type] # an offline payment has none
    "request_void": _payment(SENT, kind=VOIDS),
    "answer_void": _payment(("VOID_PENDING",), accepted=EITHER),
    "bounce_payment": _payment(SENT),
    "fail_funding": _payment((*UNSENT, *SENT)),
    "cancel_payment": _payment(("SCHEDULED",)),
    "create_bill": create_bill,
    "decide_bill": decide_bill,
    "create_credit": create_credit,
    "apply_credit": apply_credit,
    "unapply_credit": unapply_credit,
    "create_invoice": create_invoice,
    "create_memo": create_memo,
    "apply_memo": apply_memo,
    "unapply_memo": unapply_memo,
    "record_receipt": record_receipt,
    "allocate_receipt": allocate_receipt,
    "advance_receipt": _receipt(("SCHEDULED",), status=("PAID", "ESCHEATED")),
    "cancel_receipt": _receipt(("SCHEDULED",)),
    "void_receipt": _receipt(("PAID",)),
    "archive": shelve,
    "restore": unshelve,
    "edit": edit,
    "create_vendor": named,
    "create_customer": named,
    "add_classification": add_code,
    "rename_classification": rename_code,
    "remove": remove,
}


def perform(server: SandboxServer, deed: Deed) -> bool:
    """Do a deed; tell whether there was something to do it to and BILL let it be."""
    try:
        arguments = ACTS[deed.name](Hand(server.books, deed.dice))
        server.act(deed.name, **arguments)
    except (LookupError, ValueError):
        return False
    return True
