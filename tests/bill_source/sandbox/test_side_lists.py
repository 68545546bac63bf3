"""The lists beside the ledger: files, contacts, approvals, statements, audit trails."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest


def by_parent(bill: Any, path: str, parents: str) -> dict[str, list[Any]]:
    """Read a list below every parent."""
    return {
        row.id: bill.get(path.format(row.id)).json()["results"]
        for row in bill.server.books.rows(parents)
    }


def test_some_bills_have_documents_and_each_is_got_by_id(bill: Any) -> None:
    """Two bills of three have files, whose ids are all different."""
    found = by_parent(bill, "documents/bills/{}?max=100", "bills")

    files = [file for some in found.values() for file in some]
    assert 0.4 < sum(map(bool, found.values())) / len(found) < 0.9
    assert len({file["id"] for file in files}) == len(files)
    assert bill.get(f"documents/{files[0]['id']}").json() == files[0]
    assert all(file["downloadLink"].startswith("https://") for file in files)


def test_a_file_below_another_parent_is_not_shown(bill: Any) -> None:
    """A contact is found below its own customer only."""
    found = by_parent(bill, "customers/{}/contacts", "customers")
    (one, contacts), (other, _) = [item for item in found.items() if item[1]][:2]
    contact = contacts[0]["id"]

    assert bill.get(f"customers/{one}/contacts/{contact}").json() == contacts[0]
    assert bill.refusal(f"customers/{other}/contacts/{contact}") == (404, "BDC_1205")


@pytest.mark.parametrize(
    "path",
    [
        "documents/bills/00n02AAAAAAAAAA30001",
        "attachments/invoices/00e02AAAAAAAAAA30001",
        "reports/audit-trail/vendor/00902AAAAAAAAAA30001",
        "vendors/00902AAAAAAAAAA30001/bank-account",
        "customers/0cu02AAAAAAAAAA30001/contacts",
        "documents/00h02AAAAAAAAAA30001",
        "attachments/att02AAAAAAAAAA30001",
        "payments/mass/bbq02AAAAAAAAAA30001",
        "documents/upload-status?ids=0du02AAAAAAAAAA30001",
    ],
)
def test_what_nobody_has_is_not_found(bill: Any, path: str) -> None:
    """A parent or a record that does not exist is 404 BDC_1205, never an empty list."""
    assert bill.refusal(path) == (404, "BDC_1205")


def test_a_removed_file_stays_away_and_a_new_bill_may_bring_more(bill: Any) -> None:
    """Hard deletion holds while the company lives on."""
    books = bill.server.books
    file, count = books.rows("bill-documents")[0], books.count("bill-documents")
    books.remove("bill-documents", file.id)

    bill.server.advance_days(1)

    assert bill.refusal(f"documents/{file.id}") == (404, "BDC_1205")
    assert books.count("bill-documents") >= count


def test_listing_files_does_not_make_the_company_begin_anew(bill: Any) -> None:
    """Lists written on demand leave the books as they were for the next reset."""
    books = bill.server.books
    books.rows("bill-documents")

    bill.server.reset()

    assert bill.server.books is books


def test_days_lived_at_once_give_the_same_files(start: Any) -> None:
    """What was listed on the way changes nothing of what is listed later."""
    names = ("bill-documents", "vendor-audit-trail", "spend-transactions")
    one, other = start().server, start().server
    for _ in range(3):
        one.advance_days(1)
        for name in names:
            one.books.rows(name)
    other.advance_days(3)

    for name in names:
        bodies = [[row.body for row in it.books.rows(name)] for it in (one, other)]
        assert sorted(bodies[0], key=str) == sorted(bodies[1], key=str)


def test_an_audit_trail_tells_who_changed_what(bill: Any) -> None:
    """The first entry is the creation; an edit adds one with both values."""
    vendor = next(
        row
        for row in bill.server.books.rows("vendors")
        if not row.body["archived"] and "phone" not in row.body
    )
    path = f"reports/audit-trail/vendor/{vendor.id}"
    before = bill.get(path).json()
    bill.server.change("vendors", vendor.id, {"phone": "5035550188"}, touch=True)

    after = bill.get(path).json()

    assert before[0]["type"] == "CREATE"
    assert after[:-1] == before
    assert after[-1]["field"] == {"name": "phone", "value": {"current": "5035550188"}}
    assert bill.get(path, start=1, max=1).json() == after[1:2]
    assert bill.refusal(path, start="-1") == (400, "BDC_1129")
    assert bill.refusal(path, max=101) == (400, "BDC_1129")


def test_an_archived_vendors_trail_must_be_asked_for(bill: Any) -> None:
    """Without includeArchived its trail is empty."""
    vendor = bill.server.books.rows("vendors")[0]
    bill.server.change("vendors", vendor.id, {"archived": True}, touch=True)
    path = f"reports/audit-trail/vendor/{vendor.id}"

    assert bill.get(path).json() == []
    entries = bill.get(path, includeArchived="true").json()
    assert entries[-1]["field"]["name"] == "archived"
    assert bill.refusal(path, includeArchived="yes") == (400, "BDC_1129")


def test_a_statement_is_the_sum_of_its_charges(bill: Any) -> None:
    """One a month; charges are told by id only and add up to the cent."""
    path = f"organizations/{bill.server.organization_id}/billing-statements"
    statements = bill.get(path).json()["results"]
    assert len(statements) == 3

    for statement in statements:
        detail = bill.get(f"{path}/{statement['id']}").json()
        charges = [Decimal(str(one["amount"])) for one in detail["statementDetails"]]
        assert sum(charges) == Decimal(str(statement["amount"]))
        assert "statementDetails" not in statement
        assert set(detail["downloadLink"]) == {"csv", "pdf"}


def test_statements_are_cut_by_pages_or_by_dates_but_not_both(bill: Any) -> None:
    """A range of invoice dates stands alone."""
    path = f"organizations/{bill.server.organization_id}/billing-statements"
    days = {row["invoiceDate"] for row in bill.get(path).json()["results"]}
    middle = sorted(days)[1]

    ranged = bill.get(path, invoiceDateFrom=middle, invoiceDateTo=middle).json()

    assert [row["invoiceDate"] for row in ranged["results"]] == [middle]
    assert bill.refusal(path, invoiceDateFrom=middle, max=5) == (400, "BDC_1129")
    assert bill.refusal(path, invoiceDateFrom="soon") == (400, "BDC_1129")
    assert bill.refusal(path, filters="invoiceDate:gte:x") == (400, "BDC_1129")


def test_nominated_cards_are_told_apart(bill: Any) -> None:
    """A card whose user is only nominated is in the other list."""
    cards = {
        status: [
            card["id"]
            for card in bill.get(
                "funding-accounts/cards", cardUserStatus=status
            ).json()["cards"]
        ]
        for status in ("VERIFIED", "NOMINATED")
    }
    users = bill.get("funding-accounts/cards/users").json()["results"]

    assert {row["cardAccountId"]: row["verificationStatus"] for row in users} == {
        one: status for status, ids in cards.items() for one in ids
    }
    assert all(len(ids) == 1 for ids in cards.values())


def test_bank_users_may_be_narrowed_to_oneself(bill: Any) -> None:
    """currentUser=true keeps the rows of who is signed in."""
    user = bill.get("login/session").json()["userId"]
    path = "funding-accounts/banks/users"
    mine = bill.get(path, currentUser="true").json()["results"]

    assert {row["userId"] for row in mine} == {user}
    assert len(mine) < len(bill.get(path).json()["results"])
    assert bill.refusal(path, currentUser="me") == (400, "BDC_1129")


def test_pending_approvals_are_those_of_the_signed_in_user(bill: Any) -> None:
    """A bill appears while its approver, the signed-in user, is waited for."""
    path = "bill-approvals/pending-user-approvals"
    user = bill.get("login/session").json()["userId"]
    row = next(
        row
        for row in bill.server.books.rows("bills")
        if row.body["approvalStatus"] != "ASSIGNED"
    )
    asked = {"approvalStatus": "ASSIGNED"}
    asked["approvers"] = [{"userId": user, "status": "WAITING", "approverOrder": 1}]
    bill.server.change("bills", row.id, asked, touch=True)

    shown = bill.get(path).json()["bills"]

    assert row.id in {one["billId"] for one in shown}
    assert set(shown[0]) == {"billId", "vendorId", "amount", "dueDate"}


def test_folders_serve_these_lists_too(start: Any, tmp_path: Path) -> None:
    """By parent, as a plain list of the first parent, without ids, or not at all."""
    vendors = {"results": [{"id": "v1"}, {"id": "v2"}]}
    (tmp_path / "vendors.json").write_text(json.dumps(vendors))
    trail = {"v2": [{"type": "CREATE", "createdTime": "2026-01-01"}]}
    (tmp_path / "vendor-audit-trail.json").write_text(json.dumps(trail))
    files = {"results": [{"id": "a1", "name": "W-9.pdf"}]}
    (tmp_path / "vendor-attachments.json").write_text(json.dumps(files))
    (tmp_path / "spend-cards.json").write_text('[{"id":"x","uuid":"crd_1"}]')

    caller = start(data_dir=tmp_path)

    assert caller.get("reports/audit-trail/vendor/v1").json() == []
    assert caller.get("reports/audit-trail/vendor/v2").json() == trail["v2"]
    assert caller.get("attachments/vendors/v1").json() == files
    assert caller.get("attachments/vendors/v2").json() == {"results": []}
    assert caller.get("attachments/a1").json() == files["results"][0]
    assert caller.get("documents/bills/b1").json() == {"results": []}
    assert caller.get("bill-approvals/policies").json() == []
    assert caller.spend("cards/x").json() == {"id": "x", "uuid": "crd_1"}


def test_statements_appear_when_a_month_is_over(bill: Any) -> None:
    """The newest is unpaid on the day it is issued."""
    days = bill.server.clock.now().date().replace(day=1) + timedelta(days=31)
    bill.server.advance_days(
        (days.replace(day=2) - bill.server.clock.now().date()).days
    )
    bill.sign_in()
    path = f"organizations/{bill.server.organization_id}/billing-statements"

    rows = sorted(bill.get(path).json()["results"], key=lambda row: row["invoiceDate"])

    assert [row["paymentStatus"] for row in rows[-2:]] == ["PAID", "UNPAID"]
    assert "paymentDate" not in rows[-1]
