"""A trained categorizer as files: arrays, plain JSON and a card, never code.

Here belongs writing and reading them, and refusing what another version wrote. What is
trained, and when, does not belong here. The card is written last and holds the digests
of the other files, so a half-written folder is refused, not half-read.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from models.candidates import ROW_FEATURES
from models.categorizer import Belief, TransactionCategorizer
from models.counting import Counts
from models.errors import CategorizerError
from models.memory import LEVELS, Memory
from models.ranker import Ranker
from models.text_model import VIEWS, TextModel
from models.trees import Trees
from models.version import MODEL_VERSION

CARD, STATE, ARRAYS = "card.json", "state.json", "arrays.npz"
LIBRARIES = ("scikit-learn", "numpy")
ADVICE = "Delete the folder; the next training writes it again."


def save(model: TransactionCategorizer, folder: Path, card: Mapping[str, Any]) -> None:
    """Write a fitted categorizer and its card into a folder, replacing an older one.

    Args:
        model: the fitted categorizer; its prior is not written.
        folder: made when absent.
        card: plain facts to keep beside it (scores, fingerprint, created_at).

    Raises:
        CategorizerError: the categorizer has not been fitted.
    """
    if not hasattr(model, "memory_"):
        raise CategorizerError("Cannot save the categorizer: fit it first.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).unlink(missing_ok=True)
    (folder / STATE).write_text(json.dumps(_state(model)), encoding="utf-8")
    with (folder / ARRAYS).open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **_arrays(model))
    stamped = dict(card) | _versions(has_prior=model.prior is not None)
    stamped["digests"] = {name: _digest(folder / name) for name in (STATE, ARRAYS)}
    text = json.dumps(stamped, indent=2, sort_keys=True)
    (folder / CARD).write_text(text, encoding="utf-8")


def load(
    folder: Path, *, prior: Belief | None = None
) -> tuple[TransactionCategorizer, dict[str, Any]]:
    """Read a categorizer and its card back.

    Args:
        folder: what `save` wrote to.
        prior: the prior it was fitted with, which is not stored.

    Raises:
        CategorizerError: nothing is there, it is damaged, another version wrote it, or
            it needs a prior that was not given.
    """
    card = read_card(folder)
    _refuse_others(card, folder, has_prior=prior is not None)
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            arrays = dict(stored)
        return _restored(state, arrays, prior), card
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise CategorizerError(
            f"Cannot load the categorizer from {folder}: its files do not fit together "
            f"({error}). {ADVICE}"
        ) from error


def read_card(folder: Path) -> dict[str, Any]:
    """Return a stored model's card.

    Raises:
        CategorizerError: there is no readable card.
    """
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CategorizerError(
            f"Cannot load the categorizer from {folder}: no readable {CARD} "
            f"({error}). {ADVICE}"
        ) from error
    if not isinstance(card, dict):
        raise CategorizerError(
            f"Cannot load the categorizer from {folder}: {CARD} is not a card. {ADVICE}"
        )
    return card


def _versions(*, has_prior: bool) -> dict[str, Any]:
    installed = {library: version(library) for library in LIBRARIES}
    return {
        "model_version": MODEL_VERSION,
        "libraries": installed,
        "has_prior": has_prior,
    }


def _refuse_others(card: dict[str, Any], folder: Path, *, has_prior: bool) -> None:
    for name, ours in _versions(has_prior=has_prior).items():
        if card.get(name) != ours:
            raise CategorizerError(
                f"Cannot load the categorizer from {folder}: its {name} is "
                f"{card.get(name)!r} and {ours!r} is needed. {ADVICE}"
            )
    for name in (STATE, ARRAYS):
        path = folder / name
        digests = card.get("digests")
        expected = digests.get(name) if isinstance(digests, dict) else None
        if not path.is_file() or _digest(path) != expected:
            raise CategorizerError(
                f"Cannot load the categorizer from {folder}: {name} is missing or "
                f"damaged. {ADVICE}"
            )


def _state(model: TransactionCategorizer) -> dict[str, Any]:
    memory, text = model.memory_, model.text_
    return {
        "classes": list(model.classes_),
        "parameters": {
            "floor": model.floor,
            "row_weight": model.row_weight,
            "text_rows": model.text_rows,
        },
        "memory": {
            "anchor": memory.anchor,
            "newest": memory.newest,
            "rows": memory.rows,
            "settled": memory.settled,
            "corrected": memory.corrected,
        },
        "text_learned_rows": text.rows,
        "terms": [list(view.get_feature_names_out()) for _, view in text.views],
        "views": [VIEWS.index((column, options)) for column, options in text.chosen],
    }


def _arrays(model: TransactionCategorizer) -> dict[str, np.ndarray]:
    text, ranker = model.text_, model.ranker_
    idf = {f"idf_{i}": view.idf_ for i, (_, view) in enumerate(text.views)}
    return {
        "weights": ranker.weights,
        "sharpness": ranker.sharpness,
        "outside": ranker.outside,
        **ranker.trees.as_arrays(),
        "classes": text.classes,
        "frequencies": text.frequencies,
        "learned": text.learned,
        "coefficients": text.coefficients,
        "intercepts": text.intercepts,
        **idf,
        **_counted("pairs", model.memory_.pairs),
        **_counted("totals", model.memory_.totals),
    }


def _counted(kind: str, levels: list[Counts]) -> dict[str, np.ndarray]:
    return {
        f"{kind}_{i}_{name}": values
        for i, counts in enumerate(levels)
        for name, values in vars(counts).items()
    }


def _restored(
    state: dict[str, Any], arrays: dict[str, np.ndarray], prior: Belief | None
) -> TransactionCategorizer:
    model = TransactionCategorizer(prior=prior, **state["parameters"])
    model.classes_ = np.array(state["classes"], dtype=object)
    model.memory_ = _memory(state["memory"], arrays)
    model.ranker_ = _ranker(arrays, history_leads=prior is not None)
    model.text_ = _text_model(state, arrays, model.text_rows)
    return model


def _memory(state: dict[str, Any], arrays: dict[str, np.ndarray]) -> Memory:
    def counts(kind: str) -> list[Counts]:
        return [
            Counts(*(arrays[f"{kind}_{i}_{name}"] for name in vars(Counts())))
            for i in range(len(LEVELS))
        ]

    numbers = {name: state[name] for name in ("anchor", "newest", "rows", "settled")}
    corrected = {
        int(key): (code, chance) for key, (code, chance) in state["corrected"].items()
    }
    return Memory(
        **numbers, corrected=corrected, pairs=counts("pairs"), totals=counts("totals")
    )


def _ranker(arrays: dict[str, np.ndarray], *, history_leads: bool) -> Ranker:
    weights = arrays["weights"]
    # Two features more are the linear score and what it says on a document's lines.
    width = len(weights) + 2 + len(LEVELS) + len(ROW_FEATURES)
    return Ranker(
        history_leads=history_leads,
        weights=weights,
        trees=Trees.from_arrays(arrays, width),
        sharpness=arrays["sharpness"],
        outside=arrays["outside"],
    )


def _text_model(
    state: dict[str, Any], arrays: dict[str, np.ndarray], most_rows: int
) -> TextModel:
    text = TextModel(most_rows)
    text.rows = state["text_learned_rows"]
    text.classes, text.frequencies = arrays["classes"], arrays["frequencies"]
    text.learned, text.intercepts = arrays["learned"], arrays["intercepts"]
    text.coefficients = arrays["coefficients"]
    text.chosen = [VIEWS[i] for i in state["views"]]
    for i, (column, options) in enumerate(text.chosen):
        view = TfidfVectorizer(
            sublinear_tf=True,
            dtype=np.float32,
            vocabulary=state["terms"][i],
            **options,
        )
        view.idf_ = arrays[f"idf_{i}"]
        text.views.append((column, view))
    return text


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
