"""Switches of late days: lists that lag, approvers on request, sessions that tire."""

from datetime import timedelta
from typing import Any

import pytest

from bill_source.sandbox import Switches


@pytest.fixture
def lagging(bill: Any) -> Any:
    """A company whose changes show ten seconds late."""
    bill.server.switches.visibility_lag = 10
    bill.get("login/session")
    return bill


def texts(caller: Any, row_id: str) -> tuple[Any, Any]:
    """Return a bill's description by id and in the list."""
    single = caller.get(f"bills/{row_id}").json()
    listed = caller.get("bills", filters=f"id:eq:{row_id}").json()["results"][0]
    assert single == listed
    return single.get("description"), single["updatedTime"]


def test_a_change_shows_after_the_lag_and_tells_when_it_happened(lagging: Any) -> None:
    """Lists and records keep the old state; updatedTime is the moment of change."""
    server = lagging.server
    row_id = server.books.rows("bills")[0].id
    before = texts(lagging, row_id)
    changed_at = server.clock.now()
    server.change("bills", row_id, {"description": "late"}, touch=True)
    assert texts(lagging, row_id) == before
    server.advance_seconds(4.9)
    assert texts(lagging, row_id) == before

    server.advance_seconds(5.1)

    text, updated = texts(lagging, row_id)
    assert text == "late"
    assert updated.startswith(changed_at.isoformat(timespec="milliseconds")[:23])


def test_filters_and_order_follow_what_is_shown(lagging: Any) -> None:
    """A late row is missed by a cursor that has moved past its updatedTime."""
    server = lagging.server
    one, other = [row.id for row in server.books.rows("bills")[:2]]
    server.switches.visibility_order = "kept"
    server.change("bills", one, {"description": "first"}, touch=True)
    server.advance_seconds(10)
    since = f'updatedTime:gte:"{server.clock.now().isoformat()}"'
    server.change("bills", other, {"description": "second"}, touch=True)

    assert lagging.ids("bills", filters=since) == []
    newest = lagging.get("bills", sort="updatedTime:desc", max=1).json()["results"]
    assert newest[0]["id"] == one
    server.advance_seconds(10)
    assert lagging.ids("bills", filters=since) == [other]


def test_lags_are_shuffled_unless_switched(lagging: Any) -> None:
    """A later change may show before an earlier one; never later than the lag."""
    server = lagging.server
    rows = [row.id for row in server.books.rows("bills")[:30]]
    for row_id in rows:
        server.change("bills", row_id, {"description": "moved"}, touch=True)
        server.advance_seconds(0.01)
    filters = f'id:in:"{",".join(rows)}"'

    server.advance_seconds(7)
    some = lagging.get("bills", filters=filters, max=100).json()["results"]
    shown = [row["id"] for row in some if row.get("description") == "moved"]
    server.advance_seconds(3)
    everything = lagging.get("bills", filters=filters, max=100).json()["results"]

    assert 0 < len(shown) < len(rows)
    assert set(shown) != set(rows[: len(shown)])
    assert all(row["description"] == "moved" for row in everything)


def test_a_new_record_is_unknown_until_it_shows(lagging: Any) -> None:
    """Neither listed nor found by id; what follows from it lags as well."""
    server = lagging.server
    made = server.books.add("roles", {"type": "CUSTOM"}, server.clock.now())
    assert lagging.refusal(f"roles/{made.id}") == (404, "BDC_1205")
    assert made.id not in lagging.ids("roles")

    server.advance_seconds(10)

    assert lagging.get(f"roles/{made.id}").status_code == 200
    assert made.id in lagging.ids("roles")


def test_a_removed_record_is_seen_until_the_lag_is_over(lagging: Any) -> None:
    """Deletions lag like other changes."""
    server = lagging.server
    file = server.books.rows("vendor-attachments")[0].id
    server.books.remove("vendor-attachments", file)
    assert lagging.get(f"attachments/{file}").status_code == 200

    server.advance_seconds(10)

    assert lagging.refusal(f"attachments/{file}") == (404, "BDC_1205")


