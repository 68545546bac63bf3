"""What goes wrong on request.

Here belongs: arming a fault, and deciding whether the next request meets it. Not here:
the shape of the damage on the wire (server.py), unknowns of BILL (switches.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

FaultName = Literal[
    "expire_session",
    "server_error",
    "cut_off",
    "invalid_json",
    "slow",
    "hourly_limit",
    "concurrency",
    "locked",
    "bad_page_token",
    "forbidden",
    "down",
]
NAMES: tuple[str, ...] = get_args(FaultName)
EVERYWHERE = frozenset({"slow", "hourly_limit", "locked", "down"})
"""Faults that also meet logins; the others meet reads only."""


@dataclass
class Fault:
    """One armed fault: let ``after`` requests pass, then strike ``times`` times."""

    name: str
    after: int = 0
    times: int | None = 1
    entity: str | None = None
    status: int = 500
    html: bool = False
    seconds: float = 0.0

    def meets(self, entity: str) -> bool:
        """Tell whether a request to this list (or ``login``) is one we count."""
        if self.entity is not None:
            return entity == self.entity
        return entity != "login" or self.name in EVERYWHERE


class Faults:
    """The armed faults; every method below arms one more."""

    def __init__(self, on_clear: Callable[[], None] | None = None) -> None:
        self.armed: list[Fault] = []
        self._on_clear = on_clear

    def expire_session(self, after_requests: int = 0) -> None:
        """End every session once, after so many more reads."""
        self.armed.append(Fault("expire_session", after=after_requests))

    def server_error(
        self,
        times: int = 1,
        *,
        status: int = 500,
        html: bool = False,
        after_requests: int = 0,
        entity: str | None = None,
    ) -> None:
        """Answer with a 5xx, in BILL's shape or as a gateway's HTML page."""
        self.armed.append(
            Fault("server_error", after_requests, times, entity, status, html)
        )

    def cut_off(
        self, times: int = 1, *, after_requests: int = 0, entity: str | None = None
    ) -> None:
        """Close the connection in the middle of a body."""
        self.armed.append(Fault("cut_off", after_requests, times, entity))

    def invalid_json(
        self, times: int = 1, *, after_requests: int = 0, entity: str | None = None
    ) -> None:
        """Answer 200 with half a JSON document."""
        self.armed.append(Fault("invalid_json", after_requests, times, entity))

    def slow(self, seconds: float, times: int | None = None) -> None:
        """Wait before each answer; without ``times``, until cleared."""
        self.armed.append(Fault("slow", times=times, seconds=seconds))

    def hourly_limit(self, after_requests: int = 0) -> None:
        """Answer BDC_1144 from then on, until the clock's next hour."""
        self.armed.append(Fault("hourly_limit", after=after_requests))

    def concurrency(self, times: int = 1, *, after_requests: int = 0) -> None:
        """Answer BDC_1322 although fewer calls are in flight."""
        self.armed.append(Fault("concurrency", after_requests, times))

    def locked(self, times: int | None = None, *, after_requests: int = 0) -> None:
        """Answer 423 BDC_1107; without ``times``, until cleared."""
        self.armed.append(Fault("locked", after_requests, times))

    def bad_page_token(self, times: int = 1) -> None:
        """Refuse a page token that was good."""
        self.armed.append(Fault("bad_page_token", times=times))

    def forbidden(self, entity: str) -> None:
        """Answer 403 for one list until cleared, as to a role that may not see it."""
        self.armed.append(Fault("forbidden", times=None, entity=entity))

    def down(self, after_requests: int = 0) -> None:
        """Stop listening after so many more requests, until cleared."""
        self.armed.append(Fault("down", after=after_requests, times=None))

    def arm(self, name: str, argument: str | None = None) -> None:
        """Arm a fault from text: ``expire_session`` and ``5``, ``slow`` and ``0.5``.

        The argument is the method's first: requests to let pass, times to strike,
        seconds to wait or the list to forbid.

        Raises:
            ValueError: An unknown name, or an argument of the wrong kind.
        """
        if name not in NAMES:
            raise ValueError(f"unknown fault {name}: one of {', '.join(NAMES)}")
        method = getattr(self, name)
        if argument is None:
            self._arm_bare(name)
        elif name == "forbidden":
            method(argument)
        elif name == "slow":
            method(float(argument))
        else:
            method(int(argument))

    def _arm_bare(self, name: str) -> None:
        """Arm a fault that was given no argument."""
        if name in {"slow", "forbidden"}:
            raise ValueError(f"fault {name} needs an argument, such as {name}=...")
        getattr(self, name)()

    def arm_with(self, name: str, **options: Any) -> None:
        """Arm a fault by its method's own keywords.

        Raises:
            ValueError: An unknown name.
            TypeError: Keywords the method does not take.
        """
        if name not in NAMES:
            raise ValueError(f"unknown fault {name}: one of {', '.join(NAMES)}")
        getattr(self, name)(**options)

    def strike(self, name: str, entity: str) -> Fault | None:
        """Return the armed fault of this name if this request meets it."""
        for fault in self.armed:
            if fault.name == name and fault.meets(entity):
                return self._spend(fault)
        return None

    def _spend(self, fault: Fault) -> Fault | None:
        """Count one request against a fault; None while it still lets pass."""
        if fault.after > 0:
            fault.after -= 1
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.armed.remove(fault)
        return fault

    def clear(self) -> None:
        """Disarm everything and come back up."""
        self.armed.clear()
        if self._on_clear is not None:
            self._on_clear()
