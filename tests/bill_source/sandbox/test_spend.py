"""Spend & Expense: its own token and limit, its lists, what clearing does."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests


def everything(bill: Any, path: str, **query: Any) -> list[Any]:
    """Read every page of a list, transactions in the order they occurred."""
    if path == "transactions":
        query.setdefault("sort", "occurredTime")
    bill.server.switches.spend_calls_per_minute = None
    found: list[Any] = []
    while True:
        body = bill.spend(path, **query).json()
        found += body["results"]
        if "nextPage" not in body:
            return found
        query["nextPage"] = body["nextPage"]


def test_only_its_own_token_opens_it(bill: Any) -> None:
    """A session is no use here, and the token is no use elsewhere."""
    api, token = bill.server.api_url, bill.server.spend_token
    tries: tuple[tuple[str, dict[str, str]], ...] = (
        ("spend/users", bill.session),
        ("spend/users", {"apiToken": "wrong"}),
        ("users", {"apiToken": token}),
    )
    statuses = [
        requests.get(f"{api}/v3/{path}", headers=headers, timeout=9).status_code
        for path, headers in tries
    ]

    assert statuses == [401, 401, 401]
    assert bill.spend("users").status_code == 200


def test_it_answers_without_any_session(bill: Any) -> None:
    """Ended sessions and used-up hours of the developer key do not matter here."""
    bill.server.faults.expire_session()
    bill.server.faults.hourly_limit()

    assert bill.get("vendors").status_code == 422
    assert bill.spend("cards").status_code == 200


def test_sixty_calls_a_minute(bill: Any) -> None:
    """The 61st call of a minute is 429; the next minute begins at nought."""
    statuses = [bill.spend("users/current").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]

    bill.server.advance_seconds(60)

    assert bill.spend("users/current").status_code == 200


def test_the_limit_is_switchable(bill: Any) -> None:
    """How many calls, and which status, are settings."""
    bill.server.switches.spend_calls_per_minute = 0
    bill.server.switches.spend_limit_status = 422

    assert bill.spend("users").status_code == 422


def test_the_token_is_current_for_one_user(bill: Any) -> None:
    """users/current is one of the users, who have two ids each."""
    current = bill.spend("users/current").json()

    assert current in bill.spend("users").json()["results"]
    assert bill.spend(f"users/{current['id']}").json() == current
    assert bill.spend(f"users/{current['uuid']}").json() == current


def test_pages_of_transactions_hold_at_most_50(bill: Any) -> None:
    """Their parameters are nextPage and prevPage, and 51 is refused."""
    first = bill.spend("transactions", max=50, sort="occurredTime:asc").json()
    second = bill.spend("transactions", max=50, nextPage=first["nextPage"]).json()
    back = bill.spend("transactions", max=50, prevPage=second["prevPage"]).json()

    assert len(first["results"]) == 50
    assert back["results"] == first["results"]
    refused = bill.spend("transactions", max=51)
    assert (refused.status_code, refused.json()[0]["code"]) == (400, "BDC_1129")
    assert bill.spend("cards", max=100).status_code == 200


def test_transactions_sort_by_one_field(bill: Any) -> None:
    """Two sort fields are refused, as is an unknown one."""
    for sort in ("amount,occurredTime", "uuid"):
        assert bill.spend("transactions", sort=sort).status_code == 400


def test_paging_covers_every_transaction_once(bill: Any) -> None:
    """Sorted, the pages give each uuid once."""
    rows = everything(bill, "transactions", max=50, sort="updatedTime:asc")
    known = {row.id for row in bill.server.books.rows("spend-transactions")}

    assert len(rows) == len(known)
    assert {row["uuid"] for row in rows} == known


KEEPS: dict[str, Callable[[Any, Any], bool]] = {
    "cardId:eq:{cardUuid}": lambda row, one: row["cardUuid"] == one["cardUuid"],
    'userId:in:"{userUuid}"': lambda row, one: row["userUuid"] == one["userUuid"],
    "budgetId:eq:{budgetUuid}": lambda row, one: row["budgetId"] == one["budgetId"],
    'transactionIds:in:"{uuid}"': lambda row, one: row["uuid"] == one["uuid"],
    "type:ne:CLEAR": lambda row, _: row["transactionType"] != "CLEAR",
    "type:eq:CLEAR": lambda row, _: row["transactionType"] == "CLEAR",
    "amount:gte:50.25": lambda row, _: row["amount"] >= 50.25,
    "amount:lte:0": lambda row, _: row["amount"] <= 0,
    "fees:gte:0.01": lambda row, _: row["fees"] > 0,
    "complete:eq:false": lambda row, _: not row["complete"],
    "receiptStatus:eq:MISSING": lambda row, _: row["receiptStatus"] == "MISSING",
    "merchantName:eq:{merchantName}": (
        lambda row, one: row["merchantName"] == one["merchantName"]
    ),
    'updatedTime:gte:"{updatedTime}"': (
        lambda row, one: row["updatedTime"] >= one["updatedTime"]
    ),
    "syncStatus:eq:NOT_SYNCED": (
        lambda row, _: bool(row["accountingIntegrationTransactions"])
    ),
}


@pytest.mark.parametrize("filters", KEEPS)
def test_documented_filters_keep_what_they_say(bill: Any, filters: str) -> None:
    """Filters take uuids, types, amounts and flags under the names documented."""
    rows = everything(bill, "transactions", max=50)
    one = rows[len(rows) // 2]
    expected = [row["uuid"] for row in rows if KEEPS[filters](row, one)]

    found = everything(bill, "transactions", filters=filters.format(**one), max=50)

    assert 0 < len(expected) < len(rows)
    assert sorted(row["uuid"] for row in found) == sorted(expected)


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ("amount:gte:lots", "BDC_1129"),
        ("amount:eq:5", "BDC_1131"),
        ("occurredTime:gte:2026-01-01", "BDC_1130"),
    ],
)
def test_other_filters_are_refused(bill: Any, filters: str, code: str) -> None:
    """Unknown fields, operators and amounts are 400s."""
    assert bill.spend("transactions", filters=filters).json()[0]["code"] == code


def test_clearing_makes_a_row_that_points_back(bill: Any) -> None:
    """An authorization and its clearing are two rows that know each other."""
    rows = everything(bill, "transactions", max=50)
    known = {row["uuid"]: row for row in rows}
    pairs = [
        (row, known[row["originalAuthTransactionUuid"]])
        for row in rows
        if row["transactionType"] == "CLEAR" and "originalAuthTransactionUuid" in row
    ]

    assert len(pairs) > 50
    for clear, held in pairs:
        assert held["transactionType"] == "AUTHORIZATION"
        assert held["matchedClearTransactionUuid"] == clear["uuid"]
        assert clear["updatedTime"] > clear["occurredTime"] == held["occurredTime"]
    assert any(clear["amount"] > held["amount"] for clear, held in pairs)


def test_clearing_may_change_the_row_instead(bill: Any) -> None:
    """The switch makes one row of each pair, with the authorization's uuid."""
    before = everything(bill, "transactions", max=50)
    bill.server.switches.spend_clear = "same_row"

    after = {row["uuid"]: row for row in everything(bill, "transactions", max=50)}

    held = [row for row in before if "matchedClearTransactionUuid" in row]
    assert len(after) == len(before) - len(held)
    for row in held:
        assert after[row["uuid"]]["transactionType"] == "CLEAR"
        assert row["matchedClearTransactionUuid"] not in after


