"""A stored model comes back as it was, or is refused with a reason."""

import json
from pathlib import Path

import pandas as pd
import pytest

from models import CategorizerError, TransactionCategorizer, load, new_categorizer, save
from models.chart import Chart
from models.prior import Prior
from models.trees import Trees

Ledger = tuple[pd.DataFrame, list[str]]


@pytest.fixture
def stored(ledger: Ledger, tmp_path: Path) -> Path:
    """A folder with a model trained on the made-up ledger."""
    rows, labels = ledger
    save(new_categorizer().fit(rows, labels), tmp_path, {"created_at": "today"})
    return tmp_path


def test_a_model_comes_back_as_it_was(ledger: Ledger, tmp_path: Path) -> None:
    """Probabilities after the round trip are the same to the last bit."""
    rows, labels = ledger
    model = new_categorizer().fit(rows, labels)
    save(model, tmp_path, {"created_at": "today"})

    again, card = load(tmp_path)

    assert (model.predict_proba(rows)[1] == again.predict_proba(rows)[1]).all()
    assert card["created_at"] == "today"


def test_a_loaded_model_learns_on(stored: Path, ledger: Ledger) -> None:
    """A correction after loading counts."""
    row = ledger[0].head(1).assign(vendor_name="Quite New", description="")
    model, _ = load(stored)

    model.update(row, ["another"])

    assert model.predict(row).tolist() == ["another"]


def test_a_small_model_without_text_comes_back(tmp_path: Path) -> None:
    """Two rows are too few for a text model, and enough to be stored."""
    rows = pd.DataFrame({"vendor_name": ["A", "B"], "description": ["", ""]})
    model = new_categorizer().fit(rows, ["one", "two"])
    save(model, tmp_path, {})

    assert load(tmp_path)[0].predict(rows).tolist() == ["one", "two"]


@pytest.mark.parametrize("name", ["state.json", "arrays.npz", "card.json"])
@pytest.mark.parametrize("content", [b"", b"[]", b"\x80\x04\x95 not ours"])
def test_a_damaged_file_is_refused(stored: Path, name: str, content: bytes) -> None:
    """Cut-off or foreign content is an error that says what to do."""
    (stored / name).write_bytes(content)

    with pytest.raises(CategorizerError, match="Delete the folder"):
        load(stored)


@pytest.mark.parametrize("name", ["state.json", "arrays.npz", "card.json"])
def test_a_missing_file_is_refused(stored: Path, name: str) -> None:
    """A file that is gone is an error that says what to do."""
    (stored / name).unlink()

    with pytest.raises(CategorizerError, match="Delete the folder"):
        load(stored)


@pytest.mark.parametrize(
    "change", [{"model_version": "0"}, {"libraries": {"scikit-learn": "0.1"}}]
)
def test_another_version_is_refused(stored: Path, change: dict[str, object]) -> None:
    """What another version of us or of scikit-learn wrote is not guessed at."""
    card = json.loads((stored / "card.json").read_text())
    (stored / "card.json").write_text(json.dumps(card | change))

    with pytest.raises(CategorizerError, match=next(iter(change))):
        load(stored)


def test_a_model_with_a_prior_asks_for_it(
    ledger: Ledger, accounts: pd.DataFrame, tmp_path: Path
) -> None:
    """A model fitted over a prior is not loaded without one, and works with it."""
    rows, _ = ledger
    prior = Prior(Chart.from_frame(accounts))
    model = TransactionCategorizer(prior=prior).fit(rows, ["6400"] * len(rows))
    save(model, tmp_path, {})

    with pytest.raises(CategorizerError, match="has_prior"):
        load(tmp_path)
    again, _ = load(tmp_path, prior=prior)
    assert (model.confidence(rows) == again.confidence(rows)).all()


def test_an_unfitted_model_is_not_stored(tmp_path: Path) -> None:
    """There is nothing to store before fitting."""
    with pytest.raises(CategorizerError, match="fit it first"):
        save(new_categorizer(), tmp_path, {})


@pytest.mark.parametrize("name", ["trees_left", "trees_feature_idx"])
def test_trees_that_point_outside_themselves_are_refused(
    ledger: Ledger, name: str
) -> None:
    """Numbers that would make scikit-learn read foreign memory are never used."""
    rows, labels = ledger
    model = new_categorizer().fit(rows, labels)
    arrays = model.ranker_.trees.as_arrays()
    arrays[name] = arrays[name] + 100_000

    with pytest.raises(CategorizerError, match="outside themselves"):
        Trees.from_arrays(arrays, 83)
