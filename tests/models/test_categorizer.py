"""The estimator by itself: it learns, forgets nothing it is told, and never chokes."""

from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from models import CategorizerError, TransactionCategorizer, new_categorizer, train

Ledger = tuple[pd.DataFrame, list[str]]


def rows_of(*vendors: str, description: str = "") -> pd.DataFrame:
    """Build rows one day apart."""
    return pd.DataFrame(
        {
            "vendor_name": list(vendors),
            "description": description,
            "amount": [Decimal("10.00")] * len(vendors),
            "currency": "USD",
            "txn_date": [
                date(2026, 1, 1) + timedelta(days=i) for i in range(len(vendors))
            ],
            "doc_id": "",
            "department": "",
        }
    )


def test_probabilities_are_probabilities(ledger: Ledger) -> None:
    """Every row sums to one, has one column per class and no negative number."""
    rows, labels = ledger

    classes, matrix = new_categorizer().fit(rows, labels).predict_proba(rows)

    assert set(labels) == set(classes)
    assert (len(rows), len(classes)) == matrix.shape
    assert (matrix >= 0).all()
    np.testing.assert_allclose(1.0, matrix.sum(axis=1), atol=1e-9)


def test_confidence_is_the_probability_of_the_choice(ledger: Ledger) -> None:
    """`confidence` is the largest probability of a row."""
    rows, labels = ledger
    model = new_categorizer().fit(rows, labels)

    assert (model.confidence(rows) == model.predict_proba(rows)[1].max(axis=1)).all()


def test_confidence_tells_what_repeats_from_what_does_not() -> None:
    """An amount that always went one way is believed; a coin's toss hardly."""
    chance, count, learned = np.random.default_rng(8), 2000, 1600
    vendor = chance.integers(40, size=count).tolist()
    repeats, heads = chance.random(count) < 0.5, chance.random(count) < 0.5
    cents = chance.integers(9_000, 13_000, size=count).tolist()
    named = zip(vendor, repeats, heads, strict=True)
    labels = [
        f"rent {v % 7}" if same else f"supplies {v % 5}" if head else f"repairs {v % 6}"
        for v, same, head in named
    ]
    amounts = [
        Decimal(100 + v) if same else Decimal(some) / 100
        for v, same, some in zip(vendor, repeats, cents, strict=True)
    ]
    rows = rows_of(*(f"Vendor {v}" for v in vendor)).assign(amount=amounts)

    model = new_categorizer().fit(rows[:learned], labels[:learned])
    sure = model.confidence(rows[learned:])

    assert sure[repeats[learned:]].mean() > 0.9
    assert sure[~repeats[learned:]].mean() < 0.55


def test_it_beats_what_vendors_usually_do(ledger: Ledger) -> None:
    """Where the amount decides between a vendor's accounts, it sees that."""
    rows, labels = ledger

    scores = {score.name: score for score in train(rows, labels).report.scores}

    ours = scores["bill-ledger"].accuracy
    assert ours > scores["vendor shares"].accuracy
    assert ours > scores["TF-IDF + SVM"].accuracy
    assert ours > 0.85


def test_names_of_accounts_change_nothing(ledger: Ledger) -> None:
    """Calling the accounts something else changes no probability."""
    rows, labels = ledger
    names = sorted(set(labels))
    renamed = dict(
        zip(names, reversed([f"z{i}" for i in range(len(names))]), strict=True)
    )

    classes, matrix = new_categorizer().fit(rows, labels).predict_proba(rows)
    others, same = (
        new_categorizer().fit(rows, [renamed[x] for x in labels]).predict_proba(rows)
    )

    assert [renamed[label] for label in classes] == list(others)
    assert (matrix == same).all()


def test_a_correction_acts_on_the_vendors_next_row(ledger: Ledger) -> None:
    """An update changes what a vendor unknown so far is put in, at once."""
    rows, labels = ledger
    model = new_categorizer().fit(rows, labels)
    new = rows_of("Quite New Vendor")

    start = perf_counter()
    model.update(new, ["brand new account"])
    took = perf_counter() - start

    assert model.predict(new).tolist() == ["brand new account"]
    assert took < 0.5


