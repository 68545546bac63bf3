"""Acts by hand: any life of any record, its derived amounts, what BILL refuses."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests

from bill_source.sandbox import SandboxServer, Switches

TODAY = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
Amounts = tuple[str, str, str, str, str]
Record = dict[str, Any]


class Desk:
    """Acts in one sandbox and looks at the records afterwards."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        self.vendor = self.act("create_vendor", name="Quillon Works")["id"]
        self.customer = self.act("create_customer", name="Tern & Daughters")["id"]

    def act(self, name: str, /, **arguments: Any) -> Record:
        """Do one act."""
        return self.server.act(name, **arguments)

    def bill(self, amount: str = "100.00", **more: Any) -> str:
        """Enter a bill and return its id."""
        made = self.act("create_bill", vendor=self.vendor, amount=amount, **more)
        return str(made["id"])

    def invoice(self, amount: str = "100.00") -> str:
        """Enter an invoice and return its id."""
        made = self.act("create_invoice", customer=self.customer, amount=amount)
        return str(made["id"])

    def see(self, name: str, row_id: str) -> Record:
        """Return a record as it is now."""
        return self.server.books.row(name, row_id).body

    def bill_amounts(self, row_id: str) -> Amounts:
        """Return what is paid, scheduled, credited, due of a bill, and its status."""
        row = self.see("bills", row_id)
        keys = ("paidAmount", "scheduledAmount", "creditAmount", "dueAmount")
        paid, scheduled, credit, due = (str(row[key]) for key in keys)
        return paid, scheduled, credit, due, row["paymentStatus"]

    def invoice_amounts(self, row_id: str) -> tuple[str, str, str]:
        """Return what is coming and due of an invoice, and its status."""
        row = self.see("invoices", row_id)
        return str(row["scheduledAmount"]), str(row["dueAmount"]), row["status"]


@pytest.fixture(scope="module")
def server() -> SandboxServer:
    """A small company for the module; every test acts on records of its own."""
    return SandboxServer(months=1, today=TODAY)


@pytest.fixture
def desk(server: SandboxServer) -> Desk:
    """Acts in the module's company, with the switches as they were first."""
    server.switches.__dict__.update(Switches().__dict__)
    return Desk(server)


def advance_to(desk: Desk, payment: str, status: str) -> None:
    """Let the bank bring a payment to a status."""
    desk.act("advance_payment", payment=payment, status=status)


def cleared(desk: Desk, bill: Any, **more: Any) -> str:
    """Pay something and let the payment clear at once."""
    payment = str(desk.act("pay_bill", bills=bill, **more)["id"])
    advance_to(desk, payment, "CLEARED")
    return payment


def test_a_payment_goes_its_way_by_the_clock(desk: Desk) -> None:
    """Scheduled, funded on its process date, processed, sent, cleared."""
    bill = desk.bill()
    payment = desk.act("pay_bill", bills=bill, method="ACH")
    seen = [payment["singleStatus"]]
    for _ in range(9):
        desk.server.advance_days(1)
        row = desk.see("payments", payment["id"])
        if row["singleStatus"] != seen[-1]:
            seen.append(row["singleStatus"])
        today = desk.server.clock.now().date().isoformat()
        assert (row["singleStatus"] != "SCHEDULED") is (today >= row["processDate"])
    assert seen == ["SCHEDULED", "FUNDING_STARTED", "PROCESSED", "SENT", "CLEARED"]
    assert desk.bill_amounts(bill) == ("100.00", "0.00", "0.00", "0.00", "PAID")


def test_a_partial_payment_leaves_the_rest_due(desk: Desk) -> None:
    """Scheduled first, then paid; the bill says both."""
    bill = desk.bill()
    payment = desk.act("pay_bill", bills={bill: "40"})["id"]
    before = desk.bill_amounts(bill)
    advance_to(desk, payment, "CLEARED")

    assert before == ("0.00", "40.00", "0.00", "60.00", "SCHEDULED")
    assert desk.bill_amounts(bill) == (
        "40.00",
        "0.00",
        "0.00",
        "60.00",
        "PARTIALLY_PAID",
    )