def test_an_authorization_clears_as_days_pass(bill: Any) -> None:
    """What is pending today is complete, with a later updatedTime, days later."""
    pending = {
        row["uuid"]: row
        for row in everything(bill, "transactions", filters="complete:eq:false")
        if row["amount"] > 0
    }
    bill.server.advance_days(4)

    assert pending
    for uuid, before in pending.items():
        now = bill.spend(f"transactions/{uuid}").json()
        assert now["complete"]
        assert now["updatedTime"] > before["updatedTime"]


def test_refunds_and_reversals_are_negative(bill: Any) -> None:
    """A refund is a clearing of its own, a reversal points to what it undoes."""
    rows = everything(bill, "transactions", filters="amount:lte:0", max=50)
    kinds = {row["transactionType"] for row in rows}

    assert kinds == {"CLEAR", "AUTHORIZATION"}
    assert all(row["isCredit"] for row in rows)
    for row in rows:
        points_back = "originalAuthTransactionUuid" in row
        assert points_back == (row["transactionType"] == "AUTHORIZATION")


def test_the_original_amount_is_minor_units_as_text(bill: Any) -> None:
    """Yen have no minor unit; dollars agree with the amount to the cent."""
    rows = everything(bill, "transactions", max=50)
    exponents = {}
    for row in rows:
        data = row["currencyData"]
        exponents[data["originalCurrencyCode"]] = data["exponent"]
        assert isinstance(data["originalCurrencyAmount"], str)
        if data["originalCurrencyCode"] == "USD":
            units = Decimal(data["originalCurrencyAmount"]) / 100
            assert units == Decimal(str(row["amount"]))

    assert exponents == {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0}


