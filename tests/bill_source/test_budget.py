"""The hourly budget of a key is one for all who use it, and never overdrawn."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bill_source import (
    BillCredentials,
    BillLimitError,
    BillLockedError,
    BillSettingsError,
    BillUnavailableError,
)
from bill_source.allowance import Allowance
from bill_source.budget import SPEND_CALLS_A_MINUTE, Budget
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE
from bill_source.sandbox import SandboxServer
from bill_source.terms import Terms

CREDENTIALS = BillCredentials("008", "name", "password", "key")
VENDORS = BY_TABLE["vendors"]
HALF_PAST = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
ONE_O_CLOCK = datetime(2026, 3, 2, 13, tzinfo=UTC)


@dataclass
class Time:
    """A clock that waiting moves, ours and BILL's together unless BILL's stands."""

    now: datetime = HALF_PAST
    server: Any = None
    waits: list[float] = field(default_factory=list)
    told: list[tuple[datetime, str]] = field(default_factory=list)

    def read(self) -> datetime:
        """Return the time."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)
        if self.server is not None:
            self.server.advance_seconds(seconds)

    def tell(self, until: datetime, why: str) -> None:
        """Note what was announced."""
        self.told.append((until, why))


@dataclass
class Bill:
    """A BILL with three pages of vendors, and what opens it."""

    server: SandboxServer
    credentials: BillCredentials


def client_at(clock: Time, bill: Bill, **options: Any) -> BillClient:
    """A client that lives in this time."""
    return BillClient(
        bill.credentials,
        clock=clock.read,
        wait=clock.wait,
        waiting=clock.tell,
        **options,
    )


def ids(client: BillClient) -> set[bytes]:
    """All vendors, as listed, 40 a page."""
    pages = client.pages(VENDORS, sort="createdTime:asc", size=40)
    return {record for page in pages for record in page.records}


@pytest.fixture
def noon(sandbox: SandboxServer, credentials: BillCredentials) -> Bill:
    """The generated company."""
    return Bill(sandbox, credentials)


def test_many_that_open_a_new_file_at_once_take_turns(tmp_path: Path) -> None:
    """A night starts the loads of all connections at once, the first night too."""
    together = threading.Barrier(8)

    def open_and_close(folder: Path) -> None:
        together.wait()
        Budget(folder, "key").close()

    with ThreadPoolExecutor(8) as pool:
        for night in range(120):
            list(pool.map(open_and_close, [tmp_path / str(night)] * 8))


def test_two_connections_share_one_hour(tmp_path: Path) -> None:
    """However many count at once, the limit is reached and never passed."""
    budgets = [Budget(tmp_path, "key", {"requests": 50}) for _ in range(3)]
    taken = []

    def take(budget: Budget) -> None:
        while budget.take("requests") is None:
            taken.append(budget)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take, budgets * 2))
    for budget in budgets:
        budget.close()
    assert len(taken) == 50


@pytest.mark.slow
def test_two_processes_share_one_hour(tmp_path: Path) -> None:
    """Processes that start at the same moment together take what there is."""
    code = (
        "import sys; from pathlib import Path; from bill_source.budget import Budget;"
        "b = Budget(Path(sys.argv[1]), 'key', {'requests': 300}); n = 0\n"
        "while b.take('requests') is None: n += 1\n"
        "print(n)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "shared")],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(3)
    ]
    assert sum(int(process.communicate()[0]) for process in running) == 300


def test_each_hour_and_each_key_has_its_own_count(tmp_path: Path) -> None:
    """A full hour, and another key, start from zero; logins have their own limit."""
    clock = Time()
    limits = {"requests": 2, "logins": 1}
    budget = Budget(tmp_path, "key", limits, clock=clock.read)
    assert budget.take("requests", "logins") is None
    assert budget.take("requests", "logins") == ("logins", ONE_O_CLOCK, False)
    assert budget.take("requests") is None, "the refused login took no request"
    assert budget.take("requests") == ("requests", ONE_O_CLOCK, False)
    other = Budget(tmp_path, "another", limits, clock=clock.read)
    assert other.take("requests") is None
    clock.wait(1800)
    assert budget.take("requests") is None
    budget.close()
    other.close()


