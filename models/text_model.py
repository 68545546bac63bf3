"""Linear models over the words of names and texts, for vendors memory does not know.

Here belongs turning words into features and words into accounts. What one vendor's
history says does not belong here: memory knows that better.
"""

import warnings
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse

from models import trades
from models.counting import faded
from models.wording import tokens

MIN_ROWS = 20
# With this many rows, shipped knowledge is worth as much as what the rows taught.
EVEN_ROWS = 1000.0
# Margins of linear support vectors lie within about one of each other.
TEMPERATURE = 0.25
# Nothing is impossible: the share of belief spread over all classes, and over classes
# as usual as they are. Few rows have hardly taught any words, and more of them
# where they speak of a kind of trade that occurred.
UNIFORM, OVERALL = 0.02, 0.08
UNTAUGHT_ROWS, UNTAUGHT_KINDS = 100.0, 30.0
# Ten times scikit-learn's: the same accuracy in two thirds of the time.
TOLERANCE = 1e-3
# So few rows are all learned from; of more, distinct ones are enough.
FEW_ROWS = 2000
LEAST_RECENT = 1.0 / 16.0
MOST_WORDS = 3

KINDS = (("vendor_name", trades.of_name), ("description", trades.of_text))
VIEWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("vendor_name", {"ngram_range": (1, 2), "token_pattern": r"(?u)\w+"}),
    (
        "vendor_name",
        {
            "analyzer": "char_wb",
            "ngram_range": (3, 4),
            "min_df": 2,
            "max_features": 30_000,
        },
    ),
    (
        "description",
        {
            "ngram_range": (1, 2),
            "token_pattern": r"(?u)\w+",
            "max_features": 40_000,
        },
    ),
    (
        "description",
        {
            "analyzer": "char_wb",
            "ngram_range": (3, 4),
            "min_df": 2,
            "max_features": 30_000,
        },
    ),
    *(
        (column, {"preprocessor": kinds, "token_pattern": r"(?u)\w+"})
        for column, kinds in KINDS
    ),
)

# A view, what it finds in each distinct text, and which of these is each row's.
Read = tuple[Any, sparse.csr_matrix, np.ndarray]


