"""Lines -> categories: the categorizer as one asset between documents and postings.

Here belongs: which lines are asked about, what people's choices teach, keeping the
answers. Not here: how a category is found (models), which one counts (dbt_project).

A line is asked about once: its answer stays when the model changes.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from models.errors import CategorizerError
from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.charts import chart
from orchestration.failures import UsageError
from orchestration.progress import announce
from orchestration.resources import ConnectionRun
from orchestration.store import CATEGORY_COLUMNS, ModelEvaluation, instant_text
from orchestration.warehouse import write_categories

if TYPE_CHECKING:
    import pandas as pd

LINE_CATEGORIES = dg.AssetKey(["categorizer", "line_categories"])
LINES = dg.AssetKey(["intermediate", "int_lines_to_categorize"])
FOLLOWED = dg.AssetKey(["intermediate", "int_lines_followed"])
OVERRIDES = dg.AssetKey(["intermediate", "int_lines_overridden"])
ACCOUNTS = dg.AssetKey(["seeds", "chart_of_accounts"])

UNDECIDED_LINES = """
select lines.*
from intermediate.int_lines_to_categorize as lines
where lines.snapshot_id = lines.org_id
and not exists (
    select 1
    from intermediate.int_lines_followed as followed
    inner join categorizer.line_categories as decided
        on decided.source_entity = followed.source_entity
        and decided.document_id = followed.document_id
        and decided.line_id = followed.line_id
    where
        followed.snapshot_id = lines.snapshot_id
        and followed.source_entity = lines.source_entity
        and followed.document_id = lines.document_id
        and followed.current_line_id = lines.line_id
)
order by lines.txn_date, lines.source_entity, lines.document_id, lines.line_ordinal
"""
LABELLED_LINES = """
select lines.*, overrides.account_number, overrides.effective_at
from intermediate.int_lines_to_categorize as lines
inner join intermediate.int_lines_overridden as overrides
    on overrides.snapshot_id = lines.snapshot_id
    and overrides.source_entity = lines.source_entity
    and overrides.document_id = lines.document_id
    and overrides.line_id = lines.line_id
where lines.snapshot_id = lines.org_id
order by overrides.effective_at, overrides.decision_id, lines.line_ordinal
"""
CHART = "select * from seeds.chart_of_accounts order by account_number"


class CategorizeConfig(dg.Config):
    """When to learn.

    Attributes:
        train: Learn what people decided since the last training also where no line
            waits for an answer; what is posted stays as it is.
    """

    train: bool = False


@dg.asset(
    key=LINE_CATEGORIES,
    group_name="categorizer",
    kinds={"scikitlearn", "duckdb"},
    owners=OWNERS,
    deps=[LINES, FOLLOWED, OVERRIDES, ACCOUNTS],
    partitions_def=CONNECTIONS,
    description="What the categorizer decided for each document line, and why.",
)
def line_categories(
    context: dg.AssetExecutionContext, config: CategorizeConfig, run: ConnectionRun
) -> dg.MaterializeResult[Any]:
    """Ask the categorizer about lines it has not answered yet."""
    with run.doing(f"{run.name}: categorizing"):
        check_built(run)
        lines = run.warehouse.frame(UNDECIDED_LINES)
        card: dict[str, Any] = {}
        decided = 0
        if len(lines) or config.train:
            announce(f"{run.name}: categorizing {len(lines):,} lines")
            try:
                decided, card = _categorize(run, lines)
            except CategorizerError as error:
                # The ledger goes on: lines without an answer wait on 4999 and 6999.
                context.log.warning("Nothing was categorized: %s", error)
                card = {"failed": str(error)}
    context.log.info("Categorized %d of %d new lines", decided, len(lines))
    return dg.MaterializeResult(
        metadata={
            "new_lines": len(lines),
            "categorized": decided,
            "abstained": len(lines) - decided,
            "model": dg.MetadataValue.json(
                {name: value for name, value in card.items() if name != "curves"}
            ),
            "evaluation": dg.MetadataValue.md(_measured(card)),
            **_drawn(card),
        }
    )


def check_built(run: ConnectionRun) -> None:
    """Refuse where there are no documents to read lines from.

    Raises:
        UsageError: The connection was never synced.
    """
    if not run.warehouse.has_table("intermediate", "int_lines_to_categorize"):
        raise UsageError(
            f"{run.name} was never synced, so it has no lines yet. Sync it first:"
            f" bill-ledger sync {run.name}, or job refresh_ledger in the Dagster UI."
        )


def _categorize(
    run: ConnectionRun, lines: "pd.DataFrame"
) -> tuple[int, dict[str, Any]]:
    """Keep the categorizer's answers; return how many are not abstentions."""
    import models

    result = models.categorize(
        lines,
        run.warehouse.frame(LABELLED_LINES),
        run.warehouse.frame(CHART),
        artifact_folder=run.folder.model,
        learn_from_bill_coding=run.connection.learn_from_bill_coding,
        now=run.now,
    )
    answers = [
        {str(name): value for name, value in answer.items()}
        for answer in result.categories.to_dict("records")
    ]
    _keep_evaluation(run, result.card)
    owner = run.connection.organization_id
    run.store.add_categories([as_stored(one, owner, run.now) for one in answers])
    with run.warehouse.open() as connection:
        write_categories(connection, run.store)
    return sum(answer["decided_by"] != "abstain" for answer in answers), result.card


def as_stored(
    answer: Mapping[str, Any], org_id: str, now: datetime
) -> list[str | None]:
    """Return an answer as the store keeps it, columns as in `CATEGORY_COLUMNS`."""
    row = {**answer, "org_id": org_id, "decided_at": instant_text(now)}
    return [_cell(row[name]) for name in CATEGORY_COLUMNS]


def _keep_evaluation(run: ConnectionRun, card: dict[str, Any]) -> None:
    """Record what this training measured, where there were rows enough to keep back."""
    if not card["trained"] or not card["scores"]:
        return
    run.store.add_evaluation(
        ModelEvaluation(
            model_version=card["model_version"],
            evaluated_at=instant_text(run.now),
            labels=card["labels"],
            outcome=card["kept_older"] or "used",
            scores=json.dumps(card["scores"], sort_keys=True),
        )
    )


def _drawn(card: dict[str, Any]) -> dict[str, dg.MetadataValue]:
    """Return pictures and the table of accounts; nothing where no row was kept back."""
    if not card.get("curves"):
        return {}
    from models.evaluation import table

    found = card["curves"]
    coverage = chart(
        "Precision by coverage", "share of lines", "precision", found["coverage"]
    )
    reliability = chart(
        "Reliability", "confidence", "right", found["reliability"], diagonal=True
    )
    return {
        "coverage_and_precision": dg.MetadataValue.md(coverage),
        "reliability": dg.MetadataValue.md(reliability),
        "accounts": dg.MetadataValue.md(table(found["accounts"])),
    }


def _measured(card: dict[str, Any]) -> str:
    """Return the model's figures as Markdown for the Dagster UI."""
    if not card:
        return "No line waited for an answer, so nothing was learned or measured."
    if not card.get("scores"):
        return "Too few decided lines to keep some back and measure on them."
    from models.evaluation import table

    return table(card["scores"])


def _cell(value: Any) -> str | None:
    """Return a value as SQLite keeps it; pandas' missing values become NULL."""
    return None if value is None or value != value else str(value)  # noqa: PLR0124 - NaN
