"""Commands that run the pipeline: ``demo`` and ``sync``.

Here belongs: which connections run, in which order, and with which status it ends. Not
here: the run itself (running.py).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bill_source.entities import BY_TABLE
from orchestration import showing
from orchestration.cli.terminal import Json, err, out, print_json, progress
from orchestration.connections import Registry
from orchestration.failures import SEVERITY, ExitStatus, LedgerError, UsageError
from orchestration.running import Outcome, check_instant, prepare, refresh
from orchestration.settings import Home, current_home
from orchestration.states import NEXT_ACTION, rests
from orchestration.store import State, Store

PAUSED = "paused"


def demo(
    months: Annotated[
        int | None, typer.Option(help="Months of history; 24 at first.", min=1)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Which company; 1 at first.", min=0)
    ] = None,
) -> None:
    """Sync the bundled company and show its ledger; again: what changed overnight."""
    from orchestration.demo import live_a_day

    home = current_home()
    prepare(home)
    is_new = live_a_day(home, seed=seed, months=months)
    outcome = _refresh(home, ["demo"])[0]
    if outcome.status is ExitStatus.DONE:
        showing.summary(out, home.connection("demo"), first=is_new)
    raise typer.Exit(outcome.status)


def sync(
    names: Annotated[
        list[str] | None, typer.Argument(help="Connections; all when left out.")
    ] = None,
    full: Annotated[bool, typer.Option(help="Read the whole history again.")] = False,
    entity: Annotated[
        list[str] | None, typer.Option(help="Read only this list, such as bills.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="Sync as of this instant.")] = None,
    accept_empty: Annotated[
        list[str] | None, typer.Option(help="This list is rightly empty, like vendors.")
    ] = None,
    json_: Json = False,
) -> None:
    """Load what changed in BILL and rebuild the ledger."""
    home = current_home()
    wanted = names or Registry(home).names()
    if not wanted:
        raise UsageError("There is no connection yet. Start with: bill-ledger connect")
    instant = _instant(now)
    for name in names or ():
        Registry(home).get(name)
    entities = [_raw_table(name) for name in entity or []]
    accepted = [_raw_table(name) for name in accept_empty or []]
    prepare(home)
    outcomes = _refresh(
        home,
        wanted,
        named=bool(names),
        now=instant,
        full=full,
        entities=entities,
        accept_empty=accepted,
    )
    if json_:
        print_json([showing.outcome_row(home, outcome) for outcome in outcomes])
    statuses = {outcome.status for outcome in outcomes}
    raise typer.Exit(next(status for status in SEVERITY if status in statuses))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
        parsed = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--now {text!r} is no instant: use ISO 8601, like 2026-03-31T18:00:00Z."
        ) from error
    return parsed


def _raw_table(entity: str) -> str:
    table = entity.replace("-", "_")
    if table not in BY_TABLE:
        raise UsageError(
            f"Unknown list {entity!r}. There are: {', '.join(sorted(BY_TABLE))}."
        )
    return table


def _unasked(name: str, state: State) -> str:
    return (
        f"BILL was not asked, because it refused the credential at {state.since}:"
        f" {state.cause} Then: {NEXT_ACTION[state.state].format(name=name)}. To try the"
        f" same credential once more: bill-ledger sync {name}"
    )


def _refresh(
    home: Home, names: Sequence[str], *, named: bool = True, **how: Any
) -> list[Outcome]:
    """Run connections one after the other; one that fails stops no other.

    A credential that BILL refused is tried again only where a person named it.
    """
    outcomes = []
    for name in names:
        try:
            outcome = _run(home, name, named=named, **how)
        except LedgerError as error:
            outcome = Outcome(name, error.status, str(error))
        if outcome.message == PAUSED:
            err.print(
                f"{name} is paused: no request was made. bill-ledger resume {name}"
            )
        else:
            showing.outcome(err, home, outcome)
        outcomes.append(outcome)
    return outcomes


def _run(
    home: Home, name: str, *, named: bool, now: datetime | None = None, **how: Any
) -> Outcome:
    """Run one connection, unless it rests.

    Raises:
        UsageError: Its settings are malformed, or it was synced as of a later instant.
        StoreError: Its state cannot be read.
    """
    Registry(home).get(name)
    check_instant(home, name, now)
    state = Store(home.connection(name).store).state()
    if state.state == "paused":
        return Outcome(name, ExitStatus.DONE, PAUSED)
    if not named and rests(home, name):
        return Outcome(name, ExitStatus.CREDENTIAL_REFUSED, _unasked(name, state))
    with progress() as listener:
        return refresh(home, name, now=now, listener=listener, **how)
