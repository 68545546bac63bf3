"""A BILL that runs on your machine: a stateful server with a made-up company.

Here belongs: SandboxServer, which ties clock, books, faults and socket together. Not
here: anything of our own client; the two meet over HTTP and share no code.
"""

import threading
from copy import copy
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bill_source.sandbox.access import Access
from bill_source.sandbox.answers import Answer, Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.company import open_company
from bill_source.sandbox.control import BASE as CONTROL
from bill_source.sandbox.control import control
from bill_source.sandbox.faults import NAMES as FAULT_NAMES
from bill_source.sandbox.faults import Faults
from bill_source.sandbox.files import DataError, Files
from bill_source.sandbox.life import live
from bill_source.sandbox.lifecycle import catch_up, perform
from bill_source.sandbox.listener import Listener
from bill_source.sandbox.measurements import SPEND, Measurements
from bill_source.sandbox.server import BASE, Request, Surface
from bill_source.sandbox.sessions import Credentials, Gate
from bill_source.sandbox.store import Store
from bill_source.sandbox.switches import Switches
from bill_source.sandbox.visibility import Visibility
from bill_source.sandbox.webhook_calls import BASE as WEBHOOKS
from bill_source.sandbox.webhook_calls import WebhookCalls
from bill_source.sandbox.webhooks import Webhooks

__all__ = ["FAULT_NAMES", "Books", "DataError", "Faults", "SandboxServer", "Switches"]


