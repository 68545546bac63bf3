"""A list that BILL keeps back, or that suddenly lacks its rows, loses us nothing.

Here belongs: how each such answer is told, in the report and in raw_bill.list_states,
and how it ends. Not here: what the ledger makes of it.
"""

from collections.abc import Callable
from typing import Any

import pytest

from bill_source.policy import Policy

Make = Callable[..., dict[str, Any]]
INCREMENTAL = Policy(small_list=0)
STATES = "select entity, state, rows_held, _version from raw_bill.list_states"
HELD = "select count(*), count(*) filter (_deleted) from raw_bill."


@pytest.fixture(params=[Policy(), INCREMENTAL], ids=["whole", "by cursor"])
def full(request: pytest.FixtureRequest, books: Any, bill: Make) -> Any:
    """A loaded list of bills, read whole or by its cursor."""
    books.policy = request.param
    books.write("bills", [bill(number, day=number % 28 + 1) for number in range(12)])
    books.load(entities=["bills"])
    return books


def told(report: Any) -> str:
    """The warnings about bills."""
    return " ".join(text for text in report.warnings if text.startswith("bills: "))


def test_an_emptied_list_is_told_until_it_is_full_again(full: Any, bill: Make) -> None:
    """Rows stay, each load warns, one row is noted; the rows' return closes it."""
    full.write("bills", [])
    for day in (1, 2):
        report = full.load(day=day, entities=["bills"])
        assert report.tables["bills"].state == "empty"
        assert "lists no rows" in told(report)
        assert "12 rows loaded before stay" in told(report)
    assert full.query(STATES) == [("bills", "empty", 12, 1)]
    full.write("bills", [bill(number, day=number % 28 + 1) for number in range(12)])
    report = full.load(day=3, entities=["bills"])
    assert (report.tables["bills"].state, told(report)) == ("listed", "")
    assert full.query(f"{STATES} order by _version")[1:] == [("bills", "listed", 12, 2)]
    assert full.query(f"{HELD}bills") == [(12, 0)]


def test_a_forbidden_list_is_told_until_it_is_open_again(full: Any) -> None:
    """Rows stay, each load warns, one row is noted; the next good answer closes it."""
    full.server.faults.forbidden("bills")
    for day in (1, 2):
        report = full.load(day=day, entities=["bills"])
        assert report.tables["bills"].state == "forbidden"
        assert "12 rows loaded before stay" in told(report)
    assert full.query(STATES) == [("bills", "forbidden", 12, 1)]
    full.server.faults.clear()
    report = full.load(day=3, entities=["bills"])
    assert (report.tables["bills"].state, told(report)) == ("listed", "")
    assert full.query(f"{STATES} order by _version")[1:] == [("bills", "listed", 12, 2)]
    assert full.query(f"{HELD}bills") == [(12, 0)]


def test_a_refusal_nobody_knows_keeps_one_list_back(full: Any) -> None:
    """A list that is a bad request, however plainly asked for, is only a warning."""
    full.write("vendors", [{"id": "0091", "name": "A"}])
    full.server.faults.server_error(1000, status=400, html=True, entity="bills")
    report = full.load(day=1, entities=["bills", "vendors"])
    assert report.tables["bills"].state == "forbidden"
    assert "HTTP 400" in told(report)
    assert report.tables["vendors"].versions_appended == 1
    full.server.faults.clear()
    assert full.load(day=2, entities=["bills"]).tables["bills"].state == "listed"


def test_an_emptied_list_may_be_accepted(full: Any, bill: Make) -> None:
    """Rows stay and no load warns any more, until the list is full again."""
    full.write("bills", [])
    full.load(day=1, entities=["bills"])
    for day, accepted in ((2, ["bills"]), (3, [])):
        report = full.load(day=day, entities=["bills"], accept_empty=accepted)
        assert report.tables["bills"].state == "accepted_empty"
        assert told(report) == ""
    full.write("bills", [bill(number, day=number % 28 + 1) for number in range(12)])
    full.load(day=4, entities=["bills"])
    states = full.query("select state from raw_bill.list_states order by _version")
    assert states == [("empty",), ("accepted_empty",), ("listed",)]
    assert full.query(f"{HELD}bills") == [(12, 0)]