def test_one_payment_covers_several_bills(desk: Desk) -> None:
    """Each bill has its share; the payment names no single bill."""
    bills = [desk.bill("70"), desk.bill("30.05")]
    payment = desk.act("pay_bill", bills=bills, online=False)

    assert (payment["amount"], payment["status"]) == (Decimal("100.05"), "PAID")
    assert "billId" not in payment
    assert "singleStatus" not in payment
    assert {desk.bill_amounts(bill)[4] for bill in bills} == {"PAID"}


def test_a_cancelled_payment_never_happened(desk: Desk) -> None:
    """Its bill is unpaid again; what is on its way cannot be cancelled."""
    bill = desk.bill()
    payment = desk.act("pay_bill", bills=bill)["id"]
    row = desk.act("cancel_payment", payment=payment)

    assert (row["singleStatus"], row["status"]) == ("CANCELED", "CANCELLED")
    assert desk.bill_amounts(bill)[4] == "UNPAID"
    other = cleared(desk, bill)
    with pytest.raises(ValueError, match="is CLEARED; this takes SCHEDULED"):
        desk.act("cancel_payment", payment=other)


@pytest.mark.parametrize("kind", ["VOID_ONLY", "VOID_AND_CREDIT"])
def test_a_void_opens_the_bill_and_gives_credits_back(desk: Desk, kind: str) -> None:
    """Both kinds leave the bill unpaid and the credit unused; the request is kept."""
    bill = desk.bill()
    credit = desk.act("create_credit", vendor=desk.vendor, amount=25)["id"]
    payment = cleared(desk, bill, credits={credit: 25})
    assert desk.bill_amounts(bill) == ("75.00", "0.00", "25.00", "0.00", "PAID")
    assert desk.see("vendor-credits", credit)["status"] == "FULLY_APPLIED"

    row = desk.act("void_payment", payment=payment, kind=kind)

    assert (row["singleStatus"], row["status"]) == ("VOIDED", "VOID")
    assert [(one["type"], one["status"]) for one in row["voidInfo"]] == [
        (kind, "ACCEPTED")
    ]
    assert row["billPayments"][0]["billId"] == bill
    assert desk.bill_amounts(bill)[3:] == ("100.00", "UNPAID")
    assert desk.see("vendor-credits", credit)["status"] == "NOT_APPLIED"


def test_a_rejected_void_lets_the_payment_stand(desk: Desk) -> None:
    """It returns to the status it had, and what was planned goes on."""
    bill = desk.bill()
    payment = desk.act("pay_bill", bills=bill, method="ACH")["id"]
    advance_to(desk, payment, "SENT")
    desk.act("request_void", payment=payment, kind="VOID_AND_CREDIT")
    pending = desk.see("payments", payment)["singleStatus"]
    desk.server.advance_days(8)
    still = desk.see("payments", payment)["singleStatus"]
    row = desk.act("answer_void", payment=payment, accepted=False)

    assert (pending, still, row["singleStatus"]) == (
        "VOID_PENDING",
        "VOID_PENDING",
        "SENT",
    )
    assert row["voidInfo"][0]["status"] == "REJECTED"
    desk.server.advance_days(1)
    assert desk.see("payments", payment)["singleStatus"] == "CLEARED"


def test_a_reissue_is_a_new_payment_over_the_same_bills(desk: Desk) -> None:
    """The old one is void, the bill stays paid by the new one, which clears."""
    bill = desk.bill()
    payment = cleared(desk, bill)
    desk.act("void_payment", payment=payment, kind="VOID_AND_REISSUE")
    new = desk.server.books.linked("payments", bill)[-1]

    assert new != payment
    assert desk.see("payments", payment)["singleStatus"] == "VOIDED"
    assert desk.see("payments", new)["singleStatus"] == "SENT"
    assert desk.bill_amounts(bill)[3:] == ("0.00", "IN_PROCESS")
    desk.server.advance_days(10)
    assert desk.see("payments", new)["singleStatus"] == "CLEARED"


def test_a_reissue_may_stay_the_same_payment(desk: Desk) -> None:
    """BILL does not say which; then it is sent once more."""
    bill = desk.bill()
    payment = cleared(desk, bill)
    row = desk.act(
        "void_payment", payment=payment, kind="VOID_AND_REISSUE", same_payment=True
    )

    assert row["singleStatus"] == "SENT"
    assert desk.server.books.linked("payments", bill) == [payment]
    desk.server.advance_days(10)
    assert desk.see("payments", payment)["singleStatus"] == "CLEARED"