class SandboxServer(Access):
    """A fake but stateful BILL on loopback, as a context manager.

    Args:
        seed: Which company; the same seed always gives the same one.
        months: How much history it has on its first day.
        today: The first day's instant; now by default.
        data_dir: Serve ``<list>.json`` files of this folder instead of a company.
        port: 0 picks a free one.
        ticking: Let the clock follow real time; else it stands still.
        switches: How to answer where BILL's documentation is silent.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        months: int = 24,
        today: datetime | None = None,
        data_dir: Path | None = None,
        port: int = 0,
        ticking: bool = False,
        switches: Switches | None = None,
    ) -> None:
        self._seed = seed
        self._months = months
        self._today = today or datetime.now(UTC)
        self._data_dir = data_dir
        self._ticking = ticking
        self.switches = switches or Switches()
        self._first_switches = copy(self.switches)
        self._lock = threading.RLock()
        self.faults = Faults(on_clear=self.revive)
        self.measurements = Measurements()
        self.webhooks = Webhooks(seed, self.switches)
        self.clock = Clock(self._today, ticking=ticking)
        self._books = self._found()
        self._opening = self._books.fingerprint()
        self._open()
        self._listener = Listener(self._handle, self.measurements, port, self._lane)

    def _open(self) -> None:
        """Set clock, records and sessions to the first day."""
        self.clock = Clock(self._today, ticking=self._ticking)
        if self._books.fingerprint() != self._opening:
            self._books = self._found()
            self._opening = self._books.fingerprint()
        self._seen = Visibility(self._books, self.clock, self.switches)
        self._store: Store = self._seen
        if self._data_dir is not None:
            self._store = Files(self._data_dir)
        self._gate = Gate(self._credentials(), self.clock, self.switches)
        self._surface = Surface(
            self._store,
            self._gate,
            self.clock,
            self.switches,
            self.faults,
            self.measurements,
            self._seed,
        )
        self._seen.prepare()
        self.webhooks.attach(self.books, self.clock)
        self._webhook_calls = WebhookCalls(
            self.webhooks, self._gate, self.clock, self.switches, self.measurements
        )

    @property
    def books(self) -> Books:
        """Return the books as they are, whatever readers see of them yet."""
        self._seen.prepare()
        return self._books

    def _found(self) -> Books:
        """Generate the company, or what signing in needs of it."""
        books = Books(self._seed, self.switches)
        generate = self._data_dir is None
        open_company(books, self.clock.now(), self._months, generate=generate)
        return books

    def _credentials(self) -> Credentials:
        """Return what this sandbox lets in; they open nothing else."""
        organization = self._store.organization() or self.books.company
        users = self.books.rows("users")
        return Credentials(
            organization_id=organization.id,
            user_id=users[0].id,
            username=users[0].body["email"],
            password=f"sandbox-password-{self._seed}",
            token_name="nightly-sync",  # noqa: S106 - a name, not a secret
            token_password=f"sandbox-token-{self._seed}",
            dev_key=f"sandbox-dev-key-{self._seed}",
            spend_token=f"sandbox-spend-token-{self._seed}",
        )

    def __enter__(self) -> Self:
        """Listen."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self.stop()

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: The port is in use.
        """
        self._listener.start()

    def stop(self) -> None:
        """Stop listening."""
        self._listener.stop()
        self.webhooks.deliverer.clear()

    def advance_days(self, days: int) -> None:
        """Let days pass: the clock moves and the company lives through them."""
        with self._lock:
            self.clock.advance(timedelta(days=days))
            if self._data_dir is None:
                live(self.books, days)
                catch_up(self.books, self.clock.now())
            self.webhooks.tell()

    def advance_seconds(self, seconds: float) -> None:
        """Move the clock only, so that sessions age and quotas renew."""
        with self._lock:
            self.clock.advance(timedelta(seconds=seconds))

    def turn(self, settings: dict[str, str]) -> None:
        """Set switches from text, leaving the others as they are."""
        chosen = Switches.parse(settings)
        for name in settings:
            setattr(self.switches, name, getattr(chosen, name))

    def change(self, name: str, row_id: str, values: Body, *, touch: bool) -> Body:
        """Overwrite fields of a record; with ``touch``, its updatedTime is now."""
        exact = {
            key: Decimal(str(value)) if isinstance(value, float) else value
            for key, value in values.items()
        }
        with self._lock:
            now = self.clock.now() if touch else None
            changed = self.books.change(name, row_id, exact, now).body
            self.webhooks.tell()
            return changed

    def act(self, name: str, /, **arguments: Any) -> Body:
        """Do something as a person in BILL would; return the record afterwards.

        Args:
            name: One of ``bill_source.sandbox.lifecycle.ACTS``.
            arguments: What the act takes, by keyword; ids, amounts, ISO dates.

        Raises:
            ValueError: An unknown act or argument, or BILL would not let it happen.
        """
        if self._data_dir is not None:
            raise ValueError("a BILL served from files does not act")
        with self._lock:
            done = perform(self.books, self.clock.now(), name, arguments)
            self.webhooks.tell()
            return done

    def state(self) -> Body:
        """Describe the sandbox without secrets."""
        return {
            "now": self.clock.now(),
            "organization_id": self.organization_id,
            "requests": self.measurements.requests,
            "logins": self.measurements.logins,
            "max_concurrent": self.measurements.max_concurrent,
            "faults": [fault.name for fault in self.faults.armed],
            "switches": {
                field.name: getattr(self.switches, field.name)
                for field in fields(self.switches)
            },
        }

    def reset(self) -> None:
        """Go back to the first day; faults, sessions and counts are forgotten."""
        with self._lock:
            self.faults.clear()
            self.measurements.clear()
            self.switches.__dict__.update(self._first_switches.__dict__)
            self._open()

    def revive(self) -> None:
        """Listen again after a ``down`` fault; without one, nothing happens."""
        self._listener.revive()

    def _lane(self, request: Request) -> str:
        """Return whose calls at once a request counts among; empty for nobody's."""
        if request.path.startswith(f"{BASE}{SPEND}"):
            return "spend"
        return self.organization_id if request.path.startswith(f"{BASE}/") else ""

    def _handle(self, request: Request, in_flight: int) -> Answer:
        """Answer one request, BILL's or ours."""
        with self._lock:
            if request.path.startswith(CONTROL):
                return control(self, request)
            if self._ticking:
                self._catch_up()
            if request.path.startswith(f"{WEBHOOKS}/"):
                return self._webhook_calls.answer(request)
            return self._surface.answer(request, in_flight)

    def _catch_up(self) -> None:
        """Live through the days that real time has ended."""
        last = self.books.lived_until
        if self._data_dir is None and last is not None:
            live(self.books, (self.clock.now().date() - last).days - 1)
            catch_up(self.books, self.clock.now())
            self.webhooks.tell()
