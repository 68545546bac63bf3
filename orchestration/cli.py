"""`bill-ledger`: the command line.

Here belongs: commands, their arguments, what they print and which status they exit
with. Not here: what they do (running.py, reading.py, decisions.py, connections.py).
"""

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from bill_source import BillError, BillSettingsError
from bill_source.entities import BY_TABLE
from orchestration import asking, showing, source_health
from orchestration.connecting import connect as store_connection
from orchestration.connecting import planned
from orchestration.connections import (
    DEFAULT_API_URL,
    OPTIONAL_GROUPS,
    Credentials,
    Registry,
)
from orchestration.decision_kinds import KINDS, kind_named
from orchestration.decision_states import decision_rows
from orchestration.decisions import export_decisions, import_decisions, withdraw
from orchestration.disconnecting import disconnect as take_away
from orchestration.disconnecting import preview
from orchestration.exporting import export_ledger
from orchestration.failures import (
    SEVERITY,
    ExitStatus,
    LedgerError,
    UsageError,
    exit_status,
)
from orchestration.firm import refresh_firm
from orchestration.progress import Listener
from orchestration.reading import PublishedLedger
from orchestration.rule_preview import preview_file
from orchestration.running import (
    INTERRUPTED,
    Outcome,
    check_instant,
    enroll,
    prepare,
    refresh,
)
from orchestration.settings import Home, current_home
from orchestration.states import NEXT_ACTION, States, rests
from orchestration.store import State, Store

app = typer.Typer(
    help="A correct double-entry ledger in DuckDB from a BILL sync token.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
decisions_app = typer.Typer(
    help="People's input: import, preview, undo, export, list.", no_args_is_help=True
)
app.add_typer(decisions_app, name="decisions")
out = Console(highlight=False, soft_wrap=True)
if not out.is_terminal:
    out.width = 200  # a file or a pipe has no edge to wrap at
err = Console(stderr=True, highlight=False, soft_wrap=True)

Name = Annotated[str, typer.Argument(help="The connection's name.")]
KindName = Annotated[
    str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(KINDS)}.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def main() -> NoReturn:
    """Run the command line and exit with its status."""
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        app()
    except (LedgerError, BillError) as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(_status(error))
    sys.exit(ExitStatus.DONE)


def _interrupted(*_: object) -> NoReturn:
    """End at once: during a run Dagster listens instead, and outside it is nothing."""
    err.print(INTERRUPTED)
    os._exit(ExitStatus.FAILED)


def _status(error: LedgerError | BillError) -> ExitStatus:
    """Return the exit status; what a person typed may be what BILL's client refuses."""
    if isinstance(error, BillSettingsError):
        return ExitStatus.BAD_INPUT
    return exit_status(error)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--now {text!r} is no instant: use ISO 8601, like 2026-03-31T18:00:00Z."
        ) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, default=str))  # noqa: T201 - results go to stdout


@contextmanager
def _progress() -> Iterator[Listener]:
    """Show what a run does: one moving line on a terminal, else a line per step."""

    def line(message: str, *, is_detail: bool) -> None:
        if not is_detail:
            err.print(message, markup=False)

    if not err.is_terminal:
        yield line
        return
    with err.status("Starting") as status:

        def move(message: str, *, is_detail: bool) -> None:
            del is_detail
            status.update(message)

        yield move