def test_a_cleared_payment_may_bounce(desk: Desk) -> None:
    """It came back after clearing; only the void opens the bill."""
    bill = desk.bill()
    payment = cleared(desk, bill, method="ACH")
    row = desk.act("bounce_payment", payment=payment)

    assert row["singleStatus"] == "DISBURSEMENT_FAILED_ACTION_NEEDED"
    assert desk.bill_amounts(bill)[4] == "PAID"
    desk.act("void_payment", payment=payment)
    assert desk.bill_amounts(bill)[4] == "UNPAID"


def test_funding_fails_before_or_after_sending(desk: Desk) -> None:
    """Unsent it is void and the bill unpaid; sent, the vendor has been paid."""
    early, late = desk.bill(), desk.bill()
    unsent = desk.act("pay_bill", bills=early)["id"]
    sent = cleared(desk, late)

    first = desk.act("fail_funding", payment=unsent)["singleStatus"]
    second = desk.act("fail_funding", payment=sent)["singleStatus"]

    assert first == "FUNDING_FAILED_VOIDED"
    assert second == "FUNDING_FAILED_ACTION_NEEDED"
    assert (desk.bill_amounts(early)[4], desk.bill_amounts(late)[4]) == (
        "UNPAID",
        "PAID",
    )


def test_an_offline_payment_can_be_void(desk: Desk) -> None:
    """It has a coarse status only; the bill is open again, its credit given back."""
    bill = desk.bill()
    credit = desk.act("create_credit", vendor=desk.vendor, amount=25)["id"]
    payment = desk.act("pay_bill", bills=bill, online=False, credits={credit: 25})
    used = desk.see("vendor-credits", credit)["appliedAmount"]
    row = desk.act("void_payment", payment=payment["id"])

    assert (row["status"], used) == ("VOID", 25)
    assert desk.bill_amounts(bill)[3:] == ("100.00", "UNPAID")
    assert desk.see("vendor-credits", credit)["appliedAmount"] == 0


@pytest.mark.parametrize("moves", [False, True])
def test_a_switch_says_whether_payments_move_their_bill(
    desk: Desk, *, moves: bool
) -> None:
    """The bill's amounts change in any case, its updatedTime only if switched."""
    if moves:
        desk.server.turn({"payment_touches_bill": "always"})
    bill = desk.bill()
    before = desk.see("bills", bill)["updatedTime"]
    desk.server.advance_seconds(60)
    desk.act("pay_bill", bills=bill, online=False)

    assert desk.bill_amounts(bill)[4] == "PAID"
    assert (desk.see("bills", bill)["updatedTime"] > before) is moves


def test_a_vendor_credit_is_applied_and_taken_back(desk: Desk) -> None:
    """Without a payment; both sides show it, and both forget it."""
    bill = desk.bill()
    credit = desk.act("create_credit", vendor=desk.vendor, amount="130")["id"]
    used = desk.act("apply_credit", credit=credit, bill=bill)

    assert used["usage"] == [{"billId": bill, "amount": Decimal("100.00")}]
    assert used["status"] == "PARTIALLY_APPLIED"
    assert desk.bill_amounts(bill) == ("0.00", "0.00", "100.00", "0.00", "PAID")
    back = desk.act("unapply_credit", credit=credit, bill=bill)
    assert (back["usage"], back["status"]) == ([], "NOT_APPLIED")
    assert desk.bill_amounts(bill)[4] == "UNPAID"


def test_a_credit_memo_is_applied_and_taken_back(desk: Desk) -> None:
    """A part of it settles a part of the invoice, and opens it again."""
    invoice = desk.invoice()
    memo = desk.act("create_memo", customer=desk.customer, amount=80)["id"]
    desk.act("apply_memo", memo=memo, invoice=invoice, amount="30")
    between = desk.invoice_amounts(invoice)
    row = desk.act("unapply_memo", memo=memo, invoice=invoice)

    assert between == ("0.00", "70.00", "PARTIAL_PAYMENT")
    assert desk.invoice_amounts(invoice) == ("0.00", "100.00", "OPEN")
    assert row["appliedAmount"] == 0


