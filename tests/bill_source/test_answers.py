"""BILL's refusals are recognised in every shape they come in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bill_source.answers import (
    Problem,
    error_at_login,
    error_of,
    find_problem,
    read_page,
)
from bill_source.entities import Shape
from bill_source.errors import (
    BillAuthError,
    BillForbiddenError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    BillPageError,
    BillQueryError,
    BillRejectedError,
    BillResponseError,
    BillSessionError,
)

NOW = datetime(2026, 3, 2, 23, 40, tzinfo=UTC)


def problem(status: int, content: Any) -> Problem | None:
    """What an answer of this status and content is."""
    return find_problem(status, json.dumps(content).encode())


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (401, [{"code": "BDC_1109", "message": "Session is invalid."}]),
        (401, {"code": "BDC_1109", "message": "Session is invalid."}),
        (
            200,
            {
                "response_status": 1,
                "response_message": "Error",
                "response_data": {
                    "error_code": "BDC_1109",
                    "error_message": "Session is invalid.",
                },
            },
        ),
    ],
)
def test_codes_are_found_in_every_shape(status: int, content: Any) -> None:
    """Array, object and the older envelope at HTTP 200 give the same code and words."""
    assert problem(status, content) == Problem(
        status, "BDC_1109", "Session is invalid."
    )


@pytest.mark.parametrize("body", [b"<html>502</html>", b"", b"\xff\xfe", b'"text"'])
def test_bodies_without_data_are_problems_too(body: bytes) -> None:
    """HTML, nothing, noise and bare text still say that the request failed."""
    found = find_problem(502, body)
    assert found is not None
    assert found.is_passing


def test_a_page_is_not_a_problem() -> None:
    """A list body is a success, with every record's own text."""
    body = b'{"results": [{"id": "a", "amount": 1.10}, {"id": "b"}], "nextPage": "t"}'
    assert find_problem(200, body) is None
    page = read_page(body, "envelope")
    assert page.records == (b'{"id": "a", "amount": 1.10}', b'{"id": "b"}')
    assert page.next_token == "t"


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("cards", b'{"rates": {}, "cards": [{"id": "a"}, {"id": "b"}]}'),
        ("bills", b'{"bills": [{"id": "a"}, {"id": "b"}]}'),
        ("array", b'[{"id": "a"}, {"id": "b"}]'),
    ],
)
def test_every_shape_of_a_list_gives_its_records(shape: Shape, body: bytes) -> None:
    """Cards, bills and bare arrays are lists of one page."""
    page = read_page(body, shape)
    assert page.records == (b'{"id": "a"}', b'{"id": "b"}')
    assert not page.next_token


def test_an_object_is_a_page_of_one_record() -> None:
    """The whole body is the record."""
    assert read_page(b' {"id": "008"}\n', "object").records == (b'{"id": "008"}',)


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("array", b'{"results": []}'),
        ("array", b"{}"),
        ("bills", b'{"results": []}'),
        ("cards", b'{"rates": {}}'),
    ],
)
def test_a_list_in_another_shape_is_refused(shape: Shape, body: bytes) -> None:
    """Only the documented shape counts as a list, in particular as an empty one."""
    with pytest.raises(BillResponseError, match="another shape"):
        read_page(body, shape)


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"results": 3}', b'{"cards": []}'])
def test_other_shapes_are_not_read_as_empty(body: bytes) -> None:
    """A list without results is an error, so that nothing seems to have vanished."""
    with pytest.raises(BillResponseError):
        read_page(body, "envelope")


@pytest.mark.parametrize(
    ("status", "code", "asked", "expected"),
    [
        (422, "BDC_1144", (), BillLimitError),
        (423, "", (), BillLockedError),
        (400, "BDC_1107", (), BillLockedError),
        (401, "BDC_1109", (), BillSessionError),
        (401, "", (), BillSessionError),
        (400, "BDC_1130", ("max", "filters"), BillQueryError),
        (400, "", ("max", "sort"), BillQueryError),
        (400, "", ("max",), BillRejectedError),
        (400, "BDC_1129", ("max", "page", "filters"), BillPageError),
        (400, "BDC_1129", ("max", "nextPage"), BillPageError),
        (403, "", ("max",), BillForbiddenError),
        (404, "BDC_1205", (), BillForbiddenError),
        (401, "BDC_1102", (), BillAuthError),
        (409, "BDC_9999", ("max",), BillRejectedError),
    ],
)
def test_each_refusal_has_its_error(
    status: int, code: str, asked: tuple[str, ...], expected: type[Exception]
) -> None:
    """A refusal becomes the error that says what to do next."""
    error = error_of(Problem(status, code, "no"), "read bills", asked, now=NOW)
    assert type(error) is expected
    assert error.code == code
    assert "read bills" in str(error)
    assert error.retryable is False


def test_the_hourly_limit_tells_when_it_ends() -> None:
    """The error names the next clock hour, over midnight too."""
    error = error_of(Problem(422, "BDC_1144", "max"), "read bills", (), now=NOW)
    assert isinstance(error, BillLimitError)
    assert error.until == datetime(2026, 3, 3, tzinfo=UTC)
    assert "after 00:00 UTC" in str(error)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("BDC_1101", "token"),
        ("BDC_1102", "developer key"),
        ("BDC_1103", "developer key"),
        ("", "token or developer key"),
    ],
)
def test_a_refused_login_names_the_part(code: str, part: str) -> None:
    """The error says which part of the credential BILL refuses."""
    error = error_at_login(Problem(401, code, "refused"), "008")
    assert isinstance(error, BillAuthError)
    assert error.part == part


def test_an_unknown_organization_is_no_wrong_password() -> None:
    """BDC_1123 at login is about the organization id."""
    error = error_at_login(Problem(400, "BDC_1123", "invalid"), "008X")
    assert isinstance(error, BillOrganizationError)
    assert "008X" in str(error)
