"""The password of the review app, kept as what only the right one gives again.

Here belongs: storing and checking it, and waiting longer after each wrong one. Not
here: asking a person (gate.py, asking.py), when one is needed (launch.py).
"""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from orchestration.failures import UsageError
from orchestration.settings import Home, app_password_in_environment

COST, BLOCK, LANES = 2**15, 8, 1
"""What scrypt takes: 32 MB and about a tenth of a second."""
MEMORY = 64 * 1024 * 1024
LEAST_LENGTH = 10
LONGEST_WAIT = 30.0
"""Seconds."""


@dataclass(frozen=True)
class Password:
    """The password of one home folder; the environment's wins over the file's."""

    home: Home

    def is_set(self) -> bool:
        """Whether there is one."""
        return bool(app_password_in_environment()) or self.home.app_password.exists()

    def store(self, password: str) -> None:
        """Keep a new password's hash in a file that only its owner reads.

        Raises:
            UsageError: It is too short.
        """
        if len(password) < LEAST_LENGTH:
            raise UsageError(
                f"The app's password must have {LEAST_LENGTH} characters or more;"
                " nothing was stored."
            )
        target = self.home.create().app_password
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".app_password.")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{_hashed(password, secrets.token_bytes(16))}\n")
        Path(temporary).replace(target)

    def is_right(self, password: str) -> bool:
        """Whether this is it; how long that takes does not tell how much is right.

        Raises:
            UsageError: The file is malformed.
        """
        expected = app_password_in_environment()
        if expected:
            salt = b"environment"
            return hmac.compare_digest(_hashed(password, salt), _hashed(expected, salt))
        stored = self.home.app_password.read_text(encoding="ascii").strip()
        try:
            salt = base64.b64decode(stored.split("$")[-2], validate=True)
        except (IndexError, ValueError) as error:
            raise UsageError(
                f"{self.home.app_password} is malformed: set the password again with"
                " bill-ledger app --set-password."
            ) from error
        return hmac.compare_digest(_hashed(password, salt), stored)


@dataclass
class Patience:
    """Makes guessing slow: after each wrong password the next try has to wait longer.

    One of it counts for every visitor, so that many of them guess no faster.
    """

    failures: int = 0
    not_before: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def wait(self) -> float:
        """Return the seconds until the next try counts."""
        return max(0.0, self.not_before - time.monotonic())

    def attempt(self, password: Password, given: str) -> bool:
        """Try a password; False without looking at it while a wait goes on."""
        with self.lock:
            if self.wait():
                return False
            is_right = password.is_right(given)
            self.failures = 0 if is_right else self.failures + 1
            pause = (
                min(LONGEST_WAIT, 2.0 ** (self.failures - 1)) if self.failures else 0
            )
            self.not_before = time.monotonic() + pause
            return is_right


def _hashed(password: str, salt: bytes) -> str:
    """Return how a password is stored: what it was made with, salt and hash."""
    digest = hashlib.scrypt(
        password.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, maxmem=MEMORY
    )
    parts = (base64.b64encode(part).decode("ascii") for part in (salt, digest))
    return f"scrypt${COST}${BLOCK}${LANES}${'$'.join(parts)}"
