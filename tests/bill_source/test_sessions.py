"""A session is kept from run to run, privately, and renewed when BILL ended it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bill_source import BillAuthError, BillCredentials, check_connection
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE
from bill_source.sandbox import SandboxServer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VENDORS = BY_TABLE["vendors"]


def read(client: BillClient) -> int:
    """Read a list of three pages; tell how many rows came."""
    return sum(len(page.records) for page in client.pages(VENDORS, size=40))


@pytest.fixture
def run(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> Callable[..., int]:
    """One run that reads vendors some time after noon; tells how often it logged in."""
    last = [timedelta(0)]

    def once(*, after: timedelta = timedelta(0), **changes: Any) -> int:
        sandbox.advance_seconds((after - last[0]).total_seconds())
        last[0] = after
        used = replace(credentials, **changes)
        shared = tmp_path / "shared"
        with BillClient(used, shared=shared, clock=lambda: NOON + after) as client:
            assert read(client) == 109
            return client.logins

    return once


def statuses(sandbox: SandboxServer) -> list[int]:
    """How BILL answered, request by request."""
    return [call.status for call in sandbox.measurements.log]


def session_file(tmp_path: Path) -> Path:
    """The only kept session."""
    (found,) = (tmp_path / "shared").glob("session-*")
    return found


def test_the_next_run_does_not_log_in(
    run: Callable[..., int], sandbox: SandboxServer
) -> None:
    """Runs an hour apart use one session; nothing is refused on the way."""
    assert [run(after=timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    assert sandbox.measurements.logins == 1
    assert set(statuses(sandbox)) == {200}


def test_without_a_folder_nothing_is_kept(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """Each client logs in, and leaves no file behind."""
    for _ in range(2):
        with BillClient(credentials) as client:
            read(client)
    assert sandbox.measurements.logins == 2
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_read_the_session(
    run: Callable[..., int], credentials: BillCredentials, tmp_path: Path
) -> None:
    """Folder and file are private; the file holds neither password nor key."""
    run()
    file = session_file(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    text = file.read_text() + file.name
    assert not any(secret in text for secret in credentials.secrets)


@pytest.mark.parametrize(
    ("kind", "idle"),
    [("token", timedelta(hours=48)), ("user", timedelta(minutes=35))],
)
def test_an_idle_session_is_not_even_tried(
    run: Callable[..., int], sandbox: SandboxServer, kind: str, idle: timedelta
) -> None:
    """A session that has idled its life away is replaced without a refused call."""
    names = {"token_name": sandbox.username, "token_password": sandbox.password}
    who = {"kind": kind} | (names if kind == "user" else {})
    assert run(**who) == 1
    used = idle - timedelta(minutes=5)
    assert run(after=used, **who) == 0, "still alive, and used again"
    assert run(after=used * 2, **who) == 0
    assert run(after=used * 2 + idle, **who) == 1
    assert set(statuses(sandbox)) == {200}


def test_use_is_noted_while_a_run_lasts(
    credentials: BillCredentials, tmp_path: Path
) -> None:
    """A killed run's session counts as used until its last minute."""
    now = [NOON]
    client = BillClient(credentials, shared=tmp_path / "shared", clock=lambda: now[0])
    read(client)
    now[0] += timedelta(minutes=20)
    read(client)
    used_at = datetime.fromtimestamp(session_file(tmp_path).stat().st_mtime, UTC)
    client.close()
    assert used_at == now[0]


def test_a_session_bill_has_ended_is_replaced(
    run: Callable[..., int], sandbox: SandboxServer
) -> None:
    """A kept session that is refused costs one call and one login, and no rows."""
    run()
    sandbox.faults.expire_session()
    assert run() == 1
    assert statuses(sandbox).count(401) == 1
    assert run() == 0


def test_another_process_may_have_renewed_it(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """Of two clients whose session ends, one logs in and the other takes that one."""
    with (
        BillClient(credentials, shared=tmp_path) as first,
        BillClient(credentials, shared=tmp_path) as second,
    ):
        read(first)
        read(second)
        sandbox.faults.expire_session()
        read(first)
        read(second)
        assert (first.logins, second.logins) == (2, 0)


def test_a_taken_session_that_is_dead_too_is_renewed(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """Only a session of our own making that is refused at once ends the run."""
    with (
        BillClient(credentials, shared=tmp_path) as first,
        BillClient(credentials, shared=tmp_path) as second,
    ):
        read(first)
        read(second)
        sandbox.faults.expire_session()
        read(first)
        sandbox.faults.expire_session()
        assert read(second) == 109
        assert second.logins == 1


@pytest.mark.parametrize("part", ["token_name", "token_password", "dev_key"])
def test_a_changed_credential_does_not_meet_the_old_session(
    run: Callable[..., int], sandbox: SandboxServer, part: str
) -> None:
    """With another password or key one has to log in, however alive the session is."""
    run()
    with pytest.raises(BillAuthError):
        run(**{part: "changed"})
    assert sandbox.measurements.log[-1].path == "/v3/login"
    assert run() == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": 3}', '{"id": ""}', "\udcff"])
def test_a_damaged_file_is_ignored(
    run: Callable[..., int], tmp_path: Path, text: str
) -> None:
    """A file that is no session any more costs one login and is replaced."""
    run()
    session_file(tmp_path).write_bytes(text.encode(errors="surrogateescape"))
    assert run() == 1
    assert run() == 0


def test_old_sessions_are_swept_away(run: Callable[..., int], tmp_path: Path) -> None:
    """A session nobody can use any more does not stay on the disk."""
    run()
    old = session_file(tmp_path).rename(tmp_path / "shared" / "session-of-another.json")
    run(after=timedelta(hours=47))
    assert old.exists()
    run(after=timedelta(hours=97))
    assert not old.exists()


def test_a_check_logs_in_anew(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """Connecting proves the credential itself, and leaves its session to the sync."""
    for _ in range(2):
        check_connection(credentials, tmp_path)
    assert sandbox.measurements.logins == 2
    with BillClient(credentials, shared=tmp_path) as client:
        read(client)
        assert client.logins == 0


def test_a_session_ended_too_often_ends_the_run(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """Something that ends our session again and again is an error, not a storm."""
    with BillClient(credentials) as client:
        for _ in range(9):
            sandbox.faults.expire_session()
            read(client)
        sandbox.faults.expire_session()
        with pytest.raises(Exception, match="10 times in one run"):
            read(client)
        assert client.logins == 10