@app.command()
def demo(
    months: Annotated[int, typer.Option(help="Months of history.", min=1)] = 24,
    seed: Annotated[int, typer.Option(help="Which company.", min=0)] = 1,
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


@app.command()
def connect(
    name: Name,
    *,
    organization_id: Annotated[str, typer.Option(help="BILL's organization id.")],
    token_name: Annotated[str, typer.Option(help="The sync token's name.")],
    dev_key: Annotated[
        str | None, typer.Option(help="Developer key; also from BILL_DEV_KEY.")
    ] = None,
    token_password_stdin: Annotated[
        bool, typer.Option(help="Read the token's password from stdin.")
    ] = False,
    api_url: Annotated[
        str | None, typer.Option(help=f"Before /v3; default {DEFAULT_API_URL}.")
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="The organization's; default America/Los_Angeles."),
    ] = None,
    home_currency: Annotated[
        str | None, typer.Option(help="ISO 4217; default USD.")
    ] = None,
    ledger_start_date: Annotated[
        str | None,
        typer.Option(help="Nothing dated before posts; default '': full history."),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(help=f"Also read {', '.join(OPTIONAL_GROUPS)}; core: none."),
    ] = None,
    spend_token_stdin: Annotated[
        bool, typer.Option(help="Read Spend & Expense's token from stdin.")
    ] = False,
) -> None:
    """Store a connection to BILL after testing it; again: replace its credential."""
    home = current_home()
    registry = Registry(home.create())
    connection = planned(
        home,
        name,
        organization_id,
        api_url=api_url,
        timezone=timezone,
        home_currency=home_currency,
        ledger_start_date=ledger_start_date,
        include=include,
    )
    credentials = Credentials(
        token_name=token_name,
        token_password=asking.token_password(from_stdin=token_password_stdin),
        dev_key=asking.dev_key(dev_key),
    )
    if "spend" in connection.include or spend_token_stdin:
        stored = registry.spend_token(name)
        token = asking.spend_token(stored, from_stdin=spend_token_stdin)
        credentials = replace(credentials, spend_token=token)
    report = store_connection(home, connection, credentials)
    out.print(f"Connected {name} to organization {report.organization_id}.")
    showing.refusals(out, report)
    out.print(f"Next: bill-ledger sync {name}")


@app.command()
def connections(json_: Json = False) -> None:
    """List the connections and how they are."""
    home = current_home()
    rows = [showing.connection_row(home, name) for name in Registry(home).names()]
    if json_:
        _print_json(rows)
    else:
        showing.connections(out, rows)


@app.command()
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
    for name in wanted:
        Registry(home).get(name)
        check_instant(home, name, instant)
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
        _print_json([showing.outcome_row(home, outcome) for outcome in outcomes])
    statuses = {outcome.status for outcome in outcomes}
    raise typer.Exit(next(status for status in SEVERITY if status in statuses))


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
        state = Store(home.connection(name).store).state()
        if state.state == "paused":
            err.print(
                f"{name} is paused: no request was made. bill-ledger resume {name}"
            )
            outcomes.append(Outcome(name, ExitStatus.DONE, "paused"))
            continue
        if not named and rests(home, name):
            outcome = Outcome(
                name, ExitStatus.CREDENTIAL_REFUSED, _unasked(name, state)
            )
            showing.outcome(err, home, outcome)
            outcomes.append(outcome)
            continue
        with _progress() as listener:
            outcome = refresh(home, name, listener=listener, **how)
        showing.outcome(err, home, outcome)
        outcomes.append(outcome)
    return outcomes


@app.command()
def pause(name: Name) -> None:
    """Make no request to BILL for this connection until it is resumed."""
    home = current_home()
    _states(home, name).move("paused", "paused by a person")
    refresh_firm(home)
    out.print(f"{name} is paused. bill-ledger resume {name} ends that.")


@app.command()
def resume(name: Name) -> None:
    """Sync a paused connection again."""
    home = current_home()
    state = _states(home, name).move("resumed")
    refresh_firm(home)
    action = NEXT_ACTION[state.state].format(name=name)
    out.print(f"{name} is {state.state}. Next: {action}", markup=False)


def _states(home: Home, name: str) -> States:
    Registry(home).get(name)
    return States(home.connection(name).store)


