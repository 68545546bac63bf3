"""Lists: paths, filters, sorting and pages as BILL documents them."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bill_source.sandbox import Switches
from bill_source.sandbox.catalog import LISTINGS, Listing

ENVELOPES = [one for one in LISTINGS if one.shape == "envelope"]


@pytest.mark.parametrize("listing", ENVELOPES, ids=lambda one: one.name)
def test_every_list_has_rows_that_can_be_got_by_id(bill: Any, listing: Listing) -> None:
    """Each documented list answers with rows, and each row by its id."""
    path = listing.path.removeprefix("/v3/").replace(
        "{organizationId}", bill.server.organization_id
    )
    first = bill.get(path, max=1).json()["results"][0]

    assert bill.get(f"{path}/{first['id']}").json() == first


@pytest.mark.parametrize("listing", ENVELOPES, ids=lambda one: one.name)
def test_every_documented_sort_is_accepted_and_holds(
    bill: Any, listing: Listing
) -> None:
    """A list sorts by each documented field, both ways."""
    path = listing.path.removeprefix("/v3/").replace(
        "{organizationId}", bill.server.organization_id
    )
    for name in listing.sorts:
        up = bill.get(path, sort=name, max=100).json()["results"]
        values = [row[name] for row in up if name in row]
        assert values == sorted(values)
        down = bill.get(path, sort=f"{name}:desc", max=100).json()["results"]
        values = [row[name] for row in down if name in row]
        assert values == sorted(values, reverse=True)


def test_cards_have_an_envelope_of_their_own(bill: Any) -> None:
    """Card accounts come as rates and cards, and need a user status."""
    body = bill.get("funding-accounts/cards", cardUserStatus="VERIFIED").json()

    assert set(body) == {"rates", "cards"}
    assert body["cards"][0]["last4"] == "4242"
    assert bill.refusal("funding-accounts/cards") == (400, "BDC_1108")


def test_pages_hold_20_rows_unless_asked(bill: Any) -> None:
    """The default page is 20 rows and there is a token for the next."""
    body = bill.get("vendors").json()

    assert len(body["results"]) == 20
    assert "nextPage" in body
    assert "prevPage" not in body


@pytest.mark.parametrize("size", ["0", "101", "-1", "ten", "1.5", ""])
def test_a_page_size_out_of_range_is_refused(bill: Any, size: str) -> None:
    """``max`` is 1 to 100 and nothing is clamped."""
    assert bill.refusal("vendors", max=size) == (400, "BDC_1129")


def test_pages_of_a_sorted_list_cover_it_exactly(bill: Any) -> None:
    """Following tokens gives every row once."""
    ids = bill.ids("bills", sort="createdTime:asc", max=17)

    assert sorted(ids) == sorted(row.id for row in bill.server.books.rows("bills"))


def test_the_previous_page_is_the_page_before(bill: Any) -> None:
    """``prevPage`` leads back."""
    first = bill.get("bills", sort="createdTime", max=5).json()
    second = bill.get("bills", page=first["nextPage"], max=5).json()

    back = bill.get("bills", page=second["prevPage"], max=5).json()

    assert back["results"] == first["results"]


def test_an_unsorted_list_has_another_order_each_time(bill: Any) -> None:
    """A client that does not sort cannot page safely."""
    first = [row["id"] for row in bill.get("vendors", max=100).json()["results"]]
    second = [row["id"] for row in bill.get("vendors", max=100).json()["results"]]

    assert first != second


def test_a_token_carries_the_query_and_tolerates_it_again(bill: Any) -> None:
    """Sending filters and sort again with a token changes nothing."""
    query = {"filters": "archived:eq:false", "sort": "name:asc", "max": 10}
    token = bill.get("vendors", **query).json()["nextPage"]

    alone = bill.get("vendors", page=token, max=10).json()["results"]
    again = bill.get("vendors", page=token, **query).json()["results"]

    assert alone == again


def test_a_token_does_not_fit_another_question(bill: Any) -> None:
    """A token with other filters, another list or another session is refused."""
    token = bill.get("vendors", sort="name", max=10).json()["nextPage"]

    other = {"filters": "archived:eq:true", "page": token}
    assert bill.refusal("vendors", **other) == (400, "BDC_1129")
    assert bill.refusal("customers", page=token) == (400, "BDC_1129")
    bill.sign_in()
    assert bill.refusal("vendors", page=token) == (400, "BDC_1129")


def test_tokens_may_be_made_to_die_of_age(bill: Any) -> None:
    """A lifetime in seconds is kept on the sandbox's clock."""
    bill.server.switches.page_life = 60
    token = bill.get("vendors", sort="name").json()["nextPage"]
    assert bill.get("vendors", page=token).status_code == 200

    bill.server.clock.advance(timedelta(seconds=61))

    assert bill.refusal("vendors", page=token) == (400, "BDC_1129")


