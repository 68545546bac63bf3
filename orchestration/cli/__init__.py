"""`bill-ledger`: the command line.

Here belongs: which commands there are, in the order of ``--help``, and the status they
exit with. Not here: commands (beside this file), what they do (running.py, reading.py,
decisions.py, connections.py).
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from bill_source import BillError, BillSettingsError
from orchestration.cli import clients, deciding, looking, serving, syncing
from orchestration.cli.terminal import err
from orchestration.failures import (
    DISK_FULL,
    ExitStatus,
    LedgerError,
    exit_status,
    is_disk_full,
)
from orchestration.running import INTERRUPTED
from orchestration.settings import current_home

Command = Callable[..., None]

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

COMMANDS: tuple[Command, ...] = (
    syncing.demo,
    clients.connect,
    clients.connections,
    syncing.sync,
    clients.pause,
    clients.resume,
    clients.disconnect,
    looking.status,
    looking.review,
    looking.evaluate,
    looking.export,
    deciding.recategorize,
    serving.sandbox,
    serving.webhook,
    serving.alerts,
    serving.ui,
)

DECISION_COMMANDS: dict[str, Command] = {
    "import": deciding.decisions_import,
    "export": deciding.decisions_export,
    "list": deciding.decisions_list,
    "preview": deciding.decisions_preview,
    "undo": deciding.decisions_undo,
}
for command in COMMANDS:
    app.command()(command)
app.command("app")(serving.review_app)
for name, command in DECISION_COMMANDS.items():
    decisions_app.command(name)(command)


ROOM = 4 * 2**20
"""With less on the disk, whatever fails does so for want of it: SQLite tells of an I/O
error then."""


def main() -> NoReturn:
    """Run the command line and exit with its status."""
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        app()
    except (LedgerError, BillError) as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(_status(error))
    except Exception as error:
        if not is_disk_full(error) and current_home().free_bytes() > ROOM:
            raise
        err.print(DISK_FULL, style="red", markup=False)
        sys.exit(ExitStatus.FAILED)
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