@app.command()
def disconnect(
    name: Name,
    *,
    delete_data: Annotated[
        bool, typer.Option(help="Remove its ledger, history and decisions too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a connection's credential; its data stays unless asked for."""
    home = current_home()
    showing.fates(out, preview(home, name, delete_data=delete_data))
    if delete_data and not yes:
        asking.consent(f"Delete all of this for {name}, decisions included?")
    take_away(home, name, delete_data=delete_data)
    enroll(home)
    refresh_firm(home)
    left = "nothing is left" if delete_data else "the data stays"
    out.print(f"Disconnected {name}; {left}. Revoke its token in BILL if it is unused.")


@app.command()
def status(name: Name, json_: Json = False) -> None:
    """Show what is loaded, posted and not posted, and what is open."""
    home = current_home()
    Registry(home).get(name)
    document = showing.status_document(home, name)
    document["source"] = source_health.document(home.connection(name))
    if json_:
        _print_json(document)
    else:
        showing.status(out, document)
        source_health.show(out, document["source"])


@app.command()
def review(
    name: Name,
    limit: Annotated[int, typer.Option(help="How many lines.", min=1)] = 20,
    csv: Annotated[Path | None, typer.Option(help="Write them to a file.")] = None,
) -> None:
    """List the lines most worth a person's look, by money at risk."""
    home = current_home()
    Registry(home).get(name)
    rows = PublishedLedger(home.connection(name)).review(limit)
    if csv is not None:
        showing.write_csv(csv, rows)
    else:
        showing.review(out, rows)


@app.command()
def evaluate(
    name: Annotated[
        str | None, typer.Argument(help="A connection: the lines people decided.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="A parquet file of labelled rows instead.")
    ] = None,
    protocol: Annotated[
        list[str] | None,
        typer.Option(help="temporal (default), new-vendor, few-shot, stream."),
    ] = None,
    department: Annotated[
        bool, typer.Option(help="Let it see the file's departments.")
    ] = False,
    baselines: Annotated[bool, typer.Option(help="Measure these too.")] = True,
    json_: Json = False,
) -> None:
    """Measure the categorizer on rows it has not seen, beside its baselines."""
    from orchestration import evaluating

    if (name is None) == (data is None):
        raise UsageError("Say what to evaluate: a connection's name, or --data FILE.")
    if data is not None:
        document = evaluating.evaluate_file(
            data, protocol or [], department=department, with_baselines=baselines
        )
    else:
        home = current_home()
        Registry(home).get(str(name))
        document = evaluating.evaluate_connection(
            home.connection(str(name)),
            str(name),
            protocol or [],
            with_baselines=baselines,
        )
    if json_:
        _print_json(document)
    else:
        evaluating.show(out, document)


@app.command()
def export(
    name: Name,
    kind: Annotated[str, typer.Argument(help="csv or parquet; hledger or beancount.")],
    path: Annotated[
        Path, typer.Argument(help="Folder for the tables; file for the book.")
    ],
    basis: Annotated[
        str | None, typer.Option(help="Which book: accrual (default) or cash.")
    ] = None,
) -> None:
    """Write the ledger for other programs: its tables, or one of its books."""
    home = current_home()
    Registry(home).get(name)
    written = export_ledger(home.connection(name), kind, path, basis)
    out.print(f"Wrote {written} to {path}.", markup=False)


@decisions_app.command("import")
def decisions_import(name: Name, kind: KindName, file: Path) -> None:
    """Add the decisions of a CSV file: all of them, or none."""
    home = current_home()
    Registry(home).get(name)
    store = Store(home.connection(name).store)
    added = import_decisions(store, kind_named(kind), file, datetime.now(UTC))
    out.print(f"Added {added} decision(s). They count from the next sync of {name}.")


@decisions_app.command("export")
def decisions_export(
    name: Name,
    kind: KindName,
    file: Annotated[Path | None, typer.Argument()] = None,
) -> None:
    """Write the decisions of a kind as CSV, to stdout or to a file."""
    home = current_home()
    Registry(home).get(name)
    store = Store(home.connection(name).store)
    if file is None:
        export_decisions(store, kind_named(kind), sys.stdout)
        return
    with file.open("w", encoding="utf-8", newline="") as target:
        count = export_decisions(store, kind_named(kind), target)
    out.print(f"Wrote {count} decision(s) to {file}.", markup=False)


@decisions_app.command("list")
def decisions_list(name: Name) -> None:
    """List every decision and what became of it, a rejected one with the reason."""
    home = current_home()
    Registry(home).get(name)
    showing.decisions(out, decision_rows(home.connection(name)))


@decisions_app.command("preview")
def decisions_preview(
    name: Name,
    file: Annotated[Path, typer.Argument(help="A CSV file of category_rules.")],
    json_: Json = False,
) -> None:
    """List every line that rules would move, in open and locked periods."""
    home = current_home()
    Registry(home).get(name)
    rows = preview_file(home.connection(name), file, datetime.now(UTC))
    if json_:
        _print_json(rows)
    else:
        showing.rule_changes(out, rows)


@decisions_app.command("undo")
def decisions_undo(
    name: Name,
    kind: KindName,
    about: Annotated[
        list[str], typer.Argument(help="Rule id; or entity, document and line id.")
    ],
) -> None:
    """Take back a category override or rule: the lines go back to what is left."""
    home = current_home()
    Registry(home).get(name)
    store = Store(home.connection(name).store)
    withdraw(store, kind_named(kind), [about], datetime.now(UTC))
    out.print(f"Taken back. It counts from the next sync of {name}.", markup=False)


@app.command()
def recategorize(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Keep the new answers.")] = False,
    json_: Json = False,
) -> None:
    """Ask the categorizer again about what it decided; show what would move."""
    from orchestration import recategorizing

    home = current_home()
    owner = Registry(home).get(name)
    folder = home.connection(name)
    proposal = recategorizing.propose(folder, owner, datetime.now(UTC))
    if yes:
        recategorizing.keep(folder, proposal)
    if json_:
        _print_json(proposal.changes)
    else:
        showing.newer_answers(out, proposal.changes, name, is_kept=yes)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="0 picks a free one.")] = 0,
    seed: Annotated[int, typer.Option(help="Which company.")] = 1,
    months: Annotated[int, typer.Option(help="Months of history.")] = 24,
    data: Annotated[
        Path | None, typer.Option(help="Serve the list bodies of this folder.")
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="What goes wrong, NAME or NAME=ARGUMENT.")
    ] = None,
) -> None:
    """Serve the bundled BILL until stopped."""
    from bill_source.sandbox.__main__ import serve

    raise typer.Exit(
        serve(port=port, seed=seed, months=months, data_dir=data, faults=fault or [])
    )


