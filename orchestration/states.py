"""How a connection is, and what moves it from one state to the next.

Here belongs: the states, the events that move a connection, whose data it holds. Not
here: when an event happens (resources.py, cli/), how a state is shown (showing.py).

What `MOVES` does not name changes nothing: a network that fails says nothing new of a
refused token, and a run that ends well does not end a pause. What a pause hides is
kept, moves on as a run ends that was going, and is there again when it is resumed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.connections import Connection, Registry, unknown_settings
from orchestration.failures import LedgerError, StoreError, UsageError
from orchestration.locks import is_held
from orchestration.settings import ConnectionFolder, Home
from orchestration.store import NEW, State, Store, instant_text

SYNCING = "syncing"
"""No state of its own: a run holds the connection's lock."""
NEXT_ACTION = {
    "connected": "bill-ledger sync {name}",
    SYNCING: "wait for the run to end",
    "needs_reconnection": "bill-ledger connect {name} with a working sync token",
    "paused": "bill-ledger resume {name}",
    "error": "read the cause, then bill-ledger sync {name}",
}
STATES = tuple(state for state in NEXT_ACTION if state != SYNCING)
MOVES: Mapping[str, Mapping[str, str]] = {
    "connected": dict.fromkeys(STATES, "connected"),
    "began": {},  # only its instant counts
    "credential_worked": {"needs_reconnection": "connected"},
    "succeeded": {"connected": "connected", "error": "connected"},
    "failed": {"connected": "error", "error": "error"},
    "credential_refused": {
        "connected": "needs_reconnection",
        "error": "needs_reconnection",
        "needs_reconnection": "needs_reconnection",
    },
    "paused": {
        "connected": "paused",
        "error": "paused",
        "needs_reconnection": "paused",
    },
    "resumed": {"paused": "connected"},
}
"""For each event: from which state to which; `resumed` to the one the pause hides."""


@dataclass(frozen=True)
class States(Store):
    """The state of one connection, in its SQLite file."""

    def move(
        self,
        event: str,
        cause: str = "",
        *,
        last_success: str | None = None,
        last_as_of: str | None = None,
    ) -> State:
        """Tell what happened; return how the connection is now.

        Args:
            event: One of `MOVES`.
            cause: Why, and what to do, where it is no good news.
            last_success: When a run last ended well, if one did now.
            last_as_of: The instant a run counts as, if one began now.
        """
        at = instant_text(datetime.now(UTC))
        with self._transaction() as connection:
            connection.execute("begin immediate")
            rows = connection.execute(
                "select state, cause, since, last_success, last_as_of"
                " from connection_state"
            ).fetchall()
            before = State(*rows[0]) if rows else State("connected", "", at, None, None)
            after = _moved(before, event, cause, at)
            hidden = before
            if before.state == "paused":
                rows = connection.execute(
                    "select state, cause, since, null, null from before_pause"
                ).fetchall()
                hidden = State(*rows[0]) if rows else replace(NEW, since=at)
                if event == "resumed":
                    after = hidden
                elif event != "paused":
                    hidden = _moved(hidden, event, cause, at)
            if after.state == "paused":
                connection.execute(
                    "insert or replace into before_pause values (1, ?, ?, ?)",
                    (hidden.state, hidden.cause, hidden.since),
                )
            after = replace(
                after,
                last_success=last_success or before.last_success,
                last_as_of=last_as_of or before.last_as_of,
            )
            connection.execute(
                "insert or replace into connection_state values (1, ?, ?, ?, ?, ?)",
                tuple(vars(after).values()),
            )
        return after

    def word(self, folder: ConnectionFolder) -> str:
        """Return the state as it is told: while a run is going on, `SYNCING`."""
        return SYNCING if is_held(folder.lock) else self.state().state

    def newest_run(self) -> dict[str, Any]:
        """Return the run that ended last; nothing before the first."""
        query = "select * from sync_runs order by finished_at desc, run_id limit 1"
        return next(iter(self._all(query, ())), {})

    def calls_since(self, instant: datetime) -> int:
        """Return how many requests to BILL were made by runs that ended since."""
        query = (
            "select coalesce(sum(api_calls), 0) as calls from sync_runs"
            " where finished_at >= ?"
        )
        rows = self._all(query, (instant_text(instant),))
        return int(rows[0]["calls"]) if rows else 0

    def refuse(self, fingerprint: str) -> None:
        """Note which credential BILL refused."""
        with self._transaction() as connection:
            connection.execute(
                "insert or replace into refused_credential values (1, ?)",
                (fingerprint,),
            )

    def has_refused(self, fingerprint: str) -> bool:
        """Whether that is the credential BILL refused; unknown ones count as refused.

        A state that an older version left has no fingerprint.
        """
        rows = self._all("select fingerprint from refused_credential", ())
        return not rows or rows[0]["fingerprint"] == fingerprint

    def owner(self) -> Connection | None:
        """Return the connection this data was last synced or connected for."""
        rows = self._all("select settings from owner", ())
        if not rows:
            return None
        fields: dict[str, Any] = json.loads(rows[0]["settings"])
        if unknown := unknown_settings(fields):
            raise StoreError(
                f"Opening {self.path}: whose data it is was written by a newer"
                f" bill-ledger, with settings this one has not: {unknown}. Nothing was"
                " changed. Install that version again, or restore the backup made"
                " before the upgrade."
            )
        return Connection(**{**fields, "include": tuple(fields["include"])})

    def claim(self, connection: Connection) -> None:
        """Note whose data this is, and with which settings.

        Raises:
            LedgerError: It is another organization's.
            StoreError: A newer version has written whose it is.
        """
        before = self.owner()
        if before and before.organization_id != connection.organization_id:
            raise LedgerError(
                f"{connection.name} is set to organization"
                f" {connection.organization_id}, and {self.path.parent} holds the data"
                f" of {before.organization_id}. Nothing was read. Set organization_id"
                " in connections.toml back, or connect that one under another name."
            )
        if before != connection:
            with self._transaction() as database:
                database.execute(
                    "insert or replace into owner values (1, ?)",
                    (json.dumps(asdict(connection)),),
                )