def change_a_row_of_the_first_page(caller: Any, sort: str) -> Any:
    """Read two pages and touch the first row of the first one in between."""
    everything = [row.id for row in caller.server.books.rows("bills")]
    first = caller.get("bills", sort=sort, max=100).json()
    row_id = first["results"][0]["id"]
    caller.server.change("bills", row_id, {"description": "touched"}, touch=True)
    seen = [row["id"] for row in first["results"]]
    seen += caller.ids("bills", page=first["nextPage"], max=100)
    return set(everything) - set(seen)


def test_an_ascending_offset_pass_skips_a_row(bill: Any) -> None:
    """With offset tokens, a row that moves to the end hides another one."""
    assert len(change_a_row_of_the_first_page(bill, "updatedTime:asc")) == 1


def test_a_descending_offset_pass_skips_nothing(bill: Any) -> None:
    """With offset tokens, newest first only repeats."""
    assert change_a_row_of_the_first_page(bill, "updatedTime:desc") == set()


def test_an_ascending_keyset_pass_skips_nothing(start: Any) -> None:
    """With keyset tokens the same change does no harm."""
    caller = start(switches=Switches(paging="keyset"), months=3)

    assert change_a_row_of_the_first_page(caller, "updatedTime:asc") == set()


def test_a_row_may_come_twice_across_pages(bill: Any) -> None:
    """The switch repeats the last row of a page on the next."""
    bill.server.switches.duplicate_row_across_pages = True

    first = bill.get("bills", sort="createdTime", max=10).json()
    second = bill.get("bills", page=first["nextPage"], max=10).json()

    assert second["results"][0] == first["results"][-1]


def test_a_token_may_come_twice(bill: Any) -> None:
    """The switch answers with the token that was sent."""
    bill.server.switches.repeated_token = True

    first = bill.get("bills", sort="createdTime", max=10).json()
    second = bill.get("bills", page=first["nextPage"], max=10).json()

    assert second["nextPage"] == first["nextPage"]


def test_filters_keep_what_matches(bill: Any) -> None:
    """Every operator keeps the rows it says, quoted or not."""
    rows = bill.get("bills", sort="createdTime", max=100).json()["results"]
    middle = rows[50]["createdTime"]
    one, two = rows[3]["id"], rows[4]["id"]
    books = bill.server.books.rows("bills")

    assert len(bill.ids("bills", filters=f'createdTime:lt:"{middle}"')) == sum(
        row.body["createdTime"] < books[50].body["createdTime"] for row in books
    )
    assert set(bill.ids("bills", filters=f'id:in:"{one},{two}"')) == {one, two}
    assert bill.ids("bills", filters=f"id:eq:{one}") == [one]
    assert one not in bill.ids(
        "bills", filters=f"id:ne:{one}", sort="createdTime", max=100
    )
    assert set(bill.ids("vendors", filters='name:sw:"Swift"')) == {
        row.id
        for row in bill.server.books.rows("vendors")
        if row.body["name"].startswith("Swift")
    }


def test_commas_mean_and_but_not_inside_quotes(bill: Any) -> None:
    """Two clauses narrow; a quoted comma belongs to the value."""
    status = 'paymentStatus:in:"UNPAID,SCHEDULED"'
    both = bill.ids("bills", filters=f"{status},archived:eq:false", max=100)
    unpaid = [
        row.id
        for row in bill.server.books.rows("bills")
        if row.body["paymentStatus"] in {"UNPAID", "SCHEDULED"}
        and not row.body["archived"]
    ]

    assert sorted(both) == sorted(unpaid)


def test_coding_filters_look_at_lines(bill: Any) -> None:
    """A bill matches when any of its lines is coded so."""
    wanted = bill.server.books.plans.accounts["freight"]
    found = bill.ids(
        "bills",
        filters=f"classifications.chartOfAccountId:eq:{wanted}",
        sort="createdTime",
        max=100,
    )

    assert found
    for row_id in found:
        lines = bill.get(f"bills/{row_id}").json()["billLineItems"]
        assert wanted in [
            line["classifications"].get("chartOfAccountId") for line in lines
        ]


