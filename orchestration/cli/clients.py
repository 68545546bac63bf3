"""Commands about connections: connect, list, pause, resume, disconnect.

Here belongs: asking for a credential, and saying what was stored or taken away. Not
here: how that is done (connecting.py, disconnecting.py).
"""

from dataclasses import replace
from typing import Annotated

import typer

from orchestration import asking, showing
from orchestration.cli.terminal import Json, Name, out, print_json
from orchestration.connecting import connect as store_connection
from orchestration.connecting import planned
from orchestration.connections import DEFAULT_API_URL, Credentials, Registry
from orchestration.disconnecting import disconnect as take_away
from orchestration.disconnecting import preview
from orchestration.firm import refresh_firm
from orchestration.running import enroll
from orchestration.setting_checks import OPTIONAL_GROUPS
from orchestration.settings import Home, current_home
from orchestration.states import NEXT_ACTION, States


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
    learn_from_bill_coding: Annotated[
        bool | None,
        typer.Option(help="Take the lines' accounts in BILL as weak evidence."),
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
        learn_from_bill_coding=learn_from_bill_coding,
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
    connected = store_connection(home, connection, credentials)
    report = connected.report
    out.print(f"Connected {name} to organization {report.organization_id}.")
    for remark in connected.remarks:
        out.print(remark, markup=False)
    showing.refusals(out, report)
    out.print(f"Next: bill-ledger sync {name}")


def connections(json_: Json = False) -> None:
    """List the connections and how they are."""
    home = current_home()
    rows = [showing.connection_row(home, name) for name in Registry(home).names()]
    if json_:
        print_json(rows)
    else:
        showing.connections(out, rows)


def pause(name: Name) -> None:
    """Make no request to BILL for this connection until it is resumed."""
    home = current_home()
    _states(home, name).move("paused", "paused by a person")
    refresh_firm(home)
    out.print(f"{name} is paused. bill-ledger resume {name} ends that.")


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