def test_an_update_of_an_unfitted_model_fits_it() -> None:
    """The first correction is the first thing learned."""
    model = new_categorizer().update(rows_of("A"), ["one"])

    assert model.predict(rows_of("A")).tolist() == ["one"]


def test_one_class_is_enough() -> None:
    """With one account in the books, everything goes there."""
    rows = rows_of(*[f"Vendor {chr(65 + i)}" for i in range(25)])
    model = new_categorizer().fit(rows, ["only"] * 25)

    assert {"only"} == set(model.predict(rows_of("Stranger", "Vendor A")))


def test_duplicate_rows_are_rows() -> None:
    """The same row many times is no error and keeps its account."""
    rows = pd.concat([rows_of("Same"), rows_of("Other")] * 30)
    model = new_categorizer().fit(rows, ["one", "two"] * 30)

    assert model.predict(rows_of("Same", "Other")).tolist() == ["one", "two"]


def test_no_words_at_all_can_be_learned_from() -> None:
    """Rows without a single letter are counted, not refused."""
    rows = rows_of(*["", "---", "!!", "   "] * 10)
    model = new_categorizer().fit(rows, ["one", "two"] * 20)

    assert model.predict(rows_of("", "?")).shape == (2,)


def test_nothing_asked_is_nothing_answered(ledger: Ledger) -> None:
    """An empty frame gives empty answers."""
    rows, labels = ledger
    model = new_categorizer().fit(rows, labels)

    assert (0, len(set(labels))) == model.predict_proba(rows.iloc[:0])[1].shape
    assert len(model.predict(rows.iloc[:0])) == 0
    assert len(model.confidence(rows.iloc[:0])) == 0


def test_it_abstains_below_its_floor() -> None:
    """Under the floor the answer is None."""
    rows = rows_of(*["Mixed"] * 10)
    model = TransactionCategorizer(floor=0.9).fit(rows, ["one", "two"] * 5)

    assert model.predict(rows_of("Mixed")).tolist() == [None]


def test_it_clones_with_its_parameters() -> None:
    """scikit-learn's clone gives an unfitted estimator with the same parameters."""
    model = TransactionCategorizer(floor=0.7).fit(rows_of("A"), ["one"])

    copy = clone(model)

    assert model.get_params() == copy.get_params()
    with pytest.raises(CategorizerError, match="fit first"):
        copy.predict(rows_of("A"))


@pytest.mark.parametrize(("rows", "labels"), [(0, []), (2, ["one"])])
def test_labels_that_do_not_fit_are_refused(rows: int, labels: list[str]) -> None:
    """No rows, or not one label per row, is an error that says so."""
    with pytest.raises(CategorizerError, match="label"):
        new_categorizer().fit(rows_of(*["A"] * rows), labels)


def test_rows_of_other_columns_are_refused(ledger: Ledger) -> None:
    """A frame with neither names nor texts is an error that names its columns."""
    rows, labels = ledger
    model = new_categorizer().fit(rows, labels)

    with pytest.raises(CategorizerError, match="price"):
        model.predict(pd.DataFrame({"price": [1]}))


def test_a_department_is_used_where_there_is_one() -> None:
    """One vendor booked by department is told apart by it."""
    rows = rows_of(*["Shared"] * 40).assign(department=["north", "south"] * 20)
    model = new_categorizer().fit(rows, ["one", "two"] * 20)

    assert model.predict(rows.tail(2)).tolist() == ["one", "two"]


def test_a_new_vendor_with_a_strange_name_is_told_by_its_amounts() -> None:
    """Where names say nothing, what amounts of a size usually are decides."""
    chance, count, learned = np.random.default_rng(5), 2400, 2000
    is_large = chance.random(count) < 0.4
    cents = np.where(is_large, 900_000, 1_000) + chance.integers(1_000, size=count)
    rows = rows_of(*("".join(chance.choice(list("bdgklmnprt"), 9)) for _ in cents))
    rows = rows.assign(amount=[Decimal(int(some)) / 100 for some in cents])
    labels = ["equipment" if large else "meals" for large in is_large]
    model = new_categorizer().fit(rows[:learned], labels[:learned])

    right = model.predict(rows[learned:]) == labels[learned:]

    assert right.mean() > 0.95