@pytest.mark.parametrize(
    ("path", "filters", "code"),
    [
        ("vendors", "colour:eq:red", "BDC_1130"),
        ("vendors", "paymentStatus:eq:PAID", "BDC_1130"),
        ("recurringbills", 'updatedTime:gte:"2026-01-01"', "BDC_1130"),
        ("recurring-invoices", "archived:eq:false", "BDC_1130"),
        ("roles", 'updatedTime:gte:"2026-01-01"', "BDC_1130"),
        ("bills", "garbage", "BDC_1130"),
        ("vendors", "id:sw:009", "BDC_1131"),
        ("vendors", "id:like:009", "BDC_1131"),
        ("vendor-credits", 'createdTime:lt:"2026-01-01"', "BDC_1131"),
        ("bills", "archived:eq:yes", "BDC_1129"),
        ("bills", 'updatedTime:gte:"yesterday"', "BDC_1129"),
        ("bills", 'updatedTime:gte:"2026-02-30"', "BDC_1129"),
        ("bills", "paymentStatus:eq:SETTLED", "BDC_1129"),
        ("bills", 'id:in:"a,b', "BDC_1129"),
        ("bills", "id:in:a,b", "BDC_1130"),
    ],
)
def test_what_a_list_does_not_document_is_refused(
    bill: Any, path: str, filters: str, code: str
) -> None:
    """Unknown fields, operators and values are 400s, never plausible rows."""
    assert bill.refusal(path, filters=filters) == (400, code)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-01T00:00:00.000Z",
        "2026-05-01T00:00:00.000+00:00",
        "2026-05-01T00:00:00.000",
        "2026-05-01T00:00:00",
        "2026-05-01T00:00",
        "2026-05-01",
        "2026-04-30T17:00:00.000-07:00",
    ],
)
def test_every_documented_time_format_means_the_same(bill: Any, text: str) -> None:
    """Formats with and without seconds, offset or time of day are read as UTC."""
    query = {"sort": "updatedTime", "max": 100}
    expected = bill.ids("bills", filters='updatedTime:gte:"2026-05-01"', **query)

    assert bill.ids("bills", filters=f'updatedTime:gte:"{text}"', **query) == expected


@pytest.mark.parametrize("sort", ["id:asc", "amount", "updatedTime:up", "name:asc:x"])
def test_an_unknown_sort_is_refused(bill: Any, sort: str) -> None:
    """A list sorts by its documented fields only; never by id."""
    assert bill.refusal("bills", sort=sort) == (400, "BDC_1129")


def test_unknown_parameters_are_refused(bill: Any) -> None:
    """A parameter BILL does not have is not ignored."""
    assert bill.refusal("bills", limit=5) == (400, "BDC_1129")
    row_id = bill.server.books.rows("bills")[0].id
    assert bill.refusal(f"bills/{row_id}", max=5) == (400, "BDC_1129")


@pytest.mark.parametrize(
    "path", ["bill", "recurring-bills", "bills/x/y", "login/tenants", "spend"]
)
def test_unknown_paths_are_not_found(bill: Any, path: str) -> None:
    """What the sandbox does not serve is 404 BDC_1121."""
    assert bill.refusal(path) == (404, "BDC_1121")


def test_an_unknown_id_is_not_found(bill: Any) -> None:
    """An id of the right form that nobody has is 404 BDC_1205."""
    assert bill.refusal("bills/00n02AAAAAAAAAA30001") == (404, "BDC_1205")


def test_another_organizations_terms_are_refused(bill: Any) -> None:
    """The organization in a path must be the session's."""
    path = "organizations/00802AAAAAAAAAA30001/payment-terms"

    assert bill.refusal(path) == (400, "BDC_1123")


def test_archived_rows_are_listed_unless_switched_off(bill: Any) -> None:
    """Unfiltered lists hold archived rows; the switch hides them, not the filter."""
    archived = bill.ids("bills", filters="archived:eq:true", sort="createdTime")
    assert archived
    everything = bill.ids("bills", sort="createdTime", max=100)
    assert set(archived) <= set(everything)

    bill.server.switches.archived_in_lists = "exclude"

    assert not set(archived) & set(bill.ids("bills", sort="createdTime", max=100))
    hidden = bill.ids("bills", filters="archived:eq:true", sort="createdTime")
    assert hidden == archived


def test_recurring_lists_may_take_the_updated_filter(bill: Any) -> None:
    """The switch turns a documented refusal into rows."""
    bill.server.switches.updated_filter_on_recurring = True

    rows = bill.get("recurringbills", filters='updatedTime:gte:"2000-01-01"').json()

    assert rows["results"]


def test_undocumented_operators_may_be_accepted(bill: Any) -> None:
    """The switch opens every operator on documented fields."""
    bill.server.switches.undocumented_operators = True
    query = {"filters": 'createdTime:lt:"2000-01-01"'}

    assert bill.get("vendor-credits", **query).json() == {"results": []}


def test_default_order_can_be_newest_first(bill: Any) -> None:
    """The switch gives unsorted lists an order one can page by."""
    bill.server.switches.default_order = "created"
    times = [row["createdTime"] for row in bill.get("bills").json()["results"]]

    assert all(one >= two for one, two in pairwise(times))
