"""Nothing secret is written anywhere, and nothing outside the given folder."""

import logging
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bill_source import BillAuthError, BillCredentials, check_connection, load
from bill_source.__main__ import main


def files_with(folder: Path, secrets: tuple[str, ...]) -> list[Path]:
    """Files below a folder that contain one of the secrets."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [
        path
        for path in found
        if any(secret.encode() in path.read_bytes() for secret in secrets)
    ]


def test_no_file_and_no_log_holds_a_secret(
    books: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Token, key and session reach neither the folder nor any logger, at any level."""
    caplog.set_level(logging.DEBUG)
    books.write("vendors", [{"id": "0091", "name": "A"}])
    books.load()
    secrets = books.credentials.secrets
    assert files_with(books.folder, secrets) == []
    assert not any(secret in caplog.text for secret in secrets)


def test_bank_details_are_stored_masked(books: Any) -> None:
    """Account numbers, routing numbers and tax ids stand in no table and no file."""
    account = {"accountNumber": "111122223333", "routingNumber": "021000021"}
    books.write("bank-accounts", [{"id": "bac1", **account}])
    vendor = {
        "id": "0091",
        "additionalInfo": {"taxId": "98-7654321"},
        "paymentInformation": {"bankAccount": account},
    }
    books.write("vendors", [vendor])
    books.load()
    number = "select account_number from raw_bill.bank_accounts"
    assert books.query(number) == [("****3333",)]
    tax = "select length(additional_info_tax_id) from raw_bill.vendors"
    assert books.query(tax) == [(32,)]
    secrets = ("111122223333", "021000021", "98-7654321")
    assert files_with(books.folder, secrets) == []


def test_a_refused_login_shows_no_secret(books: Any) -> None:
    """The error of a wrong token contains neither the token nor the key."""
    wrong = BillCredentials(
        organization_id=books.credentials.organization_id,
        token_name="nightly",
        token_password="my-wrong-password",
        dev_key=books.credentials.dev_key,
        api_url=books.credentials.api_url,
    )
    with pytest.raises(BillAuthError) as caught:
        check_connection(wrong)
    shown = f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    assert "my-wrong-password" not in shown
    assert books.credentials.dev_key not in shown


@pytest.mark.slow
def test_importing_is_light() -> None:
    """The entity table can be read without loading dlt, Arrow or an HTTP library."""
    code = (
        "import sys, bill_source, bill_source.entities;"
        "heavy = {'dlt', 'pyarrow', 'urllib3', 'duckdb'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr


def test_nothing_phones_home(books: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load looks up no other host than BILL's, dlt's makers' included."""
    asked: set[str] = set()
    resolve = socket.getaddrinfo

    def note(host: str, *rest: Any, **options: Any) -> Any:
        asked.add(host)
        return resolve(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    books.write("vendors", [{"id": "0091", "name": "A"}])
    books.load()
    # dlt reports from a thread of its own, shortly after.
    time.sleep(0.5)
    assert asked == {"127.0.0.1"}


@pytest.mark.slow
def test_nothing_is_written_elsewhere(books: Any, tmp_path: Path) -> None:
    """A load writes in its folder only: not in the home, not where it was started."""
    books.write("vendors", [{"id": "0091", "name": "A"}])
    home, start = tmp_path / "home", tmp_path / "start"
    home.mkdir()
    start.mkdir()
    credentials = books.credentials
    result = subprocess.run(
        [sys.executable, "-m", "bill_source", str(books.folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=start,
        env={
            "HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "BILL_ORGANIZATION_ID": credentials.organization_id,
            "BILL_TOKEN_NAME": credentials.token_name,
            "BILL_TOKEN_PASSWORD": credentials.token_password,
            "BILL_DEV_KEY": credentials.dev_key,
            "BILL_API_URL": credentials.api_url,
        },
    )
    assert result.returncode == 0, result.stderr
    assert "vendors: 1 read, 1 new versions" in result.stdout
    assert list(home.iterdir()) == []
    assert list(start.iterdir()) == []


def test_the_command_tells_how_it_ended(
    books: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Missing settings exit 1, a refused token exits 3, each with what to do."""
    assert main([str(tmp_path)]) == 1
    assert "BILL_TOKEN_PASSWORD" in capsys.readouterr().err
    credentials = books.credentials
    monkeypatch.setenv("BILL_ORGANIZATION_ID", credentials.organization_id)
    monkeypatch.setenv("BILL_TOKEN_NAME", credentials.token_name)
    monkeypatch.setenv("BILL_TOKEN_PASSWORD", "wrong")
    monkeypatch.setenv("BILL_DEV_KEY", credentials.dev_key)
    monkeypatch.setenv("BILL_API_URL", credentials.api_url)
    assert main([str(tmp_path / "connection")]) == 3
    assert "BDC_1101" in capsys.readouterr().err


def test_a_refused_first_load_leaves_no_warehouse(books: Any, tmp_path: Path) -> None:
    """Nothing half-stored remains of a load that could not log in."""
    books.server.faults.locked()
    with pytest.raises(Exception, match="15 minutes"):
        load(books.credentials, tmp_path / "connection")
    assert not (tmp_path / "connection" / "warehouse.duckdb").exists()
