"""What a change concerns is read, also by a later sync than the one that saw it."""

from collections.abc import Callable
from typing import Any

import pytest

from bill_source import Progress
from bill_source.policy import Policy

Make = Callable[..., dict[str, Any]]


TIMES = {"createdTime": "2026-02-01T00:00:00Z", "updatedTime": "2026-02-01T00:00:00Z"}
LATER = {"updatedTime": "2026-03-02T00:00:00Z"}


def test_a_list_refused_meanwhile_follows_once_it_is_open(
    books: Any, bill: Make
) -> None:
    """A payment that changes while bills are forbidden brings its bill later."""
    books.policy = Policy(small_list=0)
    paid = [bill(n, paymentStatus="PAID", paidAmount=5, day=20) for n in range(2)]
    paid[1] |= {"updatedTime": "2026-01-01T00:00:00Z"}
    shares = [{"billId": paid[1]["id"], "amount": 5}]
    payment = {"id": "stp1", "status": "PAID", "billPayments": shares} | TIMES
    books.write("bills", paid)
    books.write("payments", [payment])
    books.load()
    books.write("payments", [payment | {"status": "VOID"} | LATER])
    books.write("bills", [paid[0], paid[1] | {"paidAmount": 0}])
    books.server.faults.forbidden("bills")
    books.load(day=1)
    books.server.faults.clear()
    assert books.load(day=2).tables["bills"].versions_appended == 1


def test_a_parent_stored_before_a_sync_died_is_asked_for(books: Any) -> None:
    """The contacts of a customer that a killed sync had brought already are read."""
    books.policy = Policy(small_list=0, package_rows=1)
    books.write("customers", [{"id": "0cu1"} | TIMES])
    books.write_text("customer-contacts", '{"0cu1": []}')
    books.load()
    books.write("customers", [{"id": "0cu1"} | TIMES, {"id": "0cu2"} | TIMES | LATER])
    books.write_text("customer-contacts", '{"0cu2": [{"id": "xct1"}]}')

    def die(progress: Progress) -> None:
        if progress.table == "bills":  # which are read after the customers
            raise KeyboardInterrupt

    books.write("bills", [{"id": "00n1"} | TIMES])
    with pytest.raises(KeyboardInterrupt):
        books.load(day=1, progress=die)
    assert books.query("select count(*) from raw_bill.customers") == [(2,)]
    books.load(day=2)
    assert books.query("select id from raw_bill.customer_contacts") == [("xct1",)]


def test_a_payment_read_alone_still_concerns_its_bill(books: Any, bill: Make) -> None:
    """A sync of payments only leaves their bills to the next sync of bills, once."""
    books.policy = Policy(small_list=0)
    paid = [bill(n, paymentStatus="PAID", paidAmount=5, day=20) for n in range(4)]
    paid[1]["updatedTime"] = "2026-01-01T00:00:00Z"
    books.write("bills", paid)
    payment = {
        "id": "stp1",
        "status": "PAID",
        "billPayments": [{"billId": paid[1]["id"], "amount": 5}],
        "createdTime": "2026-02-01T00:00:00Z",
        "updatedTime": "2026-02-01T00:00:00Z",
    }
    books.write("payments", [payment])
    books.load()
    later = {"status": "VOID", "updatedTime": "2026-03-02T00:00:00Z"}
    books.write("payments", [payment | later])
    paid[1]["paidAmount"] = 0
    books.write("bills", paid)
    books.load(day=1, entities=["payments"])
    report = books.load(day=2, entities=["bills"])
    assert report.versions_appended == 1
    books.server.measurements.clear()
    books.load(day=3, entities=["bills"])
    assert not [asked for asked in books.asked("/v3/bills") if "id:in" in str(asked)]
