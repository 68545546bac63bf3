"""What BILL allows per hour and minute, and what to do when that is used up.

Here belongs: taking a call before it is sent, waiting for the next clock hour, leaving
a locked organization alone. Not here: the counts themselves (budget.py), or patience
after a fault (patience.py).
"""

import random
import threading
from collections.abc import Callable
from datetime import datetime

from bill_source.answers import HTTP_LOCKED, LIMIT_CODE, LOCK_CODES, Problem
from bill_source.budget import Budget
from bill_source.errors import BillLimitError, BillLockedError
from bill_source.settings import BillCredentials
from bill_source.terms import Lane, Terms

MOST_HOURS = 3
"""BILL's hour may be another than ours; one that never comes is an error."""
JITTER = (2.0, 10.0)
"""Seconds after the full hour, so that not everybody comes at once."""


class Allowance:
    """Counts calls for all who use the key, and sits out used-up hours."""

    def __init__(
        self,
        credentials: BillCredentials,
        terms: Terms,
        wait: Callable[[float], object],
    ) -> None:
        self._organization_id = credentials.organization_id
        self._terms = terms
        self._wait = wait
        self._lock = threading.Lock()
        self._announced: datetime | None = None
        key = credentials.dev_key or credentials.token_name
        limits = {"requests": terms.hourly_requests, "logins": terms.hourly_logins}
        self._budget = Budget(terms.shared, key, limits, clock=terms.clock)
        token = credentials.spend_token
        self._spend = Budget(terms.shared if token else None, token, clock=terms.clock)

    def close(self) -> None:
        """Let go of the counts."""
        self._budget.close()
        self._spend.close()

    def left(self) -> int:
        """Return how many requests the key has left this hour, by our count."""
        return self._budget.left("requests")

    def check_lock(self) -> None:
        """Ask nothing of an organization that BILL locked a short while ago.

        Raises:
            BillLockedError: Says when it will have been left alone for long enough.
        """
        until = self._budget.locked_until(self._organization_id)
        if until is not None:
            raise BillLockedError(
                "BILL locked this organization or login within the last 15 minutes;"
                " nothing was asked of it.",
                advice=_leave_alone(until),
            )

    def keep_pace(self, lane: Lane) -> bool:
        """Wait once if Spend & Expense has had its calls of this minute; true then."""
        seconds = self._spend.pace() if lane == "spend" else 0.0
        if seconds > 0:
            self._wait(seconds)
        return seconds > 0

    def take(self, doing: str, lane: Lane) -> BillLimitError | None:
        """Count a request before it is sent; None where there is room for it."""
        if lane == "spend":
            return None
        names = ("requests", "logins") if lane == "logins" else ("requests",)
        spent = self._budget.take(*names)
        if spent is None:
            return None
        limit = f"BILL's hourly limit of {spent.what}"
        said = (
            f"as BILL told us ({LIMIT_CODE})" if spent.by_bill else "by our own count"
        )
        return BillLimitError(
            f"Could not {doing}: {limit} for this developer key is used up, {said}.",
            until=spent.until,
            code=LIMIT_CODE,
            limit=limit,
        )

    def judge(self, problem: Problem, doing: str, lane: Lane) -> BillLimitError | None:
        """Tell whether BILL says that the hour is used up, and let all others know.

        Raises:
            BillLockedError: The organization or the login is locked.
        """
        if lane == "spend":
            return None
        said = f"Could not {doing} ({problem})."
        code, status = problem.code, problem.status
        if code in LOCK_CODES or status == HTTP_LOCKED:
            advice = _leave_alone(self._budget.lock(self._organization_id))
            raise BillLockedError(said, code=code, status=status, advice=advice)
        if code != LIMIT_CODE:
            return None
        return BillLimitError(
            said,
            until=self._budget.use_up(lane),
            code=code,
            status=status,
            limit=f"BILL's hourly limit of {lane}",
        )

    def sit_out(self, refusal: BillLimitError, times: int) -> None:
        """Wait for the next hour; it is announced once, however many threads wait.

        Args:
            refusal: When the hour starts; raised instead when nobody is to wait.
            times: How many hours the same request has waited already.

        Raises:
            BillLimitError: Waiting is not wanted, or was in vain too often.
        """
        if not self._terms.wait_for_hour or times >= MOST_HOURS:
            raise refusal
        with self._lock:
            is_news = refusal.until != self._announced
            self._announced = refusal.until
        if is_news:
            self._terms.waiting(refusal.until, refusal.limit)
        seconds = (refusal.until - self._terms.clock()).total_seconds()
        self._wait(max(0.0, seconds) + random.uniform(*JITTER))  # noqa: S311 - jitter


def _leave_alone(until: datetime) -> str:
    return (
        f"Wait at least 15 minutes, until {until:%H:%M} UTC, before the next sync; do"
        " not log in."
    )
