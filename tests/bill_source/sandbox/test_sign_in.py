"""Signing in, sessions and the limits on a developer key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests

from bill_source.sandbox import Switches

LOGIN_FIELDS = ("username", "password", "organizationId", "devKey")


def test_a_sync_token_signs_in_and_reads(bill: Any) -> None:
    """The token's name and value open a session that lists vendors."""
    assert bill.get("vendors", max=1).status_code == 200


def test_a_person_signs_in_and_reads_the_organization(bill: Any) -> None:
    """An administrator's session may read the organization's record."""
    bill.sign_in_as_person()

    answer = bill.get(f"organizations/{bill.server.organization_id}")

    assert answer.json()["id"] == bill.server.organization_id


def test_a_sync_token_may_not_read_the_organization(bill: Any) -> None:
    """The organization's record is for administrators, and a token is none."""
    path = f"organizations/{bill.server.organization_id}"

    assert bill.refusal(path) == (403, None)


def test_a_switch_lets_tokens_read_the_organization(bill: Any) -> None:
    """The unknown right of tokens can be turned."""
    bill.server.switches.organization_by_token = True

    answer = bill.get(f"organizations/{bill.server.organization_id}")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("field", "status", "code"),
    [
        ("password", 401, "BDC_1101"),
        ("username", 401, "BDC_1101"),
        ("devKey", 401, "BDC_1102"),
        ("organizationId", 400, "BDC_1123"),
    ],
)
def test_each_wrong_credential_has_its_code(
    bill: Any, field: str, status: int, code: str
) -> None:
    """A refused login says which part was wrong, as far as BILL tells."""
    answer = bill.sign_in(**{field: "wrong"})

    assert (answer.status_code, answer.json()[0]["code"]) == (status, code)


@pytest.mark.parametrize("field", LOGIN_FIELDS)
def test_a_missing_login_field_is_named(bill: Any, field: str) -> None:
    """A login body without a field is refused with the field's name."""
    answer = bill.sign_in(**{field: None})

    assert answer.status_code == 400
    assert answer.json()[0]["message"].startswith(field)


def test_a_body_that_is_not_json_is_refused(bill: Any) -> None:
    """Broken JSON is BDC_1122, not a server error."""
    answer = requests.post(f"{bill.server.api_url}/v3/login", data="{", timeout=9)

    assert (answer.status_code, answer.json()[0]["code"]) == (400, "BDC_1122")


def test_too_many_wrong_passwords_lock_the_organization(bill: Any) -> None:
    """After ten failures even the right password meets 423, for ten minutes."""
    for _ in range(10):
        bill.sign_in(password="wrong")

    assert bill.sign_in().json()[0]["code"] == "BDC_1107"
    bill.server.clock.advance(timedelta(minutes=11))
    assert bill.sign_in().status_code == 200


def test_an_unknown_session_is_invalid(bill: Any) -> None:
    """A session id nobody issued is 401 BDC_1109."""
    bill.session["sessionId"] = "made up"

    assert bill.refusal("vendors") == (401, "BDC_1109")


def test_a_session_without_its_key_is_refused(bill: Any) -> None:
    """Every call needs the developer key besides the session."""
    del bill.session["devKey"]

    assert bill.refusal("vendors") == (401, "BDC_1102")


def test_logout_ends_the_session(bill: Any) -> None:
    """After logout the session is invalid at once."""
    url = f"{bill.server.api_url}/v3/logout"
    answer = requests.post(url, headers=bill.session, timeout=9)

    assert (answer.status_code, answer.content) == (200, b"")
    assert bill.refusal("vendors") == (401, "BDC_1109")


def test_the_session_tells_who_is_signed_in(bill: Any) -> None:
    """The session call names the organization and a user that exists."""
    session = bill.get("login/session").json()

    assert session["organizationId"] == bill.server.organization_id
    assert bill.get(f"users/{session['userId']}").status_code == 200


def test_a_persons_session_dies_after_35_idle_minutes(bill: Any) -> None:
    """Activity slides the end; 35 silent minutes end a session."""
    bill.sign_in_as_person()
    for _ in range(3):
        bill.server.clock.advance(timedelta(minutes=34))
        assert bill.get("vendors", max=1).status_code == 200

    bill.server.clock.advance(timedelta(minutes=35))

    assert bill.refusal("vendors") == (401, "BDC_1109")


def test_a_tokens_session_lives_48_idle_hours(bill: Any) -> None:
    """A token's session survives a day and ends after two."""
    bill.server.clock.advance(timedelta(hours=47))
    assert bill.get("vendors", max=1).status_code == 200

    bill.server.clock.advance(timedelta(hours=48))

    assert bill.refusal("vendors") == (401, "BDC_1109")


def test_the_hourly_limit_renews_with_the_clocks_hour(bill: Any) -> None:
    """Calls beyond the quota are BDC_1144 until the next full hour."""
    bill.server.switches.hourly_requests = 3
    bill.get("vendors", max=1)
    bill.get("vendors", max=1)

    assert bill.refusal("vendors") == (422, "BDC_1144")
    bill.server.clock.advance(timedelta(minutes=30))
    assert bill.get("vendors", max=1).status_code == 200


def test_logins_have_an_hourly_limit_of_their_own(bill: Any) -> None:
    """The 201st login of an hour is refused, reads go on."""
    bill.server.switches.hourly_logins = 2
    bill.sign_in()

    assert bill.sign_in().json()[0]["code"] == "BDC_1144"
    assert bill.get("vendors", max=1).status_code == 200


def test_a_fourth_call_at_once_is_refused(bill: Any) -> None:
    """Three calls in flight are served, more are BDC_1322."""
    bill.server.faults.slow(0.2)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: bill.get("vendors", max=1), range(6)))

    refused = [one.json()[0]["code"] for one in answers if one.status_code == 422]
    assert refused
    assert set(refused) == {"BDC_1322"}
    assert sum(one.status_code == 200 for one in answers) == 3
    assert bill.server.measurements.max_concurrent > 3


def test_the_status_of_limits_is_switchable(start: Any) -> None:
    """A client that looks at the status alone is found out."""
    caller = start(switches=Switches(limit_status=429, hourly_requests=1))

    assert caller.refusal("vendors") == (429, "BDC_1144")


def test_health_needs_no_session(bill: Any) -> None:
    """Anybody may ask whether BILL is up."""
    answer = requests.get(f"{bill.server.api_url}/v3/health", timeout=9)

    assert "appVersion" in answer.json()


def test_secrets_stay_out_of_measurements_and_state(bill: Any) -> None:
    """What tests and control calls can see holds no password, key or session."""
    bill.get("vendors", max=1)
    seen = f"{bill.server.measurements}{bill.server.state()}"

    for secret in (
        bill.server.token_password,
        bill.server.dev_key,
        bill.session["sessionId"],
    ):
        assert secret not in seen