def test_a_receipt_pays_invoices_and_keeps_the_rest(desk: Desk) -> None:
    """One in full, one in part, and an overpayment stays unapplied."""
    first, second = desk.invoice(), desk.invoice("50")
    receipt = desk.act(
        "record_receipt",
        customer=desk.customer,
        invoices={first: None, second: "20"},
        amount="150",
    )

    assert (receipt["status"], receipt["unappliedAmount"]) == ("PAID", Decimal("30.00"))
    assert desk.invoice_amounts(first) == ("0.00", "0.00", "PAID_IN_FULL")
    assert desk.invoice_amounts(second) == ("0.00", "30.00", "PARTIAL_PAYMENT")
    paid = desk.see("invoices", second)["payments"]
    assert [(one["id"], one["amount"]) for one in paid] == [(receipt["id"], 20)]


def test_a_receipt_can_be_re_arranged_and_void(desk: Desk) -> None:
    """The total stays; money leaves one invoice for another, then both are open."""
    first, second = desk.invoice(), desk.invoice()
    receipt = desk.act("record_receipt", customer=desk.customer, invoices=first)["id"]
    row = desk.act("allocate_receipt", receipt=receipt, invoices={second: "90"})

    assert (row["amount"], row["unappliedAmount"]) == (100, 10)
    assert desk.invoice_amounts(first)[2] == "OPEN"
    assert desk.invoice_amounts(second) == ("0.00", "10.00", "PARTIAL_PAYMENT")
    desk.act("void_receipt", receipt=receipt)
    assert desk.invoice_amounts(second) == ("0.00", "100.00", "OPEN")


def test_an_online_receipt_is_paid_by_the_clock_or_cancelled(desk: Desk) -> None:
    """Scheduled until its day; until then it can be cancelled."""
    first, second = desk.invoice(), desk.invoice()
    both = [
        desk.act("record_receipt", customer=desk.customer, invoices=one, online=True)
        for one in (first, second)
    ]
    assert desk.invoice_amounts(first) == ("100.00", "0.00", "SCHEDULED")
    desk.act("cancel_receipt", receipt=both[1]["id"])
    desk.server.advance_days(5)

    assert desk.invoice_amounts(first)[2] == "PAID_IN_FULL"
    assert desk.invoice_amounts(second)[2] == "OPEN"


@pytest.mark.parametrize("survive", [False, True])
def test_saving_a_document_gives_its_lines_new_ids(
    desk: Desk, *, survive: bool
) -> None:
    """Unless the switch says they survive; the amounts follow the lines."""
    desk.server.turn({"line_ids_survive": str(survive)})
    bill = desk.bill()
    before = [line["id"] for line in desk.see("bills", bill)["billLineItems"]]
    row = desk.act(
        "edit",
        list_name="bills",
        row_id=bill,
        set={"dueDate": "2026-12-01"},
        lines=[{"amount": "60.25"}, {"amount": "9"}],
    )

    after = [line["id"] for line in row["billLineItems"]]
    assert (after[:1] == before) is survive
    assert (row["amount"], row["dueDate"]) == (Decimal("69.25"), "2026-12-01")
    assert desk.bill_amounts(bill)[3] == "69.25"


def test_credits_and_invoices_are_edited_too(desk: Desk) -> None:
    """Their totals follow the lines; less than what is used already is refused."""
    invoice = desk.invoice()
    memo = desk.act("create_memo", customer=desk.customer, amount=10)["id"]
    desk.act("apply_memo", memo=memo, invoice=invoice)
    priced = [{"price": "12.50", "quantity": 2}]
    for name, row_id, key in (
        ("invoices", invoice, "totalAmount"),
        ("credit-memos", memo, "amount"),
    ):
        row = desk.act("edit", list_name=name, row_id=row_id, lines=priced)
        assert row[key] == 25
        with pytest.raises(ValueError, match="is less"):
            desk.act("edit", list_name=name, row_id=row_id, lines=[{"price": 9}])


def test_archive_and_restore_are_idempotent(desk: Desk) -> None:
    """Once more changes nothing; a bill partly paid is not archived at all."""
    bill = desk.bill()
    first = desk.act("archive", list_name="bills", row_id=bill)
    desk.server.advance_seconds(60)
    again = desk.act("archive", list_name="bills", row_id=bill)
    back = desk.act("restore", list_name="bills", row_id=bill)

    assert (first["recordStatus"], first == again) == ("INACTIVE", True)
    assert (back["archived"], back["recordStatus"]) == (False, "ACTIVE")
    assert back["updatedTime"] > again["updatedTime"]
    desk.act("pay_bill", bills={bill: 1}, online=False)
    with pytest.raises(ValueError, match="only unpaid bills"):
        desk.act("archive", list_name="bills", row_id=bill)


