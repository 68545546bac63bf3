"""`bill-ledger recategorize`: asking the categorizer again about what it answered.

An answer stays when the model changes; this is the one way to have newer ones, and it
shows what they would move. Here belongs: which lines are asked about again, and which
answers are news. Not here: how a category is found (models), asking about new lines
(assets/categorize.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.assets.categorize import CHART, LABELLED_LINES, as_stored
from orchestration.connections import Connection
from orchestration.failures import LedgerError
from orchestration.locks import exclusive
from orchestration.settings import ConnectionFolder
from orchestration.store import Store
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    import pandas as pd

KEY = ("source_entity", "document_id", "line_id")
SHOWN = ("txn_date", "vendor_name", "description", "amount")
ANSWERED_LINES = """
select lines.*, categorized.account_number as account_now
from intermediate.int_lines_to_categorize as lines
inner join intermediate.int_lines_categorized as categorized
    on categorized.snapshot_id = lines.snapshot_id
    and categorized.source_entity = lines.source_entity
    and categorized.document_id = lines.document_id
    and categorized.line_id = lines.line_id
    and categorized.category_source in ('model', 'system')
where lines.snapshot_id = lines.org_id
order by lines.txn_date, lines.source_entity, lines.document_id, lines.line_ordinal
"""


@dataclass(frozen=True)
class Proposal:
    """Lines that newer answers would move, and these answers as they are stored."""

    changes: list[dict[str, Any]]
    answers: list[list[str | None]]


def propose(folder: ConnectionFolder, owner: Connection, now: datetime) -> Proposal:
    """Ask again about every line the categorizer decided or left open.

    Raises:
        LedgerError: There is no warehouse to read lines from.
        BusyError: A sync of the connection runs.
    """
    import models

    if not folder.warehouse.exists():
        raise LedgerError(
            f"{folder.warehouse} does not exist: no lines are known. Run bill-ledger"
            f" sync {owner.name}."
        )
    warehouse = Warehouse(folder)
    with exclusive(folder.lock):
        lines = warehouse.frame(ANSWERED_LINES)
        labelled, chart = warehouse.frame(LABELLED_LINES), warehouse.frame(CHART)
        result = models.categorize(
            lines,
            labelled,
            chart,
            artifact_folder=folder.model,
            learn_from_bill_coding=owner.learn_from_bill_coding,
            now=now,
        )
    return _moved(lines, result.categories, owner, now)


def keep(folder: ConnectionFolder, proposal: Proposal) -> None:
    """Store the answers; they count from the next sync."""
    Store(folder.store).add_categories(proposal.answers)


def _moved(
    lines: "pd.DataFrame", answers: "pd.DataFrame", owner: Connection, now: datetime
) -> Proposal:
    """Return what newer answers move; a line they abstain on stays where it is."""
    changes, kept = [], []
    both = zip(lines.to_dict("records"), answers.to_dict("records"), strict=True)
    for line, answer in both:
        account = answer["account_number"]
        if account is None or account == line["account_now"]:
            continue
        changes.append(
            {name: line[name] for name in (*KEY, *SHOWN, "account_now")}
            | {
                "account_then": account,
                "confidence": answer["confidence"],
                "explanation": answer["explanation"],
            }
        )
        named = {str(name): value for name, value in answer.items()}
        kept.append(as_stored(named, owner.organization_id, now))
    return Proposal(changes, kept)