def test_rows_of_a_vanishing_list_are_deleted_when_that_is_accepted(books: Any) -> None:
    """Policies are removed for good; till then their rows stay as they are."""
    policies = [{"id": f"pol{number}", "status": "ACTIVE"} for number in range(3)]
    books.write("bill-approval-policies", policies)
    books.load(entities=["bill_approval_policies"])
    books.write("bill-approval-policies", [])
    report = books.load(day=1, entities=["bill_approval_policies"])
    assert report.tables["bill_approval_policies"].state == "empty"
    assert books.query(f"{HELD}bill_approval_policies") == [(3, 0)]
    accepted = ["bill_approval_policies"]
    books.load(day=2, entities=accepted, accept_empty=accepted)
    assert books.query(f"{HELD}bill_approval_policies") == [(6, 3)]


@pytest.mark.parametrize(("left", "is_doubted"), [(35, False), (34, True), (0, True)])
def test_a_list_may_shrink_a_little(
    books: Any,
    bill: Make,
    monkeypatch: pytest.MonkeyPatch,
    left: int,
    *,
    is_doubted: bool,
) -> None:
    """Beyond a number of rows their lack is a fault, and none is asked for by id."""
    monkeypatch.setattr("bill_source.listing.MOST_MISSING", 5)
    rows = [bill(number) for number in range(40)]
    books.write("bills", rows)
    books.load(entities=["bills"])
    books.write("bills", rows[:left])
    report = books.load(day=1, entities=["bills"]).tables["bills"]
    assert report.state == ("empty" if is_doubted else "listed")
    assert report.missing == (0 if is_doubted else 40 - left)
    assert books.query(f"{HELD}bills") == [(40, 0)]


@pytest.mark.parametrize(("left", "is_doubted"), [(72, False), (71, True)])
def test_a_long_list_may_lack_a_tenth(
    books: Any,
    monkeypatch: pytest.MonkeyPatch,
    left: int,
    *,
    is_doubted: bool,
) -> None:
    """Of a list that loses rows for good, a tenth may be gone, and more are kept."""
    monkeypatch.setattr("bill_source.listing.MOST_MISSING", 5)
    rows = [{"id": f"pol{number}", "status": "ACTIVE"} for number in range(80)]
    books.write("bill-approval-policies", rows)
    books.load(entities=["bill_approval_policies"])
    books.write("bill-approval-policies", rows[:left])
    books.load(day=1, entities=["bill_approval_policies"])
    gone = 0 if is_doubted else 80 - left
    found = books.query(f"{HELD}bill_approval_policies")
    assert found == [(80 + gone, gone)]


def test_what_is_still_there_by_its_id_is_not_gone(make_books: Any) -> None:
    """A row that a whole list leaves out, but BILL has, is neither missing nor lost."""
    books = make_books(archived_in_lists="exclude")
    rows = [{"id": f"vcr{n}", "amount": 5, "archived": False} for n in range(3)]
    books.write("vendor-credits", rows)
    books.load(entities=["vendor_credits"])
    rows[0]["archived"] = True
    books.write("vendor-credits", rows[:2])
    found = books.load(day=1, entities=["vendor_credits"]).tables["vendor_credits"]
    assert (found.versions_appended, found.missing) == (1, 1)
    archived = "select id from raw_bill.vendor_credits where archived"
    assert books.query(archived) == [("vcr0",)]


def test_a_list_whose_only_row_was_archived_lacks_nothing(
    make_books: Callable[..., Any],
) -> None:
    """Where BILL leaves archived rows out of lists, the row is asked for by its id."""
    books = make_books(archived_in_lists="exclude")
    memo = {"id": "xcm1", "archived": False, "status": "FULLY_APPLIED"}
    books.write("credit-memos", [memo])
    books.load(entities=["credit_memos"])
    books.write("credit-memos", [memo | {"archived": True}])
    report = books.load(day=1, entities=["credit_memos"])
    assert report.tables["credit_memos"].state == "listed"
    assert books.query(f"{HELD}credit_memos where archived") == [(1, 0)]
