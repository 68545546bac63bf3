"""Sessions that are kept: within a run, and in a private file from run to run.

Here belongs: which session to use, when to log in anew, the file and who may read it.
Not here: how one logs in (login.py), or what is asked with a session (client.py).

The file's name is a fingerprint of the whole credential: a changed one never meets the
session of the old. When the file was last touched is when the session was last used.
"""

import hashlib
import hmac
import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bill_source.budget import private_folder
from bill_source.errors import BillError, BillSessionError
from bill_source.login import Login, Session, login_of
from bill_source.settings import BillCredentials
from bill_source.terms import Terms
from bill_source.transport import Transport

MOST_RENEWALS = 9
"""Of one run; BILL allows 200 logins an hour per key, to all its customers."""
TOUCH = timedelta(minutes=1)
"""How often a session in use is noted to be in use."""
MARGIN = timedelta(minutes=2)
"""So long before its idle end a session is not tried any more."""


LONGEST_KEPT = timedelta(hours=48)
"""No session of BILL's lives longer without use."""


class _Kept(msgspec.Struct):
    """What stands in the file."""

    id: str
    user_id: str
    expires_at: datetime | None


class SessionFile:
    """One credential's session on disk, for its owner's eyes only."""

    def __init__(self, credentials: BillCredentials, folder: Path) -> None:
        self._folder = private_folder(folder)
        self._path = folder / f"session-{_fingerprint(credentials)}.json"

    def read(self, idle_life: timedelta | None, now: datetime) -> Session | None:
        """Return the session if there is one that may still live."""
        try:
            used_at = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        is_idle = idle_life is not None and now - used_at > idle_life - MARGIN
        is_over = kept.expires_at is not None and now >= kept.expires_at
        if is_idle or is_over:
            return None
        return Session(kept.id, kept.user_id, expires_at=kept.expires_at, is_kept=True)

    def write(self, session: Session, now: datetime) -> None:
        """Replace the session in one step; the file is never readable by others.

        Where that fails the next run logs in again, and nothing else is lost.
        """
        kept = _Kept(session.id, session.user_id, session.expires_at)
        with suppress(OSError):
            self._sweep(now)
            # mkstemp makes files of mode 0600.
            handle, name = tempfile.mkstemp(dir=self._folder, prefix="session-")
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(kept))
            Path(name).replace(self._path)
            self.touch(now)

    def _sweep(self, now: datetime) -> None:
        """Remove sessions of other credentials that nobody has used for days."""
        oldest = (now - LONGEST_KEPT).timestamp()
        for path in self._folder.glob("session-*"):
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the session; the next run would log in anew."""
        self._path.unlink(missing_ok=True)

    def touch(self, now: datetime) -> None:
        """Note that the session was used."""
        with suppress(FileNotFoundError):
            os.utime(self._path, (now.timestamp(), now.timestamp()))


class Sessions:
    """The session of a client: kept, made or renewed, by one thread at a time.

    Args:
        credentials: What to log in with.
        transport: Who sends the login.
        terms: Where sessions are kept, and the clock.
        fresh: Log in even where a kept session may still live.
    """

    def __init__(
        self,
        credentials: BillCredentials,
        transport: Transport,
        terms: Terms,
        *,
        fresh: bool = False,
    ) -> None:
        self.logins = 0
        self.login: Login = login_of(credentials)
        self._transport = transport
        self._clock: Callable[[], datetime] = terms.clock
        self._fresh = fresh
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._number = 0
        self._renewals = 0
        self._touched_at: datetime | None = None
        self._file: SessionFile | None = None
        if terms.shared is not None:
            self._file = SessionFile(credentials, terms.shared)

    def close(self) -> None:
        """Note the last use."""
        if self._file is not None and self._session is not None:
            self._file.touch(self._clock())

    def current(self) -> Session:
        """Return the session, made on first use and when its time is over."""
        session = self._session
        if session is not None and not self._is_over(session):
            self._note_use()
            return session
        with self._lock:
            if self._session is None or self._is_over(self._session):
                self._transport.check_lock()
                self._session = (None if self._fresh else self._kept()) or self._new()
            return self._session

    def renew(self, ended: Session) -> Session:
        """Return another session than the one BILL has ended.

        Raises:
            BillSessionError: BILL has ended too many in this run.
        """
        with self._lock:
            if self._session is None or self._session.number == ended.number:
                self._count_renewal()
                kept = self._kept()
                is_other = kept is not None and kept.id != ended.id
                self._session = kept if kept and is_other else self._new()
            return self._session

    def _is_over(self, session: Session) -> bool:
        return session.expires_at is not None and self._clock() >= session.expires_at

    def _kept(self) -> Session | None:
        """A session of an earlier run, or one that another process made meanwhile."""
        if self._file is None:
            return None
        found = self._file.read(self.login.idle_life, self._clock())
        return self._adopt(found) if found else None

    def _count_renewal(self) -> None:
        self._renewals += 1
        if self._renewals > MOST_RENEWALS:
            self._transport.fatal = BillSessionError(
                f"BILL ended the session {self._renewals} times in one run."
            )
            raise self._transport.fatal

    def _new(self) -> Session:
        self.logins += 1
        try:
            made = self.login.log_in(self._transport, self._clock())
        except BillError as error:
            self._transport.fatal = error
            raise
        session = self._adopt(made)
        if self._file is not None:
            self._file.write(session, self._clock())
        return session

    def _adopt(self, session: Session) -> Session:
        self._transport.hidden.add(session.id)
        self._number += 1
        return replace(session, number=self._number)

    def _note_use(self) -> None:
        if self._file is None:
            return
        now = self._clock()
        if self._touched_at is None or now - self._touched_at >= TOUCH:
            self._touched_at = now
            self._file.touch(now)


def _fingerprint(credentials: BillCredentials) -> str:
    """Name the credential so that only who knows the key can tell what is named."""
    parts = (
        credentials.api_url,
        credentials.organization_id,
        credentials.kind,
        credentials.token_name,
        credentials.token_password,
    )
    key = credentials.dev_key.encode()
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]