def _moved(before: State, event: str, cause: str, at: str) -> State:
    """Return the state an event leads to; where it leads nowhere, the same."""
    to = MOVES[event].get(before.state)
    return replace(
        before,
        state=to or before.state,
        cause=before.cause if to is None else cause,
        since=before.since if to in {None, before.state} and before.since else at,
    )


@dataclass(frozen=True)
class Standing:
    """How a connection is, as far as its files can be read.

    Attributes:
        connection: What it is set to; None where its settings cannot be read.
        state: Its state, `error` where something cannot be read.
        word: The state as it is told.
        newest_run: The run that ended last; nothing before the first.
        calls: Requests to BILL in the last 24 hours; None where unknown.
    """

    connection: Connection | None
    state: State
    word: str
    newest_run: Mapping[str, Any]
    calls: int | None

    @property
    def organization_id(self) -> str | None:
        """BILL's id of the organization, None where the settings cannot be read."""
        return self.connection.organization_id if self.connection else None

    def next_action(self, name: str) -> str:
        """Return what a person does next, the connection being called name."""
        return NEXT_ACTION[self.word].format(name=name)


def standing(home: Home, name: str) -> Standing:
    """Return how a connection is; what cannot be read of it is its state's cause."""
    folder, connection, troubles = home.connection(name), None, []
    states, day = States(folder.store), timedelta(days=1)
    state, word, newest, calls = NEW, "error", {}, None
    try:
        connection = Registry(home).get(name)
    except LedgerError as error:
        troubles.append(str(error))
    try:
        state, word = states.state(), states.word(folder)
        newest, calls = states.newest_run(), states.calls_since(datetime.now(UTC) - day)
    except (LedgerError, OSError) as error:
        troubles.append(str(error))
    if troubles:
        word, state = "error", replace(state, state="error", cause=" ".join(troubles))
    return Standing(connection, state, word, newest, calls)


def rests(home: Home, name: str) -> bool:
    """Whether nothing asks BILL for a connection unless a person names it.

    It is paused, or BILL has refused the very credential it has now.

    Raises:
        StoreError: Its state cannot be read.
    """
    states = States(home.connection(name).store)
    state = states.state().state
    if state != "needs_reconnection":
        return state == "paused"
    try:
        return states.has_refused(Registry(home).credentials(name).fingerprint())
    except UsageError:
        return True  # it has none at all
