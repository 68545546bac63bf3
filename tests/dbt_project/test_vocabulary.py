"""The statuses that SQL calls known are those of the source's own list."""

import ast
import re
from pathlib import Path

import pytest

from bill_source.entities.vocabulary import KNOWN

ROOT = Path(__file__).parents[2]
POSTINGS = ROOT / "dbt_project" / "models" / "intermediate" / "postings"
MODEL = (POSTINGS / "int_document_flags_raised.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "lists"),
    [
        (
            "bill_statuses",
            {
                "record_status": "bill_record_status",
                "payment_status": "bill_payment_status",
                "approval_status": "bill_approval_status",
            },
        ),
        (
            "invoice_statuses",
            {"record_status": "invoice_record_status", "status": "invoice_status"},
        ),
    ],
)
def test_a_status_is_known_to_sql_and_source_alike(
    name: str, lists: dict[str, str]
) -> None:
    """No status is unknown to one and known to the other."""
    found = re.search(rf"set {name} = ({{.*?}})", MODEL, re.DOTALL)

    assert found is not None
    known = ast.literal_eval(found[1])
    assert known.keys() == lists.keys()
    for column, words in known.items():
        assert set(words) == KNOWN[lists[column]], column
