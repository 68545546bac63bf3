"""`bill-ledger evaluate`: where the measured rows come from, and how figures are shown.

Here belongs reading a parquet file or a connection's lines that people decided. How
anything is measured does not belong here: see models/evaluation.py.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from models.errors import CategorizerError
from orchestration.failures import LedgerError, UsageError
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder

if TYPE_CHECKING:
    import pandas as pd

LEAST_DECIDED = 200
"""With fewer rows a figure is noise: a fifth of them is tested."""
DECIDED_LINES = """
select
    party_name as vendor_name,
    coalesce(description, '') as description,
    amount,
    currency,
    document_date as txn_date,
    document_id as doc_id,
    account_number as label
from category_predictions
where category_source = 'user'
order by document_date, document_id, line_id
"""


def evaluate_file(
    path: Path, protocols: Sequence[str], *, department: bool, with_baselines: bool
) -> dict[str, Any]:
    """Return the figures for a parquet file of labelled rows."""
    import pandas as pd

    try:
        rows = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"Cannot evaluate {path}: it cannot be read as parquet ({error}). Give a"
            " parquet file with vendor_name, description, amount, currency, txn_date,"
            " doc_id and label."
        ) from error
    if not department:
        rows = rows.drop(columns="department", errors="ignore")
    return _evaluated(str(path), rows, protocols, with_baselines=with_baselines)


def evaluate_connection(
    folder: ConnectionFolder,
    name: str,
    protocols: Sequence[str],
    *,
    with_baselines: bool,
) -> dict[str, Any]:
    """Return the figures for the lines people decided; says so if they are too few."""
    rows = PublishedLedger(folder).frame(DECIDED_LINES)
    if len(rows) < LEAST_DECIDED:
        return {
            "data": name,
            "rows": len(rows),
            "message": (
                f"People have decided {len(rows)} lines of {name}; {LEAST_DECIDED} are"
                " needed before a figure means anything. Decide more with: bill-ledger"
                f" review {name}"
            ),
            "protocols": {},
        }
    return _evaluated(name, rows, protocols, with_baselines=with_baselines)


def _evaluated(
    data: str, rows: "pd.DataFrame", protocols: Sequence[str], *, with_baselines: bool
) -> dict[str, Any]:
    from models.evaluation import NEWEST_ROWS, PROTOCOLS, evaluate

    unknown = [protocol for protocol in protocols if protocol not in PROTOCOLS]
    if unknown:
        raise UsageError(
            f"Unknown protocol {unknown[0]!r}. There are: {', '.join(PROTOCOLS)}."
        )
    try:
        figures = evaluate(
            rows, protocols or PROTOCOLS[:1], with_baselines=with_baselines
        )
    except CategorizerError as error:
        raise LedgerError(str(error)) from error
    return {
        "data": data,
        "rows": min(len(rows), NEWEST_ROWS),
        "message": "",
        "protocols": figures,
    }


def show(out: Console, document: dict[str, Any]) -> None:
    """Print figures as Markdown tables."""
    from models.evaluation import table

    out.print(f"{document['data']}, newest {document['rows']} rows", markup=False)
    if document["message"]:
        out.print(document["message"], markup=False)
    for protocol, figures in document["protocols"].items():
        out.print(f"\n{protocol}\n", markup=False)
        shown = table(figures) if figures else "Too few rows for this protocol."
        out.print(shown, markup=False, no_wrap=True, crop=False)
