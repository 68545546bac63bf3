"""What is believed about lines, given what people decided before.

Here belongs choosing which decisions count at an instant, fitting the categorizer on
them, and falling back to the prior when that cannot be done. What is chosen from the
beliefs does not belong here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.chart import Chart
from models.errors import CategorizerError
from models.features import COLUMNS, OPTIONAL_COLUMNS, clean, with_keys
from models.fingerprints import of_rows_and_chart
from models.precedents import Line, Precedent, Precedents, as_lines
from models.prior import Evidence, Prior
from models.version import MODEL_VERSION

if TYPE_CHECKING:
    from models.categorizer import TransactionCategorizer

FLOOR = 0.6
# Whatever learning stumbles over, lines must still be placed.
FAILURES = (CategorizerError, ArithmeticError, LookupError, TypeError, ValueError)
Pair = tuple[str, str]
# Beside the department; a categorizer that is asked directly has that alone.
DIMENSIONS = ("accounting_class", "location")
# The account that a line has in BILL: looked at only where a connection says so.
CODING = ("bill_account_number", "bill_account_name")
# A person's decision says more than a row of history nobody looked at.
PERSON_WEIGHT = 3.0


@dataclass(frozen=True)
class Opinion:
    """Beliefs over the chart's accounts, one row per line, and where they come from."""

    matrix: np.ndarray
    evidence: list[list[Evidence]]
    rows: pd.DataFrame
    lines: list[Line]
    precedents: Precedents
    model: "TransactionCategorizer | None"
    floor: float
    version: str
    card: dict[str, Any]

    def history(self, row: int) -> dict[str, int]:
        """Return how many of the vendor's decided lines went to each account."""
        return self.precedents.counts(self.lines[row])

    def precedent(self, row: int, account: str) -> Precedent | None:
        """Return what people's decisions say for putting this line there."""
        return self.precedents.of(self.lines[row], account)

    def words(self, rows: Sequence[int], pairs: Sequence[Pair]) -> list[list[str]]:
        """Return what the model read in these rows, for one account against another."""
        if self.model is None or not len(rows):
            return [[] for _ in rows]
        return self.model.words_for(self.rows.iloc[list(rows)], pairs)


def opinion(
    lines: pd.DataFrame,
    labelled: pd.DataFrame,
    prior: Prior,
    folder: Path | None,
    now: datetime,
) -> Opinion:
    """Return what is believed about each line at this instant."""
    rows = as_rows(lines)
    matrix, evidence = prior.weigh(rows)
    known = usable(labelled, prior, now)
    card = _card(known, prior.chart, now)
    floor, version = FLOOR, f"{MODEL_VERSION}-prior"
    model = None
    if len(known):
        try:
            model = _trained(known, prior, folder, card)
            matrix = _over_chart(model, rows, prior)
            floor, version = model.floor, f"{MODEL_VERSION}-{card['fingerprint'][:12]}"
        except FAILURES as error:
            # The ledger goes on without what was learned; the card says so.
            card["fell_back"] = f"{type(error).__name__}: {error}"
    card |= {"floor": floor, "model_version": version}
    past, asked = Precedents(known, prior), as_lines(rows, prior)
    return Opinion(matrix, evidence, rows, asked, past, model, floor, version, card)


