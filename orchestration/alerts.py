"""What is worth telling a person who is not looking, and what was told already.

Here belongs: the conditions of a connection, their words with the fix, once a day at
most. Not here: how a message travels (channels.py), when this is asked (resources.py,
automation.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from orchestration.channels import Alert, Channels, channels
from orchestration.failures import ExitStatus, LedgerError, StoreError
from orchestration.settings import ConnectionFolder, Home
from orchestration.states import NEXT_ACTION, Standing, standing
from orchestration.store import State, Store, instant_from, instant_text

REMINDED_AFTER = timedelta(hours=24)
SUBJECTS = {
    "failure": "the sync failed",
    "publication_blocked": "a check failed, so nothing new was published",
    "reconnection_needed": "BILL refuses the credential: connect again",
    "stale": "the ledger is out of date",
    "recovered": "all is well again",
}


@dataclass(frozen=True)
class Told(Store):
    """What was told of one connection, in its SQLite file."""

    def told(self) -> Mapping[str, datetime]:
        """Return when each open condition was told last."""
        rows = self._all("select kind, told_at from alerts", ())
        return {row["kind"]: instant_from(row["told_at"]) for row in rows}

    def keep(self, kind: str, at: datetime) -> None:
        """Note that a condition was told."""
        with self._transaction() as connection:
            connection.execute(
                "insert or replace into alerts values (?, ?)", (kind, instant_text(at))
            )

    def forget(self, kind: str) -> None:
        """Note that a condition has ended."""
        with self._transaction() as connection:
            connection.execute("delete from alerts where kind = ?", (kind,))


def alert(home: Home, name: str, now: datetime | None = None) -> list[Alert]:
    """Tell what holds of a connection and was not told today, and what has ended.

    Nothing is asked or sent where no channel is set, or of a paused connection.

    Returns:
        What was sent and arrived somewhere.
    """
    used = channels(home)
    if not used.names:
        return []
    stands = standing(home, name)
    if stands.state.state == "paused":
        return []
    at = now or datetime.now(UTC)
    store = _memory(home.connection(name))
    told, open_ = store.told(), conditions(stands, name, at, used)
    sent: list[Alert] = []
    for kind, text in open_.items():
        is_due = kind not in told or at - told[kind] >= REMINDED_AFTER
        if is_due and _send(stands, name, used, kind, text, sent):
            store.keep(kind, at)
    for kind in told.keys() - open_.keys():
        store.forget(kind)
    if told and not open_:
        text = "It had been told: " + ", ".join(SUBJECTS[kind] for kind in sorted(told))
        _send(stands, name, used, "recovered", f"{text}.", sent)
    return sent


def _memory(folder: ConnectionFolder) -> Told:
    """Return where it is noted what was told: beside a store that cannot be read."""
    store = Told(folder.store)
    try:
        store.told()
    except StoreError:
        return Told(folder.path / "told.sqlite")
    return store


def alert_quietly(home: Home, name: str) -> str:
    """Do `alert`; return what stood in the way, which never fails a run."""
    try:
        alert(home, name)
    except LedgerError as error:
        return f"No alert was sent: {error}"
    return ""


def conditions(
    stands: Standing, name: str, now: datetime, used: Channels
) -> Mapping[str, str]:
    """Return the open conditions of a connection, in words that say what to do."""
    state, found = stands.state, {}
    action = NEXT_ACTION[state.state].format(name=name)
    if state.state == "needs_reconnection":
        found["reconnection_needed"] = f"{state.cause}\nWhat to do: {action}"
    elif state.state == "error":
        last = stands.newest_run.get("exit_status")
        is_blocked = stands.connection and last == ExitStatus.NOT_PUBLISHED
        kind = "publication_blocked" if is_blocked else "failure"
        found[kind] = f"{state.cause}\nWhat to do: {action}"
    if _is_stale(state, now, timedelta(hours=int(used.stale_hours))):
        found["stale"] = (
            f"No sync has ended well since {state.last_success or 'it was connected'}."
            " What to do: see whether `bill-ledger ui` (or its service) runs and the"
            f" schedule refresh_ledger_hourly is on; or: bill-ledger sync {name}"
        )
    return found


def _is_stale(state: State, now: datetime, longest: timedelta) -> bool:
    last = state.last_success or state.since
    return bool(last) and now - instant_from(last) > longest


def _send(
    stands: Standing,
    name: str,
    used: Channels,
    kind: str,
    text: str,
    sent: list[Alert],
) -> bool:
    """Send one alert; tell whether it arrived anywhere."""
    message = Alert(
        connection=name,
        organization_id=stands.organization_id or "",
        kind=kind,
        subject=f"bill-ledger: {name}: {SUBJECTS[kind]}",
        text=text,
    )
    if len(used.send(message)) == len(used.names):
        return False
    sent.append(message)
    return True


def trial() -> Alert:
    """Return a message that says that messages arrive."""
    return Alert("", "", "test", "bill-ledger: a test", "Alerts arrive here.")
