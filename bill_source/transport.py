"""One request to BILL and its repetition, before any session is thought of.

Here belongs: sending, counting, waiting, three at a time, giving up. Not here: signing
in and paging (client.py), or what an answer means (answers.py).
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import requests
from requests.adapters import HTTPAdapter

from bill_source.answers import CONCURRENCY_CODE, Problem, find_problem
from bill_source.errors import BillError, BillUnavailableError
from bill_source.limiter import Limiter
from bill_source.settings import BillCredentials

ATTEMPTS = 7
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
TIMEOUT = (10.0, 60.0)
"""Seconds to connect and to wait for data; BILL publishes none."""
REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class _Failure:
    """A request that may succeed when repeated: why it failed, and how to wait."""

    reason: str
    seconds: float | None = None


class Transport:
    """Sends requests with growing patience, at most three at once, from any thread.

    Attributes:
        calls: Requests sent so far.
        fatal: The error after which no thread may call BILL any more.
        hidden: Texts that never appear in what is passed on.
    """

    def __init__(
        self,
        credentials: BillCredentials,
        *,
        wait: Callable[[float], object] | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.calls = 0
        self.fatal: BillError | None = None
        self.hidden = set(credentials.secrets)
        self._base = credentials.api_url
        self._attempts = attempts
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._count_lock = threading.Lock()
        self._limiter = Limiter()
        self._http = requests.Session()
        # A proxy from the environment cannot reach this machine's own addresses.
        self._http.trust_env = not credentials.is_local
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, HTTPAdapter(pool_maxsize=self._limiter.most))

    def close(self) -> None:
        """Stop waiting requests and close the connections."""
        self._stopped.set()
        self._http.close()

    def request(
        self, doing: str, method: str, path: str, **request: Any
    ) -> bytes | Problem:
        """Send until BILL gives an answer worth reading, with growing waits.

        Raises:
            BillUnavailableError: It gave none in all attempts, or the run was stopped.
        """
        failure = _Failure("nothing was sent")
        for attempt in range(self._attempts):
            with self._limiter.slot():
                self._check_running()
                answer = self._send(method, path, **request)
            if not isinstance(answer, _Failure):
                return answer
            failure = answer
            if attempt + 1 < self._attempts:
                self._wait(failure.seconds or backoff(attempt))
        raise BillUnavailableError(
            f"Could not {doing}: {failure.reason}, in {self._attempts} attempts."
        )

    def _check_running(self) -> None:
        if self.fatal is not None:
            raise self.fatal
        if self._stopped.is_set():
            raise BillUnavailableError("The run was stopped.")

    def _send(
        self, method: str, path: str, **request: Any
    ) -> bytes | Problem | _Failure:
        with self._count_lock:
            self.calls += 1
        try:
            response = self._http.request(
                method,
                self._base + path,
                timeout=TIMEOUT,
                # A redirect would carry our session and key to another host.
                allow_redirects=False,
                **request,
            )
            if response.status_code in REDIRECTS:
                return Problem(response.status_code, "", "a redirect, not followed")
            problem = find_problem(response.status_code, response.content)
        except requests.RequestException as error:
            return _Failure(f"no complete answer ({type(error).__name__})")
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _Failure("an answer that is not JSON")
        if problem is None:
            return response.content
        return self._judge(self._without_secrets(problem), response)

    def _judge(
        self, problem: Problem, response: requests.Response
    ) -> Problem | _Failure:
        if not problem.is_passing:
            return problem
        if problem.code == CONCURRENCY_CODE:
            self._limiter.lower()
            return _Failure(str(problem), 1 + random.random())  # noqa: S311 - jitter
        asked = response.headers.get("Retry-After", "")
        seconds = min(float(asked), LONGEST_WAIT) if asked.isdigit() else None
        return _Failure(str(problem), seconds)

    def _without_secrets(self, problem: Problem) -> Problem:
        text = problem.text
        for secret in tuple(self.hidden):
            text = text.replace(secret, "***")
        return Problem(problem.status, problem.code, text)


def backoff(attempt: int) -> float:
    """Seconds to wait after this attempt (from 0): doubling, with jitter."""
    longest = min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter
