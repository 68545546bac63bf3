"""What goes wrong on request, by method, over the control calls, and by switch."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from bill_source.sandbox import FAULT_NAMES, Faults, Switches


def test_a_session_ends_after_so_many_reads(bill: Any) -> None:
    """Two reads pass, the third meets BDC_1109, and signing in again helps."""
    bill.server.faults.expire_session(after_requests=2)

    assert bill.get("vendors").status_code == 200
    assert bill.get("vendors").status_code == 200
    assert bill.refusal("vendors") == (401, "BDC_1109")
    bill.sign_in()
    assert bill.get("vendors").status_code == 200


@pytest.mark.parametrize("status", [500, 502])
def test_a_server_error_strikes_so_many_times(bill: Any, status: int) -> None:
    """Two HTML errors, then all is well."""
    bill.server.faults.server_error(times=2, status=status, html=True)

    for _ in range(2):
        answer = bill.get("vendors")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html"
    assert bill.get("vendors").status_code == 200


def test_a_fault_can_wait_for_one_list(bill: Any) -> None:
    """A fault for bills leaves vendors alone."""
    bill.server.faults.server_error(entity="bills")

    assert bill.get("vendors").status_code == 200
    assert bill.get("bills").status_code == 500


def test_a_body_is_cut_off(bill: Any) -> None:
    """The connection closes in the middle of a promised body."""
    bill.server.faults.cut_off()

    with pytest.raises(
        (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)
    ):
        bill.get("vendors")
    assert bill.get("vendors").status_code == 200


def test_a_body_is_not_json(bill: Any) -> None:
    """A 200 can carry half a document."""
    bill.server.faults.invalid_json()

    with pytest.raises(requests.exceptions.JSONDecodeError):
        bill.get("vendors").json()


def test_an_answer_is_slow(bill: Any) -> None:
    """The answer takes as long as asked."""
    bill.server.faults.slow(0.3, times=1)

    assert bill.get("vendors").elapsed > timedelta(seconds=0.3)
    assert bill.get("vendors").elapsed < timedelta(seconds=0.3)


def test_the_hourly_limit_holds_until_the_next_hour(bill: Any) -> None:
    """Reads and logins are refused alike until the clock strikes."""
    bill.server.faults.hourly_limit(after_requests=1)
    bill.get("vendors")

    assert bill.refusal("vendors") == (422, "BDC_1144")
    assert bill.sign_in().json()[0]["code"] == "BDC_1144"
    bill.server.clock.advance(timedelta(hours=1))
    assert bill.get("vendors").status_code == 200


def test_a_lock_meets_logins_too(bill: Any) -> None:
    """423 BDC_1107 for everything until cleared."""
    bill.server.faults.locked()

    assert bill.refusal("vendors") == (423, "BDC_1107")
    assert bill.sign_in().status_code == 423
    bill.server.faults.clear()
    assert bill.sign_in().status_code == 200


def test_a_good_page_token_is_refused_once(bill: Any) -> None:
    """The page token fails once; first pages are not met."""
    bill.server.faults.bad_page_token()
    token = bill.get("vendors", sort="name").json()["nextPage"]

    assert bill.refusal("vendors", page=token) == (400, "BDC_1129")
    assert bill.get("vendors", page=token).status_code == 200


def test_one_list_is_forbidden(bill: Any) -> None:
    """403 for users, everything else is readable."""
    bill.server.faults.forbidden("users")

    assert bill.refusal("users") == (403, None)
    assert bill.get("roles").status_code == 200


def test_crowding_can_be_pretended(bill: Any) -> None:
    """BDC_1322 although one call was in flight."""
    bill.server.faults.concurrency()

    assert bill.refusal("vendors") == (422, "BDC_1322")


def test_a_server_goes_down_and_comes_back_on_its_port(start: Any) -> None:
    """After one more read nobody listens; clearing brings the same port back."""
    caller = start()
    caller.server.faults.down(after_requests=1)
    assert caller.get("vendors").status_code == 200

    for _ in range(2):
        with pytest.raises(requests.exceptions.ConnectionError):
            caller.get("vendors")
    caller.server.faults.clear()

    assert caller.get("vendors").status_code == 200


@pytest.mark.parametrize("shape", ["object", "html"])
def test_refusals_come_in_other_shapes(start: Any, shape: str) -> None:
    """A client that expects arrays only is found out."""
    caller = start(switches=Switches(error_shape=shape))
    answer = caller.get("nothing")

    assert answer.status_code == 404
    if shape == "object":
        assert set(answer.json()) == {"message"}
    else:
        assert answer.text.startswith("<html>")


def test_refusals_have_bills_array_shape(bill: Any) -> None:
    """Time, code, severity, category, message and the parameter at fault."""
    (problem,) = bill.get("bills", max=0).json()

    assert problem["timestamp"].endswith("+00:00")
    assert problem["severity"] == "ERROR"
    assert problem["category"] == "REQUEST"
    assert problem["params"] == [{"name": "max", "value": "0", "additional": {}}]


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_every_fault_can_be_armed_by_text(name: str) -> None:
    """The command line and the control calls reach all faults."""
    faults = Faults()
    faults.arm(name, {"slow": "0.1", "forbidden": "bills"}.get(name, "2"))

    assert [fault.name for fault in faults.armed] == [name]


@pytest.mark.parametrize(
    ("name", "text"), [("meteor", ""), ("slow", ""), ("cut_off", "x")]
)
def test_a_wrong_fault_is_refused(name: str, text: str) -> None:
    """Unknown names and bad arguments are errors, not silence."""
    with pytest.raises(ValueError, match=r"."):
        Faults().arm(name, text or None)


def call(bill: Any, method: str, name: str, body: Any = None) -> requests.Response:
    """Make one control call."""
    url = f"{bill.server.control_url}{name}"
    return requests.request(method, url, json=body, timeout=9)


def test_control_calls_arm_and_clear_faults(bill: Any) -> None:
    """Another process can arm by name, argument or keywords, and disarm."""
    call(bill, "POST", "faults", {"name": "server_error", "times": 1, "html": True})
    assert bill.get("vendors").headers["content-type"] == "text/html"
    call(bill, "POST", "faults", {"name": "forbidden", "argument": "bills"})
    assert bill.refusal("bills") == (403, None)

    state = call(bill, "DELETE", "faults").json()

    assert state["faults"] == []
    assert bill.get("bills").status_code == 200


def test_control_calls_move_time_and_books(bill: Any) -> None:
    """A day brings new bills; seconds move the clock only."""
    before = len(bill.server.books.rows("bills"))
    call(bill, "POST", "advance", {"seconds": 60})
    assert len(bill.server.books.rows("bills")) == before

    state = call(bill, "POST", "advance", {"days": 1}).json()

    assert state["now"] == "2026-06-18T10:31:00.000+00:00"
    assert len(bill.server.books.rows("bills")) > before


def test_control_calls_change_a_record(bill: Any) -> None:
    """An edit shows at once and moves updatedTime to the clock's now."""
    row_id = bill.server.books.rows("bills")[0].id
    change = {"entity": "bills", "id": row_id, "set": {"description": "New"}}

    call(bill, "POST", "change", change)

    shown = bill.get(f"bills/{row_id}").json()
    assert shown["description"] == "New"
    assert shown["updatedTime"] == "2026-06-17T10:30:00.000+00:00"


def test_control_calls_turn_switches_and_reset(bill: Any) -> None:
    """Reset undoes switches, faults, counts and lived days."""
    call(bill, "POST", "switches", {"archived_in_lists": "exclude"})
    call(bill, "POST", "advance", {"days": 3})
    assert bill.server.switches.archived_in_lists == "exclude"

    state = call(bill, "POST", "reset").json()

    assert state["switches"]["archived_in_lists"] == "include"
    assert state["now"] == "2026-06-17T10:30:00.000+00:00"
    assert state["requests"] == 0


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("advance", {"days": -1}, 400),
        ("faults", {"name": "meteor"}, 400),
        ("faults", {}, 400),
        ("switches", {"colour": "red"}, 400),
        ("switches", {"limit_status": "many"}, 400),
        ("change", {"entity": "bills", "id": "nobody", "set": {}}, 400),
        ("explode", {}, 404),
    ],
)
def test_wrong_control_calls_are_refused(
    bill: Any, name: str, body: Any, status: int
) -> None:
    """A mistake in a test is told, not swallowed."""
    answer = call(bill, "POST", name, body)

    assert answer.status_code == status
    assert answer.json()["error"]