@app.command()
def webhook(
    name: Annotated[
        str | None,
        typer.Argument(help="A connection; all that have a key if left out."),
    ] = None,
    port: Annotated[int, typer.Option(help="0 picks a free one.")] = 8787,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    set_key: Annotated[
        bool, typer.Option("--set-key", help="Store BILL's security key and end.")
    ] = False,
) -> None:
    """Receive BILL's notifications, so that a sync follows within minutes."""
    from orchestration.webhooks import serve

    home = current_home()
    if not set_key:
        serve(home, name, host=host, port=port, say=_say, told=_tell)
    elif name is None:
        raise UsageError("Say whose key it is: bill-ledger webhook NAME --set-key")
    else:
        Registry(home).get(name)
        Registry(home).save_webhook_key(name, asking.webhook_key())
        out.print(
            f"Stored the security key of {name}. Next: bill-ledger webhook {name}"
        )


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - results go to stdout


def _tell(line: str) -> None:
    err.print(line, markup=False)


@app.command()
def alerts(
    test: Annotated[
        bool, typer.Option("--test", help="Send a message to every channel.")
    ] = False,
) -> None:
    """Say where alerts go: a webhook, Slack, e-mail, or nowhere."""
    from orchestration.alerts import trial
    from orchestration.channels import channels

    used = channels(current_home())
    out.print(f"Alerts go to: {', '.join(used.names) or 'nowhere (docs/operating.md)'}")
    if test and (failed := used.send(trial())):
        raise LedgerError(f"The test did not arrive by: {', '.join(failed)}.")


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="The UI's port.")] = 3000,
    host: Annotated[str, typer.Option(help="The UI's address.")] = "127.0.0.1",
) -> None:
    """Open the Dagster UI over this home folder, with its schedules."""
    from orchestration.serving import serve_ui

    home = current_home()
    enroll(home)
    serve_ui(home, host, port)


@app.command("app")
def review_app(
    port: Annotated[int, typer.Option(help="The app's port.")] = 8501,
    host: Annotated[str, typer.Option(help="The app's address.")] = "127.0.0.1",
    set_password: Annotated[
        bool, typer.Option("--set-password", help="Store the app's password and end.")
    ] = False,
) -> None:
    """Open the review app: connect, look at the books, correct categories."""
    from orchestration.app.server.launch import serve_app
    from orchestration.app.server.password import Password

    home = current_home()
    if not set_password:
        serve_app(home, host, port, _say)
    Password(home).store(asking.app_password())
    out.print("Stored. The app asks for it from now on.")
