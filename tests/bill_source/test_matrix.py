"""The sync matrix says what is so."""

import re
from pathlib import Path

import pytest

from bill_source.entities import ENTITIES
from bill_source.matrix import (
    BEGIN,
    END,
    LEFT_OUT,
    PARTIAL,
    PROOFS,
    README,
    TESTS,
    line_of,
    lines,
    proof_of,
    table,
    with_matrix,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("proof", sorted({proof_of(entity) for entity in ENTITIES}))
def test_every_proof_is_a_test(proof: str) -> None:
    """The matrix names tests that exist."""
    path, _, name = proof.partition("::")
    text = (ROOT / TESTS / path).read_text()
    assert re.search(rf"^def {name}\(", text, re.MULTILINE)


def test_the_readme_shows_the_matrix_as_it_is() -> None:
    """Whoever changes a list has to write the matrix again."""
    text = README.read_text()
    assert text == with_matrix(text), "run python -m bill_source.matrix --write"


def test_every_list_has_its_line() -> None:
    """Nothing that is read is left out, and what is not read says why."""
    found = list(lines())
    assert len(found) == len(ENTITIES) + len(LEFT_OUT)
    assert {*PROOFS, *PARTIAL} <= {entity.table for entity in ENTITIES}
    states = {line.state.partition(":")[0].partition(" ")[0] for line in found}
    assert states == {"synced", "optional", "partial", "not"}
    assert all(line.state.startswith("not: ") for line in found[len(ENTITIES) :])


@pytest.mark.parametrize(
    ("name", "cursor", "deletions", "again"),
    [
        (
            "bills",
            "`updatedTime`, a day's overlap",
            "`archived`, `record_status`",
            (
                "open ones, archived ones,"
                " those that changed payments and vendor credits touch"
            ),
        ),
        ("payments", "`updatedTime`, a day's overlap", "`status`", "unsettled ones"),
        (
            "bill_documents",
            "none, whole list per bill",
            "missing, then 404 by id",
            "everything",
        ),
        ("bill_approval_policies", "none, whole list", "missing", "everything"),
        ("payment_terms", "none, whole list", "none known", "everything"),
    ],
)
def test_lines_follow_the_entities(
    name: str, cursor: str, deletions: str, again: str
) -> None:
    """What a line says is read off the list it is about."""
    line = line_of(next(entity for entity in ENTITIES if entity.table == name))
    assert (line.cursor, line.deletions, line.again) == (cursor, deletions, again)


def test_only_the_block_is_replaced() -> None:
    """What stands before and behind the matrix stays."""
    assert with_matrix(f"a\n{BEGIN}\nold\n{END}\nb\n") == (
        f"a\n{BEGIN}\n{table()}\n{END}\nb\n"
    )
    with pytest.raises(ValueError, match="needs the lines"):
        with_matrix("a")
