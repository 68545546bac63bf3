"""Commands that serve until they are stopped, and where alerts go.

Here belongs: ports, addresses, keys and passwords on the command line. Not here: what
is served (serving.py, webhooks.py, app/, bill_source/sandbox).
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration import asking
from orchestration.cli.terminal import out, say, tell
from orchestration.connections import Registry
from orchestration.failures import LedgerError, UsageError
from orchestration.running import enroll
from orchestration.settings import current_home


def sandbox(
    port: Annotated[
        int, typer.Option(help="0 picks a free one.", min=0, max=65_535)
    ] = 0,
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


def webhook(
    name: Annotated[
        str | None,
        typer.Argument(help="A connection; all that have a key if left out."),
    ] = None,
    port: Annotated[
        int, typer.Option(help="0 picks a free one.", min=0, max=65_535)
    ] = 8787,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    set_key: Annotated[
        bool, typer.Option("--set-key", help="Store BILL's security key and end.")
    ] = False,
) -> None:
    """Receive BILL's notifications, so that a sync follows within minutes."""
    from orchestration.webhooks import serve

    home = current_home()
    if not set_key:
        serve(home, name, host=host, port=port, say=say, told=tell)
    elif name is None:
        raise UsageError("Say whose key it is: bill-ledger webhook NAME --set-key")
    else:
        Registry(home).get(name)
        Registry(home).save_webhook_key(name, asking.webhook_key())
        out.print(
            f"Stored the security key of {name}. Next: bill-ledger webhook {name}"
        )


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


def ui(
    port: Annotated[int, typer.Option(help="The UI's port.")] = 3000,
    host: Annotated[str, typer.Option(help="The UI's address.")] = "127.0.0.1",
) -> None:
    """Open the Dagster UI over this home folder, with its schedules."""
    from orchestration.serving import serve_ui

    home = current_home()
    enroll(home)
    serve_ui(home, host, port)


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
        serve_app(home, host, port, say)
    Password(home).store(asking.app_password())
    out.print("Stored. The app asks for it from now on.")