def test_a_classification_is_added_renamed_archived(desk: Desk) -> None:
    """Its id stays through all of it."""
    made = desk.act("add_classification", list_name="departments", name="Kiln")["id"]
    named = desk.act(
        "rename_classification", list_name="departments", row_id=made, name="Oven"
    )
    gone = desk.act("archive", list_name="departments", row_id=made)

    assert (named["id"], named["name"]) == (made, "Oven")
    assert gone["archived"]


def test_a_removed_record_vanishes_and_nothing_refers_to_it(desk: Desk) -> None:
    """Its bill is computed without it; what others point to is refused."""
    bill = desk.bill()
    payment = desk.act("pay_bill", bills=bill, online=False)["id"]
    with pytest.raises(ValueError, match="has payments: remove those first"):
        desk.act("remove", list_name="bills", row_id=bill)
    desk.act("remove", list_name="payments", row_id=payment)

    assert desk.server.books.find("payments", payment) is None
    assert desk.bill_amounts(bill)[4] == "UNPAID"
    desk.act("remove", list_name="bills", row_id=bill)
    desk.server.advance_days(1)
    assert desk.server.books.find("bills", bill) is None


def test_the_company_goes_on_without_what_was_taken(desk: Desk) -> None:
    """Of its own open bills one is removed, one edited: it works on neither."""
    books = desk.server.books
    untouched = [
        one
        for one in books.plans.open_bills
        if not books.linked("payments", one) and not books.linked("credits", one)
    ]
    removed, edited = untouched[:2]
    desk.act("remove", list_name="bills", row_id=removed)
    desk.act("edit", list_name="bills", row_id=edited, set={"description": "mine"})
    desk.server.advance_days(3)

    assert not {removed, edited} & {*books.plans.open_bills}
    assert desk.see("bills", edited)["description"] == "mine"


def test_the_company_leaves_alone_what_was_made_by_hand(desk: Desk) -> None:
    """Weeks later nobody has paid, edited, credited or archived it."""
    bill, invoice = desk.bill(), desk.invoice()
    before = [dict(desk.see("bills", bill)), dict(desk.see("invoices", invoice))]
    desk.server.advance_days(45)

    assert [desk.see("bills", bill), desk.see("invoices", invoice)] == before
    assert desk.server.books.linked("bills", desk.vendor) == [bill]


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("pay_everything", {}, "unknown act pay_everything: one of create_vendor"),
        ("create_bill", {"vendor": "x", "colour": 1}, "it takes vendor, amount, lines"),
        ("create_bill", {"vendor": "x", "amount": 1}, "there is no 'x' in vendors"),
        ("create_vendor", {"name": "A", "currency": "XXX"}, "none of USD, EUR"),
        ("archive", {"list_name": "zebras", "row_id": "x"}, "'zebras' is no list"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(
    desk: Desk, name: str, arguments: Record, sentence: str
) -> None:
    """Unknown acts, arguments, records and words are refused, and say what there is."""
    with pytest.raises(ValueError, match=sentence):
        desk.act(name, **arguments)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("100.01", "100.01 is more than the 100.00 that is left"),
        ("0", "0.00 is not above zero"),
        ("1.005", "not in whole cents"),
        ("much", "no amount of money"),
    ],
)
def test_an_impossible_amount_is_refused(
    desk: Desk, amount: str, sentence: str
) -> None:
    """BILL pays whole cents, at least one, at most what is due."""
    bill = desk.bill()
    with pytest.raises(ValueError, match=sentence):
        desk.act("pay_bill", bills={bill: amount})
    assert desk.bill_amounts(bill)[4] == "UNPAID"


def test_acts_are_called_over_http(desk: Desk) -> None:
    """POST act names the act; the record comes back, a mistake is 400."""
    desk.server.start()
    try:
        url = f"{desk.server.control_url}act"
        body = {"act": "create_bill", "vendor": desk.vendor, "amount": 12.34}
        made = requests.post(url, json=body, timeout=9)
        wrong = requests.post(url, json={"act": "create_bill"}, timeout=9)
    finally:
        desk.server.stop()

    assert (made.status_code, made.json()["amount"]) == (200, 12.34)
    assert wrong.status_code == 400
    assert "missing a required argument: 'vendor'" in wrong.json()["error"]