def test_counts_outlive_the_client(noon: Bill, tmp_path: Path) -> None:
    """What one run has asked counts in the next; nothing is counted without a call."""
    for _ in range(2):
        with BillClient(noon.credentials, shared=tmp_path) as client:
            ids(client)
    budget = Budget(tmp_path, noon.credentials.dev_key, {"requests": 20})
    left = 0
    promised = budget.left("requests")
    while budget.take("requests") is None:
        left += 1
    assert (promised, budget.left("requests")) == (left, 0)
    budget.close()
    assert 20 - left == noon.server.measurements.requests


def test_many_clients_keep_both_limits(noon: Bill, tmp_path: Path) -> None:
    """Three connections with three threads each: 40 requests, three at a time."""
    noon.server.faults.slow(0.002)
    clients = [
        BillClient(
            noon.credentials,
            shared=tmp_path,
            hourly_requests=40,
            wait_for_hour=False,
        )
        for _ in range(3)
    ]

    def read(client: BillClient) -> None:
        while True:
            ids(client)

    def read_on(client: BillClient) -> None:
        with pytest.raises(BillLimitError, match="our own count"):
            read(client)

    with ThreadPoolExecutor(9) as pool:
        list(pool.map(read_on, clients * 3))
    for client in clients:
        client.close()
    seen = noon.server.measurements
    assert (seen.requests, seen.max_concurrent) == (40, 3)


def test_the_next_hour_is_waited_for(noon: Bill, tmp_path: Path) -> None:
    """At BILL's limit the client waits for the full hour, says so once, and goes on."""
    clock = Time(server=noon.server)
    noon.server.advance_seconds(1800)
    noon.server.faults.hourly_limit(after_requests=2)
    with client_at(clock, noon, shared=tmp_path) as client:
        assert len(ids(client)) == 109
    assert clock.told == [(ONE_O_CLOCK, "BILL's hourly limit of requests")]
    assert len(clock.waits) == 1
    assert 1802 <= clock.waits[0] <= 1810
    assert noon.server.measurements.requests == 5


def test_a_wait_is_announced_once() -> None:
    """However many threads wait for the same hour, it is told once; the next anew."""
    clock = Time()
    terms = Terms(clock=clock.read, waiting=clock.tell)
    allowance = Allowance(CREDENTIALS, terms, clock.waits.append)
    for until in (ONE_O_CLOCK, ONE_O_CLOCK, ONE_O_CLOCK + timedelta(hours=1)):
        allowance.sit_out(BillLimitError("No.", until=until), 0)
    assert len(clock.waits) == 3
    assert [until.hour for until, _ in clock.told] == [13, 14]
    allowance.close()


def test_our_own_count_waits_before_bill_refuses(noon: Bill, tmp_path: Path) -> None:
    """At our own limit the hour is waited for without a refused call."""
    clock = Time()
    options = {"shared": tmp_path, "hourly_requests": 2}
    with client_at(clock, noon, **options) as client:
        assert len(ids(client)) == 109
    assert clock.told == [(ONE_O_CLOCK, "BILL's hourly limit of requests")]
    assert {call.status for call in noon.server.measurements.log} == {200}


def test_an_hour_that_never_comes_is_given_up(noon: Bill) -> None:
    """With BILL's clock standing still three hours are waited for, and no fourth."""
    clock = Time()
    noon.server.faults.hourly_limit(after_requests=2)
    with client_at(clock, noon) as client:
        with pytest.raises(BillLimitError, match="BDC_1144"):
            ids(client)
        assert len(clock.told) == len(clock.waits) == 3
        calls = client.calls
        with pytest.raises(BillLimitError):
            ids(client)
        assert client.calls == calls == 6


def test_a_used_up_hour_is_known_to_all(noon: Bill, tmp_path: Path) -> None:
    """After BDC_1144 no other client of the key makes a call before the next hour."""
    clock = Time()
    options = {"shared": tmp_path, "wait_for_hour": False}
    noon.server.faults.hourly_limit(after_requests=2)
    with client_at(clock, noon, **options) as client, pytest.raises(BillLimitError):
        ids(client)
    before = noon.server.measurements.requests
    with client_at(clock, noon, **options) as other:
        with pytest.raises(BillLimitError, match=r"as BILL told us .*13:00"):
            ids(other)
        assert noon.server.measurements.requests == before
    clock.wait(3600)
    noon.server.advance_seconds(3600)
    with client_at(clock, noon, **options) as third:
        assert len(ids(third)) == 109


