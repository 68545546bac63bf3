"""Commands for what people decide: import, export, list, preview, undo, recategorize.

Here belongs: files and names on the command line. Not here: what a valid decision is
(decision_kinds.py) and what it does to the ledger (dbt_project).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration import showing
from orchestration.cli.terminal import Json, KindName, Name, out, print_json
from orchestration.connections import Registry
from orchestration.decision_kinds import kind_named
from orchestration.decision_states import decision_rows
from orchestration.decisions import export_decisions, import_decisions, withdraw
from orchestration.exporting import written
from orchestration.rule_preview import preview_file
from orchestration.settings import current_home
from orchestration.store import Store


def decisions_import(name: Name, kind: KindName, file: Path) -> None:
    """Add the decisions of a CSV file: all of them, or none."""
    home = current_home()
    Registry(home).get(name)
    store = Store(home.connection(name).store)
    added = import_decisions(store, kind_named(kind), file, datetime.now(UTC))
    out.print(f"Added {added} decision(s). They count from the next sync of {name}.")


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
    with written(file) as target:
        count = export_decisions(store, kind_named(kind), target)
    out.print(f"Wrote {count} decision(s) to {file}.", markup=False)


def decisions_list(name: Name) -> None:
    """List every decision and what became of it, a rejected one with the reason."""
    home = current_home()
    Registry(home).get(name)
    showing.decisions(out, decision_rows(home.connection(name)))


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
        print_json(rows)
    else:
        showing.rule_changes(out, rows)


def decisions_undo(
    name: Name,
    kind: KindName,
    about: Annotated[
        list[str], typer.Argument(help="Rule id; or entity, document and line id.")
    ],
) -> None:
    """Take back a category override, a rule or an exclusion: what is left counts."""
    home = current_home()
    Registry(home).get(name)
    store = Store(home.connection(name).store)
    withdraw(store, kind_named(kind), [about], datetime.now(UTC))
    out.print(f"Taken back. It counts from the next sync of {name}.", markup=False)


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
        print_json(proposal.changes)
    else:
        showing.newer_answers(out, proposal.changes, name, is_kept=yes)
