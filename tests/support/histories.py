"""Any history of a company that is read as it goes on: what may happen, and how.

Here belongs: rounds of deeds, switches, faults and deaths, and living through them with
a folder that is synced. Not here: single deeds (deeds.py), what must be true afterwards
(mirror.py).
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import duckdb
from deeds import ACTS, Deed, perform
from hypothesis import strategies as st

from bill_source import BillCredentials, BillError, Progress
from bill_source.entities import ENTITIES
from bill_source.pipeline import Order, run_load
from bill_source.policy import Policy
from bill_source.sandbox import SandboxServer

VANISHING = tuple(one.table for one in ENTITIES if one.vanishes)
SWITCHES = {
    "archived_in_lists": ("include", "exclude"),
    "default_order": ("random", "created", "id"),
    "paging": ("offset", "keyset"),
    "page_life": ("session", "none"),
    "duplicate_row_across_pages": ("True", "False"),
    "empty_fields": ("null", "omit"),
    "timestamp_zone": ("Z", "+0000", "+00:00"),
    "visibility_lag": ("0", "40", "7000"),
    "payment_touches_bill": ("never", "schedule", "settle", "void", "always"),
    "receipt_touches_invoice": ("True", "False"),
    "credit_touches_document": ("True", "False"),
    "archive_touches": ("True", "False"),
    "line_ids_survive": ("True", "False"),
    "id_list_limit": ("100", "7"),
    "invoice_status_operators": ("both", "eq", "in"),
}
FAULTS = (
    *("expire_session", "server_error", "cut_off", "invalid_json", "concurrency"),
    *("bad_page_token", "slow"),
)
ENDS = ("dies", "forgets", "hourly_limit", "down", "locked", "forbidden")
UNTOLD = {
    "unapply_credit": "credit_touches_document",
    "unapply_memo": "credit_touches_document",
    "decide_bill": "approval_touches",
    "archive": "archive_touches",
    "restore": "archive_touches",
}
"""Acts that may reach a row in no open set, and what then must move its updatedTime."""
HOUR = 3600


class DiedError(Exception):
    """The process is gone."""


@dataclass(frozen=True)
class Round:
    """What happens until the next sync that must be right.

    Attributes:
        deeds: Acts, each after so many seconds.
        days: The company's own life, before them.
        switches: How BILL answers from now on.
        faults: What passes: (name, after so many requests).
        end: How a sync before the one that counts ends, and after how much.
        meanwhile: Acts while that sync pages.
        full: Whether the sync that counts reads everything anew; then changes need
            not be told by any updatedTime.
    """

    deeds: tuple[tuple[int, Deed], ...] = ()
    days: int = 0
    switches: dict[str, str] = field(default_factory=dict)
    faults: tuple[tuple[str, int], ...] = ()
    end: tuple[str, int] | None = None
    meanwhile: tuple[Deed, ...] = ()
    full: bool = False


def rounds(*, most_deeds: int = 10) -> st.SearchStrategy[Round]:
    """Return any round."""
    dice = st.tuples(*[st.integers(0, 999)] * 6)
    deed = st.builds(Deed, st.sampled_from(list(ACTS)), dice)
    seconds = st.sampled_from((0, 0, 1, 30, HOUR))
    answer = st.sampled_from(list(SWITCHES)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(SWITCHES[name]))
    )
    after = st.integers(0, 60)
    return st.builds(
        Round,
        deeds=st.lists(st.tuples(seconds, deed), max_size=most_deeds).map(tuple),
        days=st.sampled_from((0, 0, 1, 3, 30)),
        switches=st.lists(answer, max_size=3).map(dict),
        faults=st.lists(st.tuples(st.sampled_from(FAULTS), after), max_size=2).map(
            tuple
        ),
        end=st.none() | st.tuples(st.sampled_from(ENDS), after),
        meanwhile=st.lists(deed, max_size=4).map(tuple),
        full=st.sampled_from((False, False, True)),
    )


@dataclass
class Reader:
    """One folder, and the syncs that fill it; ``hides_archives`` says if BILL did."""

    server: SandboxServer
    credentials: BillCredentials
    folder: Path
    policy: Policy
    hides_archives: bool = False
    _lock: Lock = field(default_factory=Lock)
    _heard: int = 0
    _is_told: bool = True

    def sync(
        self,
        *,
        full: bool = False,
        dies_at: int | None = None,
        meanwhile: Sequence[Deed] = (),
    ) -> None:
        """Do one sync; ``meanwhile`` things are done, and the process may die."""
        waiting = list(meanwhile)
        self._heard = 0

        def tell(_: Progress) -> None:
            with self._lock:
                self._heard += 1
                if waiting and self._heard % 3 == 0:
                    do(self.server, waiting.pop(0), told=self._is_told)
                if dies_at is not None and self._heard > dies_at:
                    raise DiedError

        run_load(
            self.credentials,
            self.folder,
            now=self.server.clock.now(),
            order=Order(full=full, accept_empty=VANISHING),
            policy=self.policy,
            progress=tell,
            wait_for_hour=False,
        )

    def live(self, one: Round) -> None:
        """Let a round happen, with syncs that fail or meet changes; end in peace."""
        server = self.server
        self._is_told = self.policy.small_list == 0 and not one.full
        server.turn(one.switches | {"balance_touches_party": str(self._is_told)})
        self.hides_archives |= server.switches.archived_in_lists == "exclude"
        if one.days:
            server.advance_days(one.days)
        for seconds, deed in one.deeds:
            server.advance_seconds(seconds)
            do(server, deed, told=self._is_told)
        if one.end is not None or one.meanwhile:
            self._end(one)
        server.advance_seconds(server.switches.visibility_lag + 1)
        for name, after in one.faults:
            arm(server, name, after)

    def _end(self, one: Round) -> None:
        """Sync while things happen, to a bad end."""
        how, after = one.end or ("", 0)
        if how in {"hourly_limit", "down", "locked"}:
            arm(self.server, how, after)
        if how == "forbidden":
            lists = ("bills", "vendors", "payments", "credit-memos", "departments")
            self.server.faults.forbidden(lists[after % len(lists)])
        before = last_package(self.folder)
        with suppress(BillError, DiedError):
            dies_at = after if how == "dies" else None
            self.sync(dies_at=dies_at, meanwhile=one.meanwhile)
        package = last_package(self.folder)
        if how == "forgets" and package != before:
            forget(self.folder, package)
        self.server.faults.clear()
        self.server.advance_seconds(HOUR if how == "hourly_limit" else 1)


def arm(server: SandboxServer, name: str, after: int) -> None:
    """Arm a fault that strikes once, or for a while, after so many requests."""
    if name == "bad_page_token":
        server.faults.bad_page_token()
    elif name == "slow":
        server.faults.slow(0.01, times=after)
    else:
        server.faults.arm_with(name, after_requests=after)


def do(server: SandboxServer, deed: Deed, *, told: bool) -> bool:
    """Do a deed; where a row is looked for by its time, let that move if need be."""
    switch = UNTOLD.get(deed.name) if told else None
    if switch is None:
        return perform(server, deed)
    before = str(getattr(server.switches, switch))
    server.turn({switch: "True"})
    done = perform(server, deed)
    server.turn({switch: before})
    return done


def last_package(folder: Path) -> str:
    """Return the newest package's name; empty where nothing was ever stored."""
    path = folder / "warehouse.duckdb"
    if not path.exists():
        return ""
    with duckdb.connect(path) as connection:
        query = "select max(load_id) from raw_bill._dlt_loads"
        tables = connection.execute("show all tables").fetchall()
        is_there = any(table[2] == "_dlt_loads" for table in tables)
        return str(connection.execute(query).fetchall()[0][0]) if is_there else ""


def forget(folder: Path, package: str) -> None:
    """Leave the file as a machine does that stops before a load is marked as done."""
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute(
            "update raw_bill._dlt_loads set status = 1 where load_id = $package",
            {"package": package},
        )
    shutil.rmtree(folder / "dlt", ignore_errors=True)
