"""One session, three calls at a time, and patience with what passes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bill_source import (
    BillForbiddenError,
    BillLimitError,
    BillLockedError,
    BillResponseError,
    BillSessionError,
    BillUnavailableError,
)
from bill_source.answers import decode
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE
from bill_source.patience import backoff

BILLS = BY_TABLE["bills"]
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def client(books: Any, bill: Make) -> Iterator[BillClient]:
    """A client of a BILL with 250 bills, that does not really wait."""
    books.write("bills", [bill(number, day=number % 28 + 1) for number in range(250)])
    waits: list[float] = []
    with BillClient(books.credentials, wait=waits.append, wait_for_hour=False) as found:
        found.waits = waits  # type: ignore[attr-defined]
        yield found


def ids(client: BillClient, **options: str) -> list[str]:
    """Ids of all bills, as listed."""
    pages = client.pages(BILLS, **({"sort": "createdTime:asc"} | options))
    return [decode(record)["id"] for page in pages for record in page.records]


def test_a_list_is_read_to_its_end(client: BillClient, books: Any) -> None:
    """Every page is asked for, 100 rows each, with one login."""
    assert len(set(ids(client))) == len(ids(client)) == 250
    assert {query["max"] for query in books.asked("/v3/bills")} == {"100"}
    assert books.server.measurements.logins == 1
    assert client.calls == books.server.measurements.requests


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("server_error", {"times": 2}),
        ("server_error", {"times": 2, "status": 502, "html": True}),
        ("cut_off", {"times": 2}),
        ("invalid_json", {"times": 2}),
        ("concurrency", {"times": 2}),
        ("bad_page_token", {"times": 1}),
        ("expire_session", {"after_requests": 1}),
    ],
)
def test_passing_faults_are_outlived(
    client: BillClient, books: Any, fault: str, options: dict[str, Any]
) -> None:
    """After a fault that passes, every row is still there."""
    books.server.faults.arm_with(fault, **options)
    assert len(set(ids(client))) == 250


def test_waits_grow(client: BillClient, books: Any) -> None:
    """BILL gets twice the time after each failure, up to the last attempt."""
    books.server.faults.server_error(times=100)
    with pytest.raises(BillUnavailableError, match="in 7 attempts") as caught:
        ids(client)
    assert caught.value.retryable
    assert len(client.waits) == 6  # type: ignore[attr-defined]
    assert all(0.25 * 2**n <= backoff(n) <= 0.5 * 2**n for n in range(6))


def test_an_ended_session_is_renewed_once(client: BillClient, books: Any) -> None:
    """A session that ends between two pages costs one login and no rows."""
    books.server.faults.expire_session(after_requests=1)
    assert len(set(ids(client))) == 250
    assert client.logins == 2


def test_a_session_that_dies_at_once_stops_the_run(
    client: BillClient, books: Any
) -> None:
    """The same request refused with two sessions in a row is not tried with a third."""
    books.server.faults.expire_session()
    books.server.faults.expire_session()
    with pytest.raises(BillSessionError):
        ids(client)
    assert client.logins == 2


def test_the_hourly_limit_stops_all_calls(client: BillClient, books: Any) -> None:
    """After BDC_1144 no further call is made, by any thread of the run."""
    books.server.faults.hourly_limit(after_requests=2)
    with pytest.raises(BillLimitError, match="BDC_1144"):
        ids(client)
    calls = client.calls
    with pytest.raises(BillLimitError):
        ids(client)
    assert client.calls == calls


def test_a_lock_stops_the_run(client: BillClient, books: Any) -> None:
    """A locked organization is not asked again, least of all to log in."""
    books.server.faults.locked()
    with pytest.raises(BillLockedError, match="15 minutes"):
        ids(client)
    assert (client.calls, client.logins) == (1, 1)


def test_a_repeated_page_token_is_an_error(
    make_books: Callable[..., Any], bill: Make
) -> None:
    """A list that would never end is given up with the reason."""
    books = make_books(repeated_token=True)
    books.write("bills", [bill(number) for number in range(250)])
    with (
        BillClient(books.credentials) as client,
        pytest.raises(BillResponseError, match="same page token twice"),
    ):
        ids(client)


def test_a_record_is_read_by_its_id(client: BillClient) -> None:
    """A known id gives its record, an unknown one nothing."""
    text = client.record(BILLS, "00n02TESTBILLXX00007")
    assert text is not None
    assert decode(text)["invoice"]["invoiceNumber"] == "N-7"
    assert client.record(BILLS, "00n02TESTBILLXX99999") is None


def test_a_forbidden_list_is_told_apart(client: BillClient, books: Any) -> None:
    """A 403 is no reason to log in again or to repeat."""
    books.server.faults.forbidden("bills")
    with pytest.raises(BillForbiddenError):
        ids(client)
    assert client.logins == 1


def test_nobody_listening_is_unavailable(books: Any) -> None:
    """An address that does not answer is an error worth repeating later."""
    address = "http://127.0.0.1:9/connect"
    credentials = replace(books.credentials, api_url=address)
    with (
        BillClient(credentials, attempts=2, wait=lambda _: None) as client,
        pytest.raises(BillUnavailableError) as caught,
    ):
        ids(client)
    assert caught.value.retryable


def test_three_calls_at_once_at_most(books: Any, bill: Make) -> None:
    """However many lists there are, BILL never sees a fourth call."""
    books.write("bills", [bill(number) for number in range(150)])
    books.server.faults.slow(0.02)
    report = books.load()
    assert books.server.measurements.max_concurrent == 3
    assert report.logins == 1
