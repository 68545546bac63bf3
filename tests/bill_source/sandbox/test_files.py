"""Serving given list bodies: as they are written, filtered and paged like any list."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bill_source.sandbox import DataError, SandboxServer

ORGANIZATION = {"id": "00802IQNAWLBHHU30059", "name": "Harbor Lane"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one organization."""
    (tmp_path / "organization.json").write_text(json.dumps(ORGANIZATION))
    return tmp_path


def write(data: Path, name: str, text: str) -> None:
    """Write a file so that its time differs from the one before."""
    path = data / f"{name}.json"
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_amounts_go_out_digit_by_digit(start: Any, data: Path) -> None:
    """What a file says is what a client reads, trailing zeros and all."""
    text = '{"id":"a","amount": 12.30,"big":12345678901234567.89,"e":1e2,"x":0.10}'
    write(data, "bills", '{"results":[' + text + "]}")

    caller = start(data_dir=data)

    assert text in caller.get("bills").text
    assert caller.get("bills/a").text == text


def test_the_organization_is_the_files(start: Any, data: Path) -> None:
    """Its id signs in, and a token may read it, one object or a list body."""
    caller = start(data_dir=data)
    assert caller.server.organization_id == ORGANIZATION["id"]
    path = f"organizations/{ORGANIZATION['id']}"
    assert caller.get(path).json() == ORGANIZATION

    write(data, "organization", json.dumps({"results": [ORGANIZATION]}))

    assert caller.get(path).json() == ORGANIZATION


def test_a_missing_file_is_an_empty_list(start: Any, data: Path) -> None:
    """Lists without a file are empty; so are cards."""
    caller = start(data_dir=data)

    assert caller.get("vendors").json() == {"results": []}
    cards = caller.get("funding-accounts/cards", cardUserStatus="VERIFIED").json()
    assert cards["cards"] == []


def test_an_empty_folder_still_lets_sign_in(start: Any, tmp_path: Path) -> None:
    """Without an organization file the sandbox has an id of its own."""
    caller = start(data_dir=tmp_path)

    assert caller.get("bills").json() == {"results": []}
    path = f"organizations/{caller.server.organization_id}"
    assert caller.refusal(path) == (403, None)


def test_cards_keep_their_shape(start: Any, data: Path) -> None:
    """A card file is rates and cards, or a list body."""
    card = {"id": "c1", "last4": "4242"}
    write(data, "card-accounts", json.dumps({"rates": {"a": 1}, "cards": [card]}))

    caller = start(data_dir=data)

    body = caller.get("funding-accounts/cards", cardUserStatus="VERIFIED").json()
    assert body == {"rates": {"a": 1}, "cards": [card]}


def test_filters_sorts_and_pages_work_on_files(start: Any, data: Path) -> None:
    """Three bills, one page each, newest first; a missing time is a fixed one."""
    rows = [
        {"id": "old", "updatedTime": "2026-01-01T00:00:00.000Z", "archived": True},
        {"id": "new", "updatedTime": "2026-03-01T00:00:00.000+00:00"},
        {"id": "none", "archived": False},
    ]
    write(data, "bills", json.dumps({"results": rows}))
    caller = start(data_dir=data)

    assert caller.ids("bills", sort="updatedTime:desc", max=1) == ["new", "old", "none"]
    since = 'updatedTime:gte:"2026-02-01"'
    assert caller.ids("bills", filters=since) == ["new"]
    assert caller.ids("bills", filters="archived:eq:true") == ["old"]
    assert set(caller.ids("bills", filters="archived:ne:true")) == {"new", "none"}
    assert set(caller.ids("bills", filters='updatedTime:gte:"1999-01-01"')) == {
        *("old", "new", "none")
    }


def test_an_edited_file_is_read_again(start: Any, data: Path) -> None:
    """Between two reads a file may change, appear or vanish."""
    caller = start(data_dir=data)
    write(data, "vendors", '[{"id":"v1"}]')
    assert caller.ids("vendors") == ["v1"]
    write(data, "vendors", '[{"id":"v2"}]')
    assert caller.ids("vendors") == ["v2"]

    (data / "vendors.json").unlink()

    assert caller.ids("vendors") == []


def test_a_file_that_breaks_is_a_server_error(start: Any, data: Path) -> None:
    """Nothing plausible is served from a broken file, and a good one heals it."""
    caller = start(data_dir=data)
    write(data, "vendors", '[{"id":')
    assert caller.refusal("vendors") == (500, "BDC_1001")

    write(data, "vendors", '[{"id":"v1"}]')

    assert caller.ids("vendors") == ["v1"]


@pytest.mark.parametrize("text", ["{", "7", '{"results":7}', '[{"name":"x"}]', "[1]"])
def test_a_broken_file_is_refused_at_the_start(data: Path, text: str) -> None:
    """A wrong file is named before anybody connects."""
    write(data, "bills", text)

    with pytest.raises(DataError, match=r"bills\.json"):
        SandboxServer(data_dir=data)


def test_days_pass_without_changing_files(start: Any, data: Path) -> None:
    """In this mode the clock moves and nothing lives."""
    caller = start(data_dir=data)
    before = caller.server.clock.now()

    caller.server.advance_days(1)

    assert (caller.server.clock.now() - before).days == 1
    assert caller.get("bills").json() == {"results": []}
