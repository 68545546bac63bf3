"""The control calls under ``/_sandbox/``: what tests in another process need.

Here belongs: moving the clock, arming faults, turning switches, editing records. Not
here: anything BILL has.
"""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from bill_source.sandbox.answers import Answer, Body, encode, plain
from bill_source.sandbox.faults import Faults
from bill_source.sandbox.measurements import Measurements
from bill_source.sandbox.server import Request
from bill_source.sandbox.switches import Switches
from bill_source.sandbox.webhooks import Webhooks

BASE = "/_sandbox/"


class Sandbox(Protocol):
    """What the control calls need of a sandbox."""

    faults: Faults
    measurements: Measurements
    switches: Switches
    webhooks: Webhooks

    def advance_days(self, days: int) -> None:
        """Live through days."""

    def advance_seconds(self, seconds: float) -> None:
        """Move the clock only."""

    def turn(self, settings: dict[str, str]) -> None:
        """Set switches from text."""

    def change(self, name: str, row_id: str, values: Body, *, touch: bool) -> Body:
        """Overwrite fields of a record."""

    def act(self, name: str, /, **arguments: Any) -> Body:
        """Do something as a person in BILL would."""

    def state(self) -> Body:
        """Describe the sandbox without secrets."""

    def reset(self) -> None:
        """Begin anew."""


def control(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one control call; mistakes are 400 with a sentence."""
    try:
        asked = msgspec.json.decode(request.body) if request.body else {}
        result = _act(sandbox, request.method, request.path.removeprefix(BASE), asked)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Answer(400, encode({"error": f"{type(error).__name__}: {error}"}))
    if result is None:
        return Answer(404, encode({"error": f"no control call {request.path}"}))
    return Answer(200, encode(plain(result, sandbox.switches)))


def _act(sandbox: Sandbox, method: str, name: str, asked: Any) -> Body | None:
    """Do what one call says; None when there is no such call."""
    if (method, name) == ("GET", "state"):
        return sandbox.state()
    if method == "DELETE" and name == "faults":
        sandbox.faults.clear()
        return sandbox.state()
    if (method, name) == ("POST", "act"):
        return sandbox.act(asked.pop("act"), **asked)
    action = _ACTIONS.get(name) if method == "POST" else None
    if action is None:
        return None
    action(sandbox, asked)
    return sandbox.state()


def _advance(sandbox: Sandbox, asked: Any) -> None:
    """``{"days": 1}`` lives; ``{"seconds": 60}`` only moves the clock."""
    if "days" in asked:
        sandbox.advance_days(int(asked["days"]))
    if "seconds" in asked:
        sandbox.advance_seconds(float(asked["seconds"]))


def _arm(sandbox: Sandbox, asked: Any) -> None:
    """``{"name": "slow", "argument": "0.5"}``, or keywords of the fault's method."""
    options = dict(asked)
    name = options.pop("name")
    if "argument" in options:
        sandbox.faults.arm(name, str(options["argument"]))
    elif options:
        sandbox.faults.arm_with(name, **options)
    else:
        sandbox.faults.arm(name)


def _change(sandbox: Sandbox, asked: Any) -> None:
    """``{"entity": "bills", "id": ..., "set": {...}, "touch": true}``."""
    sandbox.change(
        asked["entity"], asked["id"], asked["set"], touch=asked.get("touch", True)
    )


def _trouble(sandbox: Sandbox, asked: Any) -> None:
    """``{"fault": "duplicate", "times": 1}``, or ``retry_seconds``, ``escaped``..."""
    deliverer = sandbox.webhooks.deliverer
    if "fault" in asked:
        deliverer.arm(asked["fault"], int(asked.get("times", 1)))
    deliverer.retry_seconds = float(asked.get("retry_seconds", deliverer.retry_seconds))
    deliverer.attempts = int(asked.get("attempts", deliverer.attempts))
    sandbox.webhooks.escaped = bool(asked.get("escaped", sandbox.webhooks.escaped))


_ACTIONS: dict[str, Callable[[Sandbox, Any], None]] = {
    "advance": _advance,
    "faults": _arm,
    "switches": lambda sandbox, asked: sandbox.turn(
        {name: str(value) for name, value in asked.items()}
    ),
    "change": _change,
    "webhooks": _trouble,
    "reset": lambda sandbox, _: sandbox.reset(),
}
