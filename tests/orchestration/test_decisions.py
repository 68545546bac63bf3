"""Decisions come in whole or not at all, and go out as they can come in again."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.decisions import (
    KINDS,
    export_decisions,
    import_decisions,
    kind_named,
)
from orchestration.failures import UsageError
from orchestration.store import Store

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 2, 12, tzinfo=UTC)
OVERRIDES = KINDS["category_overrides"]
HEADER = "source_entity,document_id,line_id,account_number,effective_at,note\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store.sqlite")


def write(folder: Path, text: str) -> Path:
    """Return a CSV file of that text."""
    path = folder / "decisions.csv"
    path.write_text(text, encoding="utf-8")
    return path


def bodies(store: Store) -> list[dict[str, str]]:
    """Return the stored overrides."""
    rows = store.decisions("category_overrides")
    return [json.loads(decision.body) for decision in rows]


def test_an_empty_instant_is_the_time_of_import(store: Store, tmp_path: Path) -> None:
    """effective_at is filled in; the rest stays as written."""
    file = write(tmp_path, HEADER + "bill,00n1,,6200,,rent\n")

    assert import_decisions(store, OVERRIDES, file, NOW) == 1
    assert bodies(store) == [
        {
            "source_entity": "bill",
            "document_id": "00n1",
            "line_id": "",
            "account_number": "6200",
            "effective_at": "2026-05-01T12:00:00.000000Z",
            "note": "rent",
        }
    ]


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    """Neither dated nor undated rows are added again."""
    file = write(
        tmp_path, HEADER + "bill,00n1,,6200,,\nbill,00n2,,6210,2026-01-31,late\n"
    )

    assert import_decisions(store, OVERRIDES, file, NOW) == 2
    assert import_decisions(store, OVERRIDES, file, LATER) == 0


def test_a_choice_taken_back_counts_again(store: Store, tmp_path: Path) -> None:
    """Rent, then utilities, then rent: the third row is news, not a repetition."""
    for hour, account in enumerate(("6200", "6210", "6200")):
        file = write(tmp_path, HEADER + f"bill,00n1,,{account},,\n")
        assert import_decisions(store, OVERRIDES, file, NOW.replace(hour=hour)) == 1

    assert [row["account_number"] for row in bodies(store)] == ["6200", "6210", "6200"]


def test_a_merge_counts_again_after_a_split(store: Store, tmp_path: Path) -> None:
    """Merge, split, merge of the same two records: three decisions."""
    parties = KINDS["party_overrides"]
    header = ",".join(parties.header)
    for hour, action in enumerate(("merge", "split", "merge", "merge")):
        row = f"{action},vendor,v1,vendor,v2,,"
        file = write(tmp_path, f"{header}\n{row}\n")
        added = import_decisions(store, parties, file, NOW.replace(hour=hour))
        assert added == (1, 1, 1, 0)[hour]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("cheque,00n1,,6200,,", "line 2, column source_entity"),
        ("bill,,,6200,,", "line 2, column document_id: is empty"),
        ("bill,00n1,,1234,,", "line 2, column account_number: '1234' is no account"),
        ("bill,00n1,,2000,,", "cannot be chosen as a category"),
        ("bill,00n1,,6200,yesterday,", "line 2, column effective_at"),
        ("bill,00n1,,6200", "the row has 4 cells and the header 6"),
    ],
)
def test_one_bad_row_refuses_the_file(
    store: Store, tmp_path: Path, row: str, complaint: str
) -> None:
    """The message names file, line, column and reason; no row is added."""
    file = write(tmp_path, HEADER + f"{row}\nbill,00n9,,6200,,\n")

    with pytest.raises(UsageError) as refused:
        import_decisions(store, OVERRIDES, file, NOW)
    assert complaint in str(refused.value)
    assert str(file) in str(refused.value)
    assert bodies(store) == []


def test_an_unknown_column_is_refused(store: Store, tmp_path: Path) -> None:
    """A misspelt header would lose what people wrote."""
    file = write(tmp_path, "source_entity,document_id,account,line_id\n")

    with pytest.raises(UsageError, match="line 1, column 'account'"):
        import_decisions(store, OVERRIDES, file, NOW)


def test_an_export_can_be_imported_again(store: Store, tmp_path: Path) -> None:
    """A second store filled from the export holds the same decisions."""
    rows = 'bill,00n1,bli1,6200,,"rent, May"\nbill,00n1,bli1,6210,2026-06-01,\n'
    import_decisions(store, OVERRIDES, write(tmp_path, HEADER + rows), NOW)
    text = io.StringIO()
    export_decisions(store, OVERRIDES, text)
    other = Store(tmp_path / "other.sqlite")

    import_decisions(other, OVERRIDES, write(tmp_path, text.getvalue()), LATER)

    assert bodies(other) == bodies(store)


@pytest.mark.parametrize("name", ["opinions", "period_locks"])
def test_a_kind_without_effect_is_refused(name: str) -> None:
    """Nothing is accepted that would not count."""
    with pytest.raises(UsageError, match="category_overrides"):
        kind_named(name)