def as_rows(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines as the categorizer's rows.

    What was bought is part of the text; a line's class and location say with its
    department whom it was for.
    """
    rows = lines.reset_index(drop=True)
    columns = [*COLUMNS, *OPTIONAL_COLUMNS, *DIMENSIONS, *CODING]
    rows = rows.reindex(columns=columns)
    cleaned = clean(rows)
    rows = rows.assign(
        department=_joined(rows[["department", *DIMENSIONS]]),
        coded_as=_joined(rows[list(CODING)], " "),
    )
    rows = rows.drop(columns=[*DIMENSIONS, *CODING])
    texts = [
        text if item in text else f"{item} {text}".strip()
        for item, text in zip(cleaned["item_name"], cleaned["description"], strict=True)
    ]
    return rows.assign(description=pd.Series(texts, dtype=object), item_name="")


def _joined(dimensions: pd.DataFrame, between: str = " / ") -> list[str]:
    """Return per row what of its dimensions is said, as one text."""
    texts = dimensions.astype(object).where(dimensions.notna(), "")
    return [
        between.join(word for word in (str(cell).strip() for cell in row) if word)
        for row in texts.itertuples(index=False, name=None)
    ]


def usable(labelled: pd.DataFrame, prior: Prior, now: datetime) -> pd.DataFrame:
    """Return the decisions that count, oldest first, with `label` and `txn_date`.

    A later decision about the same line replaces an earlier one; accounts that may not
    be chosen (any more) teach nothing; what is decided after `now` is not known yet.
    """
    if not len(labelled) or "account_number" not in labelled.columns:
        return pd.DataFrame({"label": pd.Series(dtype=object)})
    given = labelled.reset_index(drop=True)
    rows = as_rows(given).assign(label=given["account_number"].astype(str))
    rows["decided"] = _instants(given, now)
    rows["document_id"] = given.get("document_id", "")
    if {"document_id", "line_id"} <= set(given.columns):
        rows["line"] = (
            given["document_id"].astype(str) + "|" + given["line_id"].astype(str)
        )
    else:
        rows["line"] = [str(position) for position in range(len(rows))]
    rows = rows[rows["label"].isin(prior.chart.numbers) & (rows["decided"] <= now)]
    rows = rows.sort_values("decided", kind="stable")
    rows = rows.drop_duplicates(subset=["source_entity", "line"], keep="last")
    return rows.assign(txn_date=rows["decided"]).reset_index(drop=True)


def _instants(given: pd.DataFrame, now: datetime) -> pd.Series:
    name = "effective_at" if "effective_at" in given.columns else "txn_date"
    if name not in given.columns:
        return pd.Series(pd.Timestamp(now), index=given.index)
    instants = pd.to_datetime(
        pd.Series(given[name].tolist(), dtype=object), errors="coerce", utc=True
    )
    return instants.fillna(pd.Timestamp(now))


def _trained(
    known: pd.DataFrame, prior: Prior, folder: Path | None, card: dict[str, Any]
) -> "TransactionCategorizer":
    """Return the model of these decisions: the stored one if it is theirs, else new."""
    # scikit-learn takes a second to import, and most calls do without it.
    from models.artifact import save
    from models.training import train

    stored, stored_card = (None, {}) if folder is None else _stored(folder, prior, card)
    if stored is not None and stored_card["fingerprint"] == card["fingerprint"]:
        card |= {name: stored_card.get(name) for name in ("scores", "curves")}
        return stored
    rows, labels = _newest_counted_twice(known)
    trained = train(
        rows, labels, prior=prior, row_weight=PERSON_WEIGHT, with_baselines=False
    )
    report = trained.report.as_card()
    card |= {name: report[name] for name in ("scores", "curves")}
    card["trained"] = True
    card["kept_older"] = worse(card["scores"], stored_card.get("scores"))
    if stored is not None and card["kept_older"]:
        return _brought_up_to_date(stored, known, stored_card)
    if folder is not None:
        try:
            save(trained.model, folder, card)
        except OSError as error:
            card["not_saved"] = f"{error}. The next call trains again."
    return trained.model


def worse(
    new: list[dict[str, Any]] | None, old: list[dict[str, Any]] | None
) -> str | None:
    """Return why a newly trained model is worse than the older one; None: it is not.

    Both were measured on rows kept back in time, each on its own. A difference that
    chance explains (three standard errors) is none.
    """
    if not new or not old:
        return None
    after, before = new[-1], old[-1]
    chance = sum(
        s["accuracy"] * (1 - s["accuracy"]) / s["rows"] for s in (after, before)
    )
    if before["accuracy"] - after["accuracy"] <= 3.0 * math.sqrt(chance):
        return None
    return (
        f"The new model got {after['accuracy']:.2f} of {after['rows']} newer decisions "
        f"right, the older one {before['accuracy']:.2f} of {before['rows']}. The older "
        "one stays, with the new decisions added to its memory. Check the newest "
        "decisions."
    )


def _brought_up_to_date(
    model: "TransactionCategorizer", known: pd.DataFrame, card: dict[str, Any]
) -> "TransactionCategorizer":
    """Return an older model that remembers what was decided since it was trained."""
    newer = known[known["decided"] > pd.Timestamp(card["learned_until"])]
    columns = [*COLUMNS, *OPTIONAL_COLUMNS]
    return model.update(newer[columns], newer["label"].tolist())


def _stored(
    folder: Path, prior: Prior, card: dict[str, Any]
) -> tuple["TransactionCategorizer | None", dict[str, Any]]:
    from models.artifact import load

    try:
        return load(folder, prior=prior)
    except CategorizerError as error:
        card["not_loaded"] = str(error)
        return None, {}


def _newest_counted_twice(known: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows to learn: where decisions differ, the last one leads."""
    vendors = with_keys(clean(known))["vendor"]
    differ = known["label"].groupby(vendors).transform("nunique") > 1
    newest = differ & ~vendors.duplicated(keep="last")
    rows = pd.concat([known, known[newest]])
    rows = rows.sort_values("decided", kind="stable")
    return rows[[*COLUMNS, *OPTIONAL_COLUMNS]], rows["label"].tolist()


def _over_chart(
    model: "TransactionCategorizer", rows: pd.DataFrame, prior: Prior
) -> np.ndarray:
    """Return the model's beliefs per account of the chart, forbidden ones at zero.

    They are not scaled up again: what went to an account that is closed now is doubt.
    """
    classes, beliefs = model.predict_proba(rows)
    column = {label: i for i, label in enumerate(classes)}
    chosen = beliefs[:, [column[number] for number in prior.chart.numbers]]
    return np.asarray(chosen * prior.allowed(rows))


def _card(known: pd.DataFrame, chart: Chart, now: datetime) -> dict[str, Any]:
    return {
        "created_at": now.isoformat(),
        "labels": len(known),
        "accounts_labelled": int(known["label"].nunique()),
        "fingerprint": of_rows_and_chart(known, chart),
        "learned_until": None if known.empty else known["decided"].max().isoformat(),
        "fell_back": None,
        "scores": None,
        "curves": None,
        "trained": False,
        "kept_older": None,
    }
