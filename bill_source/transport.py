"""One request to BILL and its repetition, before any session is thought of.

Here belongs: sending, three at a time, with patience, until an answer or the end. Not
here: bytes on the wire (wire.py), hourly limits (allowance.py), signing in (login.py),
paging (client.py), or what an answer means (answers.py).
"""

import random
import threading
from dataclasses import dataclass
from itertools import count

import msgspec

from bill_source.allowance import Allowance
from bill_source.answers import CONCURRENCY_CODE, Problem, find_problem
from bill_source.errors import (
    BillError,
    BillLimitError,
    BillLockedError,
    BillUnavailableError,
)
from bill_source.limiter import MOST_IN_FLIGHT, Limiter, Places
from bill_source.patience import LONGEST_ASKED, MOST_IN_A_ROW, Patience, backoff
from bill_source.settings import BillCredentials
from bill_source.terms import Lane, Terms
from bill_source.wire import NoAnswerError, Request, Wire

REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class _Failure:
    """A request that may succeed when repeated: why it failed, and how to wait.

    Attributes:
        reason: What came back.
        seconds: How long BILL asks us to wait, where it does.
        is_crowd: Too many calls in flight; no reason for all to pause.
    """

    reason: str
    seconds: float | None = None
    is_crowd: bool = False


class Transport:
    """Sends requests with growing patience, at most three at once, from any thread.

    Attributes:
        calls: Requests sent so far.
        fatal: The error after which no thread may call BILL any more.
        hidden: Texts that never appear in what is passed on.
    """

    def __init__(self, credentials: BillCredentials, terms: Terms) -> None:
        self.calls = 0
        self.fatal: BillError | None = None
        self.hidden = set(credentials.secrets)
        self._attempts = terms.attempts
        self._heeds_lock = terms.heed_lock
        self._stopped = threading.Event()
        self._count_lock = threading.Lock()
        wait = terms.wait or self._stopped.wait
        self._patience = Patience(wait)
        self._allowance = Allowance(credentials, terms, wait)
        self._places: Places | None = None
        if terms.shared is not None:
            key = credentials.dev_key or credentials.token_name
            owner = (key, credentials.organization_id)
            self._places = Places(terms.shared, owner, self._stopped.wait)
        self._limiter = Limiter(places=self._places)
        self._wire = Wire(credentials.api_url, MOST_IN_FLIGHT)

    def close(self) -> None:
        """Stop waiting requests and close the connections."""
        self._stopped.set()
        self._wire.close()
        self._allowance.close()
        if self._places is not None:
            self._places.close()

    def left(self) -> int:
        """Return how many requests the key has left this hour."""
        return self._allowance.left()

    def check_lock(self) -> None:
        """Ask nothing of an organization that BILL locked a short while ago.

        Raises:
            BillLockedError: Says when it will have been left alone for long enough.
        """
        try:
            if self._heeds_lock:
                self._allowance.check_lock()
        except BillLockedError as error:
            self.fatal = error
            raise

    def request(self, request: Request, lane: Lane = "requests") -> bytes | Problem:
        """Send until BILL gives an answer worth reading, with growing waits.

        Raises:
            BillUnavailableError: It gave none in all attempts, or the run was stopped.
            BillLimitError: The hour is used up, and waiting is not wanted or no use.
            BillLockedError: BILL has locked the organization.
        """
        failure, delay = _Failure("nothing was sent"), 0.0
        for attempt in range(self._attempts):
            try:
                answer = self._within_limits(request, lane, delay)
            except (BillLimitError, BillLockedError) as error:
                self.fatal = error
                raise
            if not isinstance(answer, _Failure):
                return answer
            failure, delay = answer, answer.seconds or backoff(attempt)
            if failure.is_crowd:
                delay = max(delay, 1 + random.random())  # noqa: S311 - jitter
            else:
                self._slow_down(request.doing, failure, delay)
        raise BillUnavailableError(
            f"Could not {request.doing}: {failure.reason}, in"
            f" {self._attempts} attempts."
        )

    def _within_limits(
        self, request: Request, lane: Lane, delay: float
    ) -> bytes | Problem | _Failure:
        """One attempt; hours that it has to wait for count as none."""
        for hours in count():
            failures = self._patience.pause(delay if hours == 0 else 0.0)
            while self._allowance.keep_pace(lane):
                self._check_running()
            with self._limiter.slot():
                self._check_running()
                refusal = self._allowance.take(request.doing, lane)
                if refusal is None:
                    answer = self._send(request, failures)
                    if not isinstance(answer, Problem):
                        return answer
                    refusal = self._allowance.judge(answer, request.doing, lane)
                    if refusal is None:
                        return answer
            self._allowance.sit_out(refusal, hours)
        raise AssertionError

    def _check_running(self) -> None:
        if self.fatal is not None:
            raise self.fatal
        if self._stopped.is_set():
            raise BillUnavailableError("The run was stopped.")

    def _slow_down(self, doing: str, failure: _Failure, seconds: float) -> None:
        """Let all threads pause; after too many failures in a row end them all."""
        self._patience.failed(seconds)
        if self._patience.is_exhausted:
            self.fatal = BillUnavailableError(
                f"Could not {doing}: {failure.reason}, and {MOST_IN_A_ROW} requests"
                " in a row have failed."
            )
            raise self.fatal

    def _send(self, request: Request, failures: int) -> bytes | Problem | _Failure:
        with self._count_lock:
            self.calls += 1
        answer = self._exchange(request)
        if not isinstance(answer, _Failure):
            self._patience.worked(failures)
            self._limiter.note_answer()
        return answer

    def _exchange(self, request: Request) -> bytes | Problem | _Failure:
        try:
            response = self._wire.exchange(request)
            if response.status in REDIRECTS:
                return Problem(response.status, "", "a redirect, not followed")
            problem = find_problem(response.status, response.body)
        except NoAnswerError as error:
            return _Failure(f"no complete answer ({error})")
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _Failure("an answer that is not JSON")
        if problem is None:
            return response.body
        return self._judge(self._without_secrets(problem), response.retry_after)

    def _judge(self, problem: Problem, retry_after: str) -> Problem | _Failure:
        if not problem.is_passing:
            return problem
        if problem.code == CONCURRENCY_CODE:
            self._limiter.lower()
            return _Failure(str(problem), is_crowd=True)
        asked = float(retry_after) if retry_after.isdecimal() else 0.0
        return _Failure(str(problem), min(asked, LONGEST_ASKED) or None)

    def _without_secrets(self, problem: Problem) -> Problem:
        text = problem.text
        for secret in tuple(self.hidden):
            text = text.replace(secret, "***")
        return Problem(problem.status, problem.code, text)