def test_newer_rows_count_more() -> None:
    """A vendor that moved to another account years ago is not held to the old one."""
    rows = rows_of(*["Moved"] * 10)
    days = [date(2018, 1, 1)] * 6 + [date(2026, 1, 1)] * 4
    model = new_categorizer().fit(rows.assign(txn_date=days), ["old"] * 6 + ["new"] * 4)

    assert model.predict(rows_of("Moved")).tolist() == ["new"]


def test_newer_words_count_more() -> None:
    """What was said of a word years ago is not held against what is said now."""
    names = [f"{chr(65 + i)}{chr(97 + i)}or Cleaning" for i in range(20)]
    days = [date(2021, 1, 1)] * 10 + [date(2026, 1, 1)] * 10
    rows = rows_of(*names).assign(txn_date=days)
    model = new_categorizer().fit(rows, ["janitor"] * 10 + ["premises"] * 10)

    classes, matrix = model.predict_proba(rows_of("Zulu Cleaning"))

    belief = dict(zip(classes, matrix[0], strict=True))
    assert belief["premises"] > 1.2 * belief["janitor"]


def test_a_large_vendor_does_not_speak_for_vendors_never_seen() -> None:
    """Sixty lines of one vendor are its own; of others, twelve vendors say more."""
    others = [f"Q{chr(97 + i)}{chr(122 - i)}" for i in range(12)]
    rows = rows_of(*["Bulkham"] * 60, *others)
    model = new_categorizer().fit(rows, ["power"] * 60 + ["parts"] * 12)

    assert model.predict(rows_of("Bulkham", "7 8 9")).tolist() == ["power", "parts"]


LEARNED = 3000


