"""Lists that are asked for per parent: of those that changed, and none is forgotten.

Here belongs: which parents are asked for, and what a failure half-way leaves. Not
here: which lists there are (test_lists.py).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bill_source import BillCredentials, BillUnavailableError, load
from bill_source.policy import Policy
from bill_source.sandbox import SandboxServer

Make = Callable[..., dict[str, Any]]
LISTS = ["bills", "bill_documents"]
NAMES = "select right(id, 1), _version, name from raw_bill.bill_documents order by all"


@pytest.fixture
def papers(books: Any, bill: Make, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Six paid bills, each with one document, loaded; later read by the cursor."""
    monkeypatch.setattr("bill_source.transport.backoff", lambda _: 0.001)
    books.policy = Policy(small_list=0)
    write(books, bill, "")
    books.load(entities=LISTS)
    books.server.measurements.clear()
    return books


def write(books: Any, bill: Make, changed: str) -> None:
    """Let the bills of these digits be changed today, and their documents too."""
    later = "2026-03-02T12:00:00.000Z"
    rows = [bill(number, day=20, paymentStatus="PAID") for number in range(6)]
    found = {row["id"]: [{"id": f"doc{row['id'][-1]}", "name": "old"}] for row in rows}
    for digit in changed:
        rows[int(digit)] |= {"description": "changed", "updatedTime": later}
        found[rows[int(digit)]["id"]][0]["name"] = "new"
    books.write("bills", rows)
    books.write_text("bill-documents", json.dumps(found))


def asked(books: Any) -> list[str]:
    """Last digits of the bills whose documents were asked for."""
    calls = books.server.measurements.log
    return sorted({c.path[-1] for c in calls if "/documents/bills/" in c.path})


def test_only_parents_that_changed_are_asked_for(papers: Any, bill: Make) -> None:
    """The first load asks for every bill's documents, later ones for changed bills'."""
    assert len(papers.query(NAMES)) == 6
    papers.load(day=1, entities=LISTS)
    assert asked(papers) == []
    write(papers, bill, "24")
    papers.load(day=1, entities=LISTS)
    assert asked(papers) == ["2", "4"]
    new = [row for row in papers.query(NAMES) if row[2] == "new"]
    assert new == [("2", 2, "new"), ("4", 2, "new")]


def test_every_parent_is_asked_for_by_a_full_load(papers: Any) -> None:
    """A complete reading leaves no bill out."""
    papers.load(day=1, entities=LISTS, full=True)
    assert asked(papers) == list("012345")


def test_parents_left_over_are_asked_for_next_time(papers: Any, bill: Make) -> None:
    """When a load fails half-way, the next one asks for what is left, and only that."""
    write(papers, bill, "135")
    papers.server.faults.server_error(1000, entity="bill-documents")
    with pytest.raises(BillUnavailableError):
        papers.load(day=1, entities=LISTS)
    assert papers.query("select count(*) from raw_bill.bills where _version = 2") == [
        (3,)
    ]
    papers.server.faults.clear()
    papers.server.measurements.clear()
    papers.load(day=1, entities=LISTS)
    assert asked(papers) == ["1", "3", "5"]
    new = [row[0] for row in papers.query(NAMES) if row[2] == "new"]
    assert new == ["1", "3", "5"]
    papers.server.measurements.clear()
    papers.load(day=1, entities=LISTS)
    assert asked(papers) == []


def test_parents_of_a_forbidden_list_are_asked_for_when_it_opens(
    papers: Any, bill: Make
) -> None:
    """Documents kept back from us are read for every bill that changed meanwhile."""
    papers.server.faults.forbidden("bill-documents")
    write(papers, bill, "05")
    report = papers.load(day=1, entities=LISTS)
    assert report.tables["bill_documents"].state == "forbidden"
    papers.server.faults.clear()
    papers.server.measurements.clear()
    report = papers.load(day=1, entities=LISTS)
    assert report.tables["bill_documents"].state == "listed"
    assert asked(papers) == ["0", "5"]


def test_a_parent_that_is_gone_has_nothing(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """A parent we still hold, and BILL no longer has, keeps no list from us."""
    vendor = sandbox.act("create_vendor", name="Short Lived Ltd")
    load(credentials, tmp_path, entities=["vendors"])
    sandbox.act("remove", list_name="vendors", row_id=vendor["id"])
    report = load(credentials, tmp_path, entities=["vendors", "vendor_attachments"])
    found = report.tables["vendor_attachments"]
    assert (found.state, found.rows > 0) == ("listed", True)
