"""Three calls in flight at most, fewer when BILL is crowded, across processes."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from bill_source import BillCredentials, BillUnavailableError
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE
from bill_source.limiter import QUIET_REQUESTS, Limiter, Places
from bill_source.sandbox import SandboxServer

VENDORS = BY_TABLE["vendors"]
OWNER = ("key", "008")


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    """The places of one key and organization, as one client sees them."""
    stopped = threading.Event()
    found = Places(tmp_path, OWNER, stopped.wait)
    yield found
    found.close()


def test_a_crowd_narrows_the_gate_and_quiet_widens_it() -> None:
    """Each BDC_1322 takes one place, a hundred quiet answers bring one back."""
    limiter = Limiter()
    for expected in (2, 1, 1):
        limiter.lower()
        assert limiter.most == expected
    for expected in (2, 3, 3):
        for _ in range(QUIET_REQUESTS):
            limiter.note_answer()
        assert limiter.most == expected


def test_a_complaint_begins_the_quiet_anew() -> None:
    """99 answers before a complaint count for nothing after it."""
    limiter = Limiter()
    limiter.lower()
    for _ in range(QUIET_REQUESTS - 1):
        limiter.note_answer()
    limiter.lower()
    limiter.note_answer()
    assert limiter.most == 1


def test_a_narrower_bill_is_adapted_to(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """Where another program holds a place every row comes, and refusals end soon."""
    sandbox.switches.concurrent_requests = 1
    sandbox.faults.slow(0.005)
    with BillClient(credentials, wait=lambda _: time.sleep(0.01)) as client:

        def read(_: int) -> int:
            return sum(len(page.records) for page in client.pages(VENDORS, size=20))

        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(read, range(3))) == [109] * 3
    refused = [call for call in sandbox.measurements.log if call.status == 422]
    assert 1 <= len(refused) <= 4


def test_two_clients_share_three_places(places: Places, tmp_path: Path) -> None:
    """A second client gets the places the first leaves, and no more."""
    tries: list[float] = []

    def pause(seconds: float) -> bool:
        tries.append(seconds)
        return len(tries) == 3

    other = Places(tmp_path, OWNER, pause)
    with ExitStack() as held:
        held.enter_context(places.one())
        held.enter_context(places.one())
        held.enter_context(other.one())
        with pytest.raises(BillUnavailableError, match="stopped"), other.one():
            pass
    assert len(tries) == 3
    with other.one(), other.one(), other.one():
        pass
    other.close()


def test_another_organization_has_its_own_places(
    places: Places, tmp_path: Path
) -> None:
    """BILL counts calls in flight per key and organization, and so do we."""
    other = Places(tmp_path, ("key", "009"), lambda _: True)
    with places.one(), places.one(), places.one(), other.one():
        pass
    other.close()


def test_a_closed_client_frees_what_it_held(places: Places, tmp_path: Path) -> None:
    """A place in use while the client is closed is free when the call returns."""
    other = Places(tmp_path, OWNER, lambda _: True)
    with other.one():
        other.close()
    with places.one(), places.one(), places.one():
        pass


@pytest.mark.slow
def test_a_killed_process_frees_its_places(places: Places, tmp_path: Path) -> None:
    """The places of a process that died without a word are free again."""
    code = (
        "import sys; from pathlib import Path; from bill_source.limiter import Places\n"
        "p = Places(Path(sys.argv[1]), ('key', '008'), lambda _: True)\n"
        "with p.one(), p.one(), p.one():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        entered = threading.Event()

        def enter() -> None:
            with places.one():
                entered.set()

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(enter)
            assert not entered.wait(0.1)
            holder.kill()
            waiting.result(5)
    assert entered.is_set()