def test_logins_have_a_budget_of_their_own(noon: Bill, tmp_path: Path) -> None:
    """Who may not log in any more this hour does not, and is told which limit it is."""
    options = {"shared": tmp_path, "hourly_logins": 1, "wait_for_hour": False}
    clock = Time()
    with client_at(clock, noon, fresh=True, **options) as client:
        ids(client)
    with (
        client_at(clock, noon, fresh=True, **options) as other,
        pytest.raises(BillLimitError, match="limit of logins"),
    ):
        ids(other)
    assert noon.server.measurements.logins == 1


def test_closing_ends_the_wait_at_once(noon: Bill) -> None:
    """A client that waits for the next hour is stopped by another thread."""
    told = threading.Event()
    client = BillClient(noon.credentials, waiting=lambda *_: told.set())
    noon.server.faults.hourly_limit()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(ids, client)
        assert told.wait(5)
        started = time.monotonic()
        client.close()
        with pytest.raises(BillUnavailableError, match="stopped"):
            reading.result(5)
    assert time.monotonic() - started < 1


def test_a_lock_is_remembered(noon: Bill, tmp_path: Path) -> None:
    """For 15 minutes after a lock nothing runs by itself; a person may try."""
    clock = Time()
    noon.server.faults.locked()
    with (
        client_at(clock, noon, shared=tmp_path) as client,
        pytest.raises(BillLockedError, match="until 12:45 UTC"),
    ):
        ids(client)
    noon.server.faults.clear()
    asked = noon.server.measurements.requests
    clock.wait(14 * 60)
    with (
        client_at(clock, noon, shared=tmp_path) as second,
        pytest.raises(BillLockedError, match="until 12:45 UTC"),
    ):
        ids(second)
    assert noon.server.measurements.requests == asked
    with client_at(clock, noon, shared=tmp_path, heed_lock=False) as bold:
        assert len(ids(bold)) == 109
    clock.wait(61)
    with client_at(clock, noon, shared=tmp_path) as third:
        assert len(ids(third)) == 109


def test_spend_calls_keep_their_pace(tmp_path: Path) -> None:
    """Of the calls of any one minute there are never more than BILL allows."""
    clock = Time()
    budget = Budget(tmp_path, "token", clock=clock.read)
    for _ in range(SPEND_CALLS_A_MINUTE):
        assert budget.pace() == 0
        clock.wait(0.5)
    assert budget.pace() == pytest.approx(30)
    clock.wait(30)
    assert budget.pace() == 0
    assert budget.pace() == pytest.approx(0.5)
    budget.close()


def test_a_damaged_count_begins_anew(tmp_path: Path) -> None:
    """A file that is no database any more costs its counts, not the sync."""
    Budget(tmp_path, "key", {"requests": 1}).close()
    (file,) = tmp_path.glob("budget-*")
    file.write_bytes(b"not a database" * 1000)
    budget = Budget(tmp_path, "key", {"requests": 1})
    assert budget.take("requests") is None
    budget.close()


def test_no_key_stands_in_the_folder(noon: Bill, tmp_path: Path) -> None:
    """Names and contents of the shared files show no key, token or password."""
    shared = tmp_path / "shared"
    with BillClient(noon.credentials, shared=shared) as client:
        ids(client)
        found = [path for path in shared.rglob("*") if path.is_file()]
        assert len(found) >= 5
        for secret in noon.credentials.secrets:
            assert not any(secret in path.name for path in found)
            assert not any(secret.encode() in path.read_bytes() for path in found)
    assert shared.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(noon: Bill, tmp_path: Path) -> None:
    """The error says where, why and what to do."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BillSettingsError, match=r"file/shared.*writable"):
        BillClient(noon.credentials, shared=tmp_path / "file" / "shared")