class TextModel:
    """TF-IDF of words, character runs and kinds of trade, linear support vectors.

    It learned from `rows` rows, the distinct ones among them.
    """

    def __init__(self, most_rows: int) -> None:
        self.most_rows = most_rows
        self.rows = 0
        self.classes = np.zeros(0, dtype=np.int64)
        self.frequencies = np.zeros(0)
        self.learned = np.zeros(0, dtype=np.int64)
        self.chosen: list[tuple[str, dict[str, Any]]] = []
        self.views: list[tuple[str, Any]] = []
        self.coefficients = np.zeros((0, 0))
        self.intercepts = np.zeros(0)

    @property
    def share(self) -> float:
        """How much belief it deserves beside shipped knowledge, from 0 to 1."""
        return self.rows / (self.rows + EVEN_ROWS)

    def fit(self, rows: pd.DataFrame, codes: np.ndarray) -> Self:
        """Learn from rows with their keys, oldest first."""
        usual = _usual(rows, codes)
        self.classes = np.flatnonzero(usual)
        self.frequencies = usual[self.classes] / usual.sum()
        self.rows = len(rows)
        kept, times = _distinct(rows, codes, self.most_rows)
        if len(kept) >= MIN_ROWS and len(np.unique(codes[kept])) > 1:
            weights = np.sqrt(times) * _recency(rows["day"].to_numpy()[kept])
            self._learn(rows.iloc[kept], codes[kept], weights)
        return self

    def predict_proba(self, rows: pd.DataFrame, width: int) -> np.ndarray:
        """Return per row a probability for each of the first `width` class codes."""
        # Lines repeat themselves: every pair of name and text is thought about once.
        pairs = [*zip(rows["vendor_name"], rows["description"], strict=True)]
        place = {pair: i for i, pair in enumerate(dict.fromkeys(pairs))}
        columns = ("vendor_name", "description")
        distinct = pd.DataFrame(list(place), columns=columns, dtype=object)
        read = self._read(distinct)
        words = self._worth(read, len(place))[:, None]
        result = np.full((len(place), width), UNIFORM / width)
        result[:, self.classes] += (1.0 - UNIFORM - words) * self.frequencies
        if len(self.learned) == width:
            result += words * self._spoken(read, len(place))
        elif len(self.learned):
            result[:, self.learned] += words * self._spoken(read, len(place))
        return result[[place[pair] for pair in pairs]]

    def words_for(
        self, rows: pd.DataFrame, chosen: np.ndarray, others: np.ndarray
    ) -> list[list[str]]:
        """Return per row the words that spoke most for a class, against another one."""
        place = np.full(max(chosen.max(), others.max(), *self.learned) + 1, -1)
        place[self.learned] = np.arange(len(self.learned))
        gains: list[list[tuple[float, str]]] = [[] for _ in range(len(rows))]
        start = 0
        for column, view in self.views:
            found = view.transform(rows[column]).tocoo()
            part = self.coefficients[start : start + found.shape[1]]
            start += found.shape[1]
            if view.analyzer != "word":
                continue
            terms, texts = view.get_feature_names_out(), rows[column].tolist()
            mine, other = place[chosen[found.row]], place[others[found.row]]
            gained = found.data * (part[found.col, mine] - part[found.col, other])
            said = (gained > 0) & (mine >= 0) & (other >= 0)
            for row, col, gain in zip(
                found.row[said], found.col[said], gained[said], strict=True
            ):
                word = str(terms[col])
                if view.preprocessor:
                    word = trades.phrases(column, texts[row])[word]
                gains[row].append((-float(gain), word))
        return [_plainest(row) for row in gains]

    def _read(self, rows: pd.DataFrame) -> list[Read]:
        """Return what each view finds in each distinct text, and each row's text."""
        result = []
        for column, view in self.views:
            inverse, distinct = pd.factorize(rows[column])
            result.append((view, view.transform(distinct), inverse))
        return result

    def _worth(self, read: list[Read], count: int) -> np.ndarray:
        """Return per row what its words deserve beside how usual accounts are."""
        if not len(self.learned):
            return np.zeros(count)
        knows_kind = np.zeros(count, dtype=bool)
        for view, found, inverse in read:
            if view.preprocessor:
                knows_kind |= (found.getnnz(axis=1) > 0)[inverse]
        untaught = np.where(knows_kind, UNTAUGHT_KINDS, UNTAUGHT_ROWS)
        return np.asarray(
            (1.0 - UNIFORM - OVERALL) * self.rows / (self.rows + untaught)
        )

    def _spoken(self, read: list[Read], count: int) -> np.ndarray:
        scores = self._scores(read, count) / TEMPERATURE
        scores -= scores.max(axis=1, keepdims=True)
        masses = np.exp(scores, out=scores)
        return np.asarray(masses / masses.sum(axis=1, keepdims=True))

    def _scores(self, read: list[Read], count: int) -> np.ndarray:
        """Return margins per row; every distinct name and text is read once."""
        result = np.tile(self.intercepts, (count, 1))
        start = 0
        for _, found, inverse in read:
            part = self.coefficients[start : start + found.shape[1]]
            start += found.shape[1]
            result += np.asarray(found @ part)[inverse]
        return result

    def _learn(
        self, rows: pd.DataFrame, codes: np.ndarray, weights: np.ndarray
    ) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        for column, options in VIEWS:
            view = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options)
            try:
                view.fit(rows[column])
            except ValueError:
                continue  # a column without any word has nothing to teach
            self.chosen.append((column, options))
            self.views.append((column, view))
        if not self.views:
            return
        machine = LinearSVC(C=1.0, tol=TOLERANCE, random_state=0)
        with warnings.catch_warnings():
            # Many accounts with few rows each are our daily bread, not a regression.
            warnings.filterwarnings("ignore", message="The number of unique classes")
            machine.fit(self._matrix(rows), codes, sample_weight=weights)
        self.learned = machine.classes_
        margins, offsets = machine.coef_, machine.intercept_
        if len(margins) < len(self.learned):
            margins = np.vstack([-margins, margins])
            offsets = np.concatenate([-offsets, offsets])
        # Words by classes, in one piece: a text needs the rows of its few words.
        self.coefficients = np.ascontiguousarray(margins.T, dtype=np.float32)
        self.intercepts = offsets.astype(np.float32)

    def _matrix(self, rows: pd.DataFrame) -> sparse.csr_matrix:
        parts = [view.transform(rows[column]) for column, view in self.views]
        return sparse.hstack(parts, format="csr")


def _plainest(gains: list[tuple[float, str]]) -> list[str]:
    """Return the words that spoke most; of one word's forms, that which did."""
    said: dict[tuple[str, ...], str] = {}
    for _, word in sorted(gains):
        said.setdefault(tuple(tokens(word)), word)
    return list(said.values())[:MOST_WORDS]


def _usual(rows: pd.DataFrame, codes: np.ndarray) -> np.ndarray:
    """Return per class how usual it is: roots of its vendors' numbers of rows, summed.

    It is asked of vendors never seen: what a large one does says little of them. Rows
    without a vendor are of one each.
    """
    vendors = np.where(rows["is_nobody"], np.arange(len(rows)), rows["vendor"])
    each = pd.Series(codes).groupby([vendors, codes], sort=False).size()
    return np.bincount(each.index.get_level_values(1), np.sqrt(each.to_numpy()))


def _recency(days: np.ndarray) -> np.ndarray:
    """Return weights of mean 1 that are the smaller the older; undated is newest."""
    # One slip of the pen in a date must not make all other rows say nothing.
    weights = np.maximum(faded(np.where(days < 0, 0, days - days.max())), LEAST_RECENT)
    return np.asarray(weights / weights.mean())


def _distinct(
    rows: pd.DataFrame, codes: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the newest position of each (vendor, text, class), and how often each is.

    Positions are oldest first. Learning from distinct rows takes seconds where learning
    from all takes minutes, and is no worse.
    """
    if len(rows) <= FEW_ROWS:
        return np.arange(len(rows)), np.ones(len(rows))
    columns = {"vendor": rows["vendor"], "text": rows["text"], "code": codes}
    named = pd.DataFrame(columns).reset_index(drop=True)
    times = named.groupby(list(columns), sort=False)["code"].transform("size")
    kept = named.drop_duplicates(keep="last").index.to_numpy()[-most:]
    return kept, times.to_numpy()[kept]