@pytest.fixture(scope="module")
def documents() -> Ledger:
    """Return documents of three lines each, of which only the first one tells."""
    chance, count = np.random.default_rng(4), 1200
    is_hire = np.repeat(chance.random(count) < 0.5, 3)
    vendors = np.repeat(chance.integers(40, size=count), 3)
    rows = rows_of(*(f"Vendor {chr(65 + v % 26)}{v // 26}" for v in vendors))
    told = ["crane hire" if hire else "pump parts" for hire in is_hire]
    numbers = range(len(rows))
    rows = rows.assign(
        doc_id=[f"INV-{i // 3}" for i in numbers],
        txn_date=[date(2020, 1, 1) + timedelta(days=i // 9) for i in numbers],
        description=[text if i % 3 == 0 else "" for i, text in enumerate(told)],
    )
    return rows, ["hire" if hire else "repair" for hire in is_hire]


@pytest.fixture(scope="module")
def of_documents(documents: Ledger) -> TransactionCategorizer:
    """Return what learned the older documents."""
    rows, labels = documents
    return new_categorizer().fit(rows[:LEARNED], labels[:LEARNED])


def test_lines_of_one_document_help_each_other(
    documents: Ledger, of_documents: TransactionCategorizer
) -> None:
    """Where one line of a document tells, the others need not be guessed."""
    asked, truths = documents[0][LEARNED:], np.array(documents[1][LEARNED:])
    is_silent = (asked["description"] == "").to_numpy()

    together = (of_documents.predict(asked) == truths)[is_silent].mean()
    alone = (of_documents.predict(asked[is_silent]) == truths[is_silent]).mean()

    assert alone < 0.6
    assert together > 0.95


def test_no_document_is_torn_by_where_it_stands(
    documents: Ledger,
    of_documents: TransactionCategorizer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many rows are predicted some after the other, and documents stay whole."""
    asked = documents[0][LEARNED:]
    at_once = of_documents.predict_proba(asked)[1]

    monkeypatch.setattr("models.categorizer.CHUNK_ROWS", 100)

    np.testing.assert_allclose(of_documents.predict_proba(asked)[1], at_once)


@pytest.mark.parametrize("unknown", ["vendor_name", "txn_date"])
def test_lines_of_no_known_document_are_alone(
    documents: Ledger, of_documents: TransactionCategorizer, unknown: str
) -> None:
    """Without a number, only a vendor's lines of one day are a document."""
    rows = documents[0].tail(60).assign(doc_id="", **{unknown: None})

    together = of_documents.predict_proba(rows)[1]
    alone = [of_documents.predict_proba(rows[i : i + 1])[1][0] for i in range(60)]

    np.testing.assert_allclose(together, alone)


def test_one_mistyped_date_does_not_silence_all_other_words() -> None:
    """A row dated twenty years ahead is one row, not all there is to learn from."""
    words = {"Crane": "hire", "Bakery": "food", "Office": "rent"}
    names = [f"{chr(65 + i)}or {word}" for i in range(20) for word in words]
    rows = rows_of(*names)
    days = [*rows["txn_date"][:-1], date(2045, 1, 1)]
    model = new_categorizer().fit(rows.assign(txn_date=days), [*words.values()] * 20)

    strangers = rows_of("Zulu Crane", "Yankee Bakery", "Xray Office")
    assert model.predict(strangers).tolist() == ["hire", "food", "rent"]


def test_rows_without_a_vendor_are_of_one_each() -> None:
    """Forty of them in one account are not one vendor's, as three named ones are."""
    rows = rows_of(*[""] * 40, "Kiln", "Loom", "Mast")
    model = new_categorizer().fit(rows, ["cash"] * 40 + ["parts"] * 3)

    classes, matrix = model.predict_proba(rows_of("7 8 9"))

    assert classes[matrix.argmax()] == "cash"
    assert matrix.max() > 0.7


@pytest.mark.parametrize("year", [2, 2926, 9999])
def test_a_row_of_an_impossible_day_costs_nothing(year: int) -> None:
    """It is learned and predicted as one without a day; no other row is forgotten."""
    rows = rows_of(*["Vendor A", "Vendor B"] * 15)
    odd = rows_of("Vendor C").assign(txn_date=[date(year, 9, 1)])

    model = new_categorizer().fit(pd.concat([rows, odd]), [*["one", "two"] * 15, "six"])

    alone = new_categorizer().fit(rows, ["one", "two"] * 15)
    assert model.predict(odd).tolist() == ["six"]
    assert model.predict(rows[:2]).tolist() == ["one", "two"]
    assert model.confidence(rows[:2]).min() > 0.8 * alone.confidence(rows[:2]).min()


def test_a_trade_is_known_again_under_another_word() -> None:
    """Who put one law office somewhere is asked there about a solicitor, by name."""
    labels = ["a"] * 8 + ["b"] * 8 + ["c"] * 8
    known = [
        *("Aldine Law Office", "Borrow Attorneys", "Castell Paralegal", "Dunn Notary"),
        *("Eversham Plumbing", "Fold HVAC", "Gantry Roofing", "Holm Locksmith"),
        *("Inver Staffing", "Jarrow Temps", "Kells Workforce", "Lowe Personnel"),
    ]
    model = new_categorizer().fit(rows_of(*[x for x in known for _ in "12"]), labels)
    strangers = rows_of("Meridew Solicitors", "Nantwich Painters")

    assert model.predict(strangers).tolist() == ["a", "b"]
    assert model.words_for(strangers, [("a", "c"), ("b", "c")]) == [
        ["solicitor"],
        ["painter"],
    ]


@pytest.mark.parametrize("always", [True, False])
def test_few_rows_tell_how_far_they_are_to_be_trusted(*, always: bool) -> None:
    """Three hundred rows are enough to see whether vendors keep to an account."""
    chance, count, learned = np.random.default_rng(3), 400, 300
    vendor = chance.integers(30, size=count)
    labels = vendor % 8 if always else chance.integers(8, size=count)
    rows = rows_of(*(f"Vendor {chr(65 + v)}" for v in vendor))
    truths = labels.astype(str)
    model = new_categorizer().fit(rows[:learned], truths[:learned].tolist())

    right = model.predict(rows[learned:]) == truths[learned:]

    assert model.confidence(rows[learned:]).mean() == pytest.approx(
        right.mean(), abs=0.09
    )
