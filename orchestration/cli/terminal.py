"""What every command shares: the terminal, its common arguments, JSON, progress.

Here belongs: how we speak to a person. Not here: commands (beside this file), what is
said about a ledger (showing.py).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from orchestration.decision_kinds import KINDS
from orchestration.progress import Listener

out = Console(highlight=False, soft_wrap=True)
if not out.is_terminal:
    out.width = 200  # a file or a pipe has no edge to wrap at
err = Console(stderr=True, highlight=False, soft_wrap=True)

Name = Annotated[str, typer.Argument(help="The connection's name.")]
KindName = Annotated[
    str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(KINDS)}.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    print(json.dumps(document, indent=2, default=str))  # noqa: T201 - results go to stdout


def say(line: str) -> None:
    """Print a result on stdout, at once."""
    print(line, flush=True)  # noqa: T201 - results go to stdout


def tell(line: str) -> None:
    """Print progress on stderr."""
    err.print(line, markup=False)


@contextmanager
def progress() -> Iterator[Listener]:
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