def test_two_changes_show_one_after_the_other(lagging: Any) -> None:
    """Between the two lags the first state is what readers see."""
    server = lagging.server
    server.switches.visibility_order = "kept"
    row_id = server.books.rows("bills")[0].id
    server.change("bills", row_id, {"description": "one"}, touch=True)
    server.advance_seconds(6)
    server.change("bills", row_id, {"description": "two"}, touch=True)
    server.advance_seconds(4)
    assert texts(lagging, row_id)[0] == "one"

    server.advance_seconds(6)

    assert texts(lagging, row_id)[0] == "two"


def test_a_lived_day_is_visible_when_it_shows(start: Any) -> None:
    """Days lie further back than any lag, so that nothing of them is missing."""
    late = start(switches=Switches(visibility_lag=2)).server
    plain = start().server
    for server in (late, plain):
        server.advance_days(2)

    for name in ("bills", "payments", "vendors"):
        seen = {row.id: row.body for row in late._store.rows(name)}
        assert seen == {row.id: row.body for row in plain.books.rows(name)}


def test_without_a_lag_changes_show_at_once(bill: Any) -> None:
    """The switch is off by default, and turning it off lets waiting changes arrive."""
    server = bill.server
    row_id = server.books.rows("bills")[0].id
    server.change("bills", row_id, {"description": "now"}, touch=True)
    assert texts(bill, row_id)[0] == "now"
    server.turn({"visibility_lag": "5"})
    bill.get("login/session")
    server.change("bills", row_id, {"description": "later"}, touch=True)
    assert texts(bill, row_id)[0] == "now"
    server.turn({"visibility_lag": "0"})
    server.clock.advance(timedelta(seconds=5))

    assert texts(bill, row_id)[0] == "later"


def approved(caller: Any) -> str:
    """Return the path of a bill that has approvers."""
    rows = caller.server.books.rows("bills")
    return f"bills/{next(row.id for row in rows if row.body.get('approvers'))}"


def test_approvers_may_need_to_be_asked_for(bill: Any) -> None:
    """Under the switch they come with billApprovals=true only; else that is unknown."""
    path = approved(bill)
    assert bill.get(path).json()["approvers"]
    assert bill.refusal(path, billApprovals="true") == (400, "BDC_1129")

    bill.server.turn({"approvers_in_lists": "flag"})

    assert "approvers" not in bill.get(path).json()
    assert bill.get(path, billApprovals="true").json()["approvers"]
    listed = bill.get("bills", max=100, billApprovals="true").json()["results"]
    assert any("approvers" in row for row in listed)
    listed = bill.get("bills", max=100).json()["results"]
    assert not any("approvers" in row for row in listed)


def test_a_session_may_end_after_so_many_calls(bill: Any) -> None:
    """The switch lets a session make that many calls, then a login is due."""
    bill.server.turn({"session_calls": "3"})
    bill.sign_in()
    statuses = [bill.get("roles").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 401]

    bill.sign_in()

    assert bill.get("roles").status_code == 200


def test_measurements_count_by_the_hour_and_by_the_organization(bill: Any) -> None:
    """Hours are the clock's; Spend & Expense has no share in the key's requests."""
    server = bill.server
    hour = server.clock.now().replace(minute=0, second=0, microsecond=0)
    server.measurements.clear()
    bill.sign_in(password="wrong")
    bill.get("roles")
    bill.spend("users")
    server.advance_seconds(3600)
    bill.get("roles")

    seen = server.measurements
    assert seen.requests == 4
    assert seen.requests_by_hour == {hour: 2, hour + timedelta(hours=1): 1}
    assert {at: count for at, count in seen.logins_by_hour.items() if count} == {
        hour: 1
    }
    assert seen.max_concurrent_by == {server.organization_id: 1, "spend": 1}
