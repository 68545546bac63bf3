"""What reading BILL costs, beside the least it can cost: `make bench source`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

HERE = Path(__file__).parent
SIZES = (50_000, 200_000, 1_000_000)
LINES = 4
OPEN_SHARE = 100
GIBIBYTE = 1024
"""In mebibytes, which is what peaks are given in."""


@dataclass(frozen=True)
class Cost:
    """What one process cost: CPU-seconds, peak memory in MiB, requests it made."""

    cpu: float
    peak: int
    requests: int

    def line(self, what: str, least: "Cost | None" = None) -> str:
        """Return a line of the table that is printed."""
        ratio = f"{self.cpu / least.cpu:5.1f}" if least else "     "
        return (
            f"{what:28} {self.cpu:7.1f} CPU-s {ratio}  peak {self.peak:5} MiB"
            f"  {self.requests:6} requests"
        )


class LargeBill:
    """The server with so many bills, in a process whose cost is not counted."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder

    def requests(self) -> int:
        """How many lists have been asked for so far."""
        answer = urllib3.request("GET", f"{self.address}/requests")
        return int(answer.json()["requests"])

    def change(self) -> None:
        """Let every hundredth bill change."""
        urllib3.request("POST", f"{self.address}/change")

    def measure(self, *words: str) -> Cost:
        """Run a Python program against the server."""
        before = self.requests()
        environment = {
            "PATH": os.environ["PATH"],
            "BILL_ORGANIZATION_ID": "008",
            "BILL_TOKEN_NAME": "bench",
            "BILL_TOKEN_PASSWORD": "bench",
            "BILL_DEV_KEY": "bench",
            "BILL_API_URL": self.address,
        }
        command = [sys.executable, *words]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        assert status == 0
        requests = self.requests() - before
        peak = used.ru_maxrss // 1024
        return Cost(used.ru_utime + used.ru_stime, peak, requests)

    def ceiling(self) -> Cost:
        """Download and let DuckDB read, by hand."""
        cost = self.measure(
            str(HERE / "ceiling.py"), self.address, str(self.folder / "ceiling")
        )
        shutil.rmtree(self.folder / "ceiling")
        return cost

    def load(self) -> Cost:
        """Load the bills, as every sync does."""
        return self.measure(
            "-m", "bill_source", str(self.folder / "load"), "--entity", "bills"
        )


@contextmanager
def large_bill(bills: int, folder: Path) -> Iterator[LargeBill]:
    """Serve so many bills."""
    command = [sys.executable, str(HERE / "large_bill.py"), str(bills)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            yield LargeBill(f"http://127.0.0.1:{port}", folder)
        finally:
            server.kill()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bills", SIZES)
def test_a_load_costs_little_more_than_its_ceiling(bills: int, tmp_path: Path) -> None:
    """First import, a sync without news and one after 1 % changed."""
    with large_bill(bills, tmp_path) as bill:
        least = bill.ceiling()
        first = bill.load()
        nothing = bill.load()
        bill.change()
        changed = bill.load()

    rows = bills * (LINES + 2)
    print(f"\n{bills:,} bills, {rows:,} rows with their lines and approvers")
    print(least.line("ceiling, by hand"))
    print(first.line("first import", least), f" {rows / first.cpu:,.0f} rows/CPU-s")
    print(nothing.line("no change"))
    print(changed.line("1 % changed"))
    open_set = bills // OPEN_SHARE // 100 + 1
    assert first.cpu < 3 * least.cpu or bills < SIZES[1], "start-up apart"
    assert first.peak < GIBIBYTE or bills > SIZES[1], "the ids of a sync are held"
    assert changed.peak < GIBIBYTE // 2
    assert changed.requests <= 0.03 * first.requests + open_set