def test_receipts_are_shown_on_request(bill: Any) -> None:
    """includeReceipts=true adds them, to lists and to single records."""
    query = {"filters": "receiptStatus:eq:ATTACHED", "max": 5}
    plain = bill.spend("transactions", **query).json()["results"]
    with_them = bill.spend("transactions", includeReceipts="true", **query).json()

    assert all("receipts" not in row for row in plain)
    assert all(row["receipts"][0]["uuid"] for row in with_them["results"])
    one = bill.spend(f"transactions/{plain[0]['uuid']}", includeReceipts="true")
    assert one.json()["receipts"]


def test_budgets_add_their_members_and_transactions_up(bill: Any) -> None:
    """Spent is cleared and pending of this period; members' parts add up to it."""
    rows = everything(bill, "transactions", max=50)
    period = datetime(2026, 6, 1, tzinfo=UTC)
    budget = bill.spend("budgets", sort="spent:desc").json()["results"][0]
    start = budget["currentPeriod"]["startDate"]
    cleared = sum(
        Decimal(str(row["amount"]))
        for row in rows
        if row["budgetUuid"] == budget["uuid"]
        and row["transactionType"] == "CLEAR"
        and row["occurredTime"] >= start
    )
    members = bill.spend(f"budgets/{budget['uuid']}/members").json()["results"]

    assert start <= period.date().isoformat()
    spent = budget["currentPeriod"]["spent"]
    assert Decimal(str(spent["cleared"])) == cleared > 0
    assert sum(Decimal(str(one["spent"])) for one in members) == cleared
    assert bill.spend(f"budgets/{budget['id']}/members").json()["results"]
    assert bill.spend("budgets/bgt_nobody/members").status_code == 404


def test_a_withdrawn_claim_vanishes(bill: Any) -> None:
    """Reimbursements may disappear, and the others end up paid."""
    seen: dict[str, str] = {}
    for _ in range(14):
        rows = everything(bill, "reimbursements", max=100)
        now = {row["uuid"]: row["status"] for row in rows}
        gone = seen.keys() - now.keys()
        if gone:
            break
        seen |= now
        bill.server.advance_days(5)

    assert len(gone) == 1
    assert bill.spend(f"reimbursements/{gone.pop()}").status_code == 404
    assert set(now.values()) >= {"PAID"}
    for row in rows:
        assert row["statusHistory"][-1]["status"] == row["status"]


def test_values_of_a_field_are_below_it(bill: Any) -> None:
    """Only the selector has values, one of them deleted."""
    fields = bill.spend("custom-fields").json()["results"]
    values = {
        field["type"]: bill.spend(f"custom-fields/{field['uuid']}/values").json()
        for field in fields
    }

    assert values["NOTE"] == {"results": []}
    selector = values["CUSTOM_SELECTOR"]["results"]
    assert sum(value["deleted"] for value in selector) == 1


def test_faults_meet_these_lists_too(bill: Any) -> None:
    """A server error, a refused token of a page and a forbidden list."""
    token = bill.spend("transactions", sort="amount").json()["nextPage"]
    bill.server.faults.server_error(1, entity="spend-cards")
    bill.server.faults.bad_page_token()
    bill.server.faults.forbidden("spend-budgets")

    assert bill.spend("cards").status_code == 500
    assert bill.spend("transactions", nextPage=token).status_code == 400
    assert bill.spend("budgets").status_code == 403
    assert bill.spend("cards").status_code == 200


def test_the_token_stays_out_of_what_the_sandbox_says_of_itself(bill: Any) -> None:
    """No measurement, state or representation holds it."""
    bill.spend("users")
    server = bill.server

    said = f"{server.state()} {server.measurements} {server._gate.credentials!r}"

    assert server.spend_token
    assert server.spend_token not in said
