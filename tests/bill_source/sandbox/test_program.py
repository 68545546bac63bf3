"""``python -m bill_source.sandbox`` as another program meets it."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from bill_source.sandbox import Switches
from bill_source.sandbox.__main__ import instant, main
from bill_source.sandbox.answers import timestamp
from bill_source.sandbox.clock import Clock

PLACE = {"api_url", "organization_id", "token_name", "token_password", "dev_key"}


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run the program and yield it with the line it printed."""
    command = [sys.executable, "-m", "bill_source.sandbox", "--months", "1", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield program, json.loads(program.stdout.readline())
        finally:
            program.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_cleanly(number: signal.Signals) -> None:
    """One JSON line tells how to sign in; a signal ends it with status 0."""
    with running() as (program, place):
        assert set(place) == PLACE
        body = {
            "username": place["token_name"],
            "password": place["token_password"],
            "organizationId": place["organization_id"],
            "devKey": place["dev_key"],
        }
        login = requests.post(f"{place['api_url']}/v3/login", json=body, timeout=9)
        assert login.status_code == 200
        program.send_signal(number)

        assert program.wait(timeout=9) == 0


@pytest.mark.slow
def test_faults_are_armed_from_the_command_line() -> None:
    """The first login meets the lock that was asked for."""
    with running("--fault", "locked=1") as (_, place):
        url = f"{place['api_url']}/v3/login"
        body = dict.fromkeys(("username", "password", "organizationId", "devKey"), "x")

        assert requests.post(url, json=body, timeout=9).status_code == 423
        assert requests.post(url, json=body, timeout=9).status_code == 401


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, and stderr says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        status = main(["--months", "1", "--port", port])

    said = capsys.readouterr()
    assert status == 1
    assert said.out == ""
    assert port in said.err
    assert "--port" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data", "/nowhere/at/all"],
        ["--fault", "meteor"],
        ["--fault", "slow"],
        ["--today", "soon"],
        ["--switch", "colour=red"],
        ["--switch", "paging"],
    ],
)
def test_wrong_arguments_are_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Exit 2 before anything listens, with a sentence on stderr."""
    status = main(["--months", "1", *arguments])

    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert said.err.startswith("sandbox: ")


def test_an_instant_without_a_zone_is_utc() -> None:
    """``--today`` is read as UTC unless it says otherwise."""
    assert instant("2026-05-01") == datetime(2026, 5, 1, tzinfo=UTC)
    assert instant("2026-05-01T02:00+02:00") == datetime(2026, 5, 1, tzinfo=UTC)


def test_a_ticking_clock_follows_real_time() -> None:
    """As a program the sandbox's time goes on; in tests it stands."""
    start = datetime(2026, 5, 1, tzinfo=UTC)
    ticking, standing = Clock(start, ticking=True), Clock(start)
    time.sleep(0.02)

    assert ticking.now() > start
    assert standing.now() == start


def test_a_ticking_company_lives_when_midnight_passes(
    start: Any, tmp_path: Path
) -> None:
    """A request after midnight finds the day before lived through."""
    assert tmp_path.exists()
    eve = datetime(2026, 6, 16, 23, 59, 59, 900_000, tzinfo=UTC)
    caller = start(ticking=True, today=eve, months=1)
    before = caller.server.books.version("bills")
    time.sleep(0.3)

    caller.get("bills", max=1)

    assert caller.server.books.version("bills") > before
    assert str(caller.server.books.lived_until) == "2026-06-16"


@pytest.mark.parametrize(
    ("zone", "precision", "text"),
    [
        ("+00:00", "ms", "2026-05-01T08:09:10.123+00:00"),
        ("Z", "ms", "2026-05-01T08:09:10.123Z"),
        ("+0000", "s", "2026-05-01T08:09:10+0000"),
    ],
)
def test_timestamps_are_written_as_switched(
    zone: Any, precision: Any, text: str
) -> None:
    """All three spellings BILL's documents show can be served."""
    moment = datetime(2026, 5, 1, 8, 9, 10, 123_456, tzinfo=UTC)
    switches = Switches(timestamp_zone=zone, timestamp_precision=precision)

    assert timestamp(moment, switches) == text


@pytest.mark.parametrize(
    ("settings", "name", "value"),
    [
        ({"paging": "keyset"}, "paging", "keyset"),
        ({"repeated_token": "true"}, "repeated_token", True),
        ({"hourly_requests": "none"}, "hourly_requests", None),
        ({"page_life": "30"}, "page_life", 30.0),
        ({"limit_status": "429"}, "limit_status", 429),
    ],
)
def test_switches_are_read_from_text(
    settings: dict[str, str], name: str, value: Any
) -> None:
    """Each kind of switch can be set on the command line."""
    assert getattr(Switches.parse(settings), name) == value


def shown(caller: Any, name: str, **wanted: Any) -> dict[str, Any]:
    """Return the first record of a list that has these values."""
    for row in caller.server.books.rows(name):
        if all(row.body.get(key) == value for key, value in wanted.items()):
            return dict(caller.get(f"{name}/{row.id}").json())
    raise AssertionError(wanted)


def test_empty_fields_may_be_null(start: Any) -> None:
    """A field without a value is left out, or null when switched."""
    caller = start()
    assert "rppsId" not in shown(caller, "vendors")

    caller.server.switches.empty_fields = "null"

    assert shown(caller, "vendors")["rppsId"] is None


def test_unknown_values_and_missing_approvers_can_be_served(start: Any) -> None:
    """A client must survive a status nobody has heard of."""
    caller = start()
    caller.server.switches.unknown_values = True
    caller.server.switches.approvers_in_lists = False

    payment = shown(caller, "payments", singleStatus="CLEARED")
    assert payment["singleStatus"] not in {"CLEARED", "SENT"}
    assert "approvers" not in shown(caller, "bills", approvalStatus="APPROVED")


def test_payment_shares_may_include_credits(start: Any) -> None:
    """Gross shares add the credits used; the payment's own amount stays."""
    caller = start(months=12)
    with_credit = next(
        row
        for row in caller.server.books.rows("payments")
        if any("vendorCredits" in part for part in row.body["billPayments"])
    )
    net = caller.get(f"payments/{with_credit.id}").json()
    caller.server.switches.payment_amounts = "gross"
    gross = caller.get(f"payments/{with_credit.id}").json()

    assert gross["amount"] == net["amount"]
    assert sum(one["amount"] for one in gross["billPayments"]) > net["amount"]
