"""Commands that show what is there: status, review, evaluate, export.

Here belongs: which ledger, and whether as text, JSON or a file. Not here: what is read
and measured (reading.py, evaluating.py, exporting.py).
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration import showing, source_health
from orchestration.cli.terminal import Json, Name, out, print_json
from orchestration.connections import Registry
from orchestration.exporting import export_ledger, written
from orchestration.failures import UsageError
from orchestration.reading import PublishedLedger
from orchestration.settings import current_home


def status(name: Name, json_: Json = False) -> None:
    """Show what is loaded, posted and not posted, and what is open."""
    home = current_home()
    Registry(home).get(name)
    document = showing.status_document(home, name)
    document["source"] = source_health.document(home.connection(name))
    if json_:
        print_json(document)
    else:
        showing.status(out, document)
        source_health.show(out, document["source"])


def review(
    name: Name,
    limit: Annotated[int, typer.Option(help="How many lines.", min=1)] = 20,
    csv: Annotated[Path | None, typer.Option(help="Write them to a file.")] = None,
) -> None:
    """List the lines most worth a person's look, by money at risk."""
    home = current_home()
    Registry(home).get(name)
    ledger = PublishedLedger(home.connection(name))
    rows = ledger.review(limit)
    if csv is not None:
        with written(csv) as file:
            showing.write_csv(file, ledger.columns("review_queue"), rows)
    else:
        showing.review(out, rows)


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
        print_json(document)
    else:
        evaluating.show(out, document)


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
