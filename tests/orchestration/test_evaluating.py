"""`evaluate`, and what is kept of every training: figures or a plain reason why not."""

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from shell import Shell

from orchestration.connections import Connection, Credentials, Registry
from orchestration.evaluating import evaluate_connection, evaluate_file
from orchestration.failures import LedgerError, UsageError
from orchestration.settings import Home
from orchestration.store import FIRST_TABLES, FULL_READINGS, ModelEvaluation, Store

SECRET = Credentials("nightly", "pass-word-1", "dev-key-1")
PREDICTIONS = """
create table category_predictions as
select
    'Vendor ' || (i % 7) as party_name,
    '' as description,
    10.00::decimal(18, 2) as amount,
    'USD' as currency,
    date '2025-01-01' + i::integer as document_date,
    i::varchar as document_id,
    '1' as line_id,
    (6200 + i % 7)::varchar as account_number,
    'user' as category_source
from range(?) as rows(i)
"""


def ledger_file(path: Path) -> Path:
    """Write 400 days of ten vendors, each with an account of its own."""
    rows = [
        {
            "vendor_name": f"Vendor {'ABCDEFGHIJ'[day % 10]}",
            "description": "",
            "amount": 12.5,
            "currency": "USD",
            "txn_date": date(2025, 1, 1) + timedelta(days=day),
            "doc_id": str(day),
            "label": f"account {day % 10}",
        }
        for day in range(400)
    ]
    pd.DataFrame(rows).to_parquet(path)
    return path


def published(home: Home, lines: int) -> Home:
    """A home whose connection has so many lines that people decided."""
    Registry(home.create()).save(Connection("acme", "1"), SECRET)
    home.connection("acme").path.mkdir(exist_ok=True)
    with duckdb.connect(str(home.connection("acme").ledger)) as ledger:
        ledger.execute(PREDICTIONS, [lines])
    return home


def test_a_file_is_measured_and_printed(shell: Shell, tmp_path: Path) -> None:
    """The table has us and every baseline; `--json` is one document."""
    path = str(ledger_file(tmp_path / "made_up.parquet"))

    printed = shell.done("evaluate", "--data", path)
    document = json.loads(shell.done("evaluate", "--data", path, "--json"))

    for name in ("bill-ledger", "vendor shares", "TF-IDF + SVM"):
        assert f"| {name} |" in printed
    assert document["rows"] == 400
    (ours,) = [
        row for row in document["protocols"]["temporal"] if row["name"] == "bill-ledger"
    ]
    assert ours["accuracy"] == 1.0


@pytest.mark.parametrize("arguments", [[], ["acme", "--data", "x.parquet"]])
def test_what_to_evaluate_must_be_said(shell: Shell, arguments: list[str]) -> None:
    """Neither or both of name and file is bad usage."""
    assert shell.run("evaluate", *arguments).returncode == 2


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """Not parquet, an unknown protocol or missing columns: each says what to do."""
    path = tmp_path / "rows.parquet"
    path.write_text("not parquet")
    with pytest.raises(UsageError, match="cannot be read as parquet"):
        evaluate_file(path, [], department=False, with_baselines=False)
    ledger_file(path)
    with pytest.raises(UsageError, match="There are: temporal"):
        evaluate_file(path, ["lunar"], department=False, with_baselines=False)
    pd.read_parquet(path).drop(columns="label").to_parquet(path)
    with pytest.raises(LedgerError, match="label"):
        evaluate_file(path, [], department=False, with_baselines=False)


def test_too_few_decisions_are_said_plainly(home: Home) -> None:
    """Under 200 decided lines there is no figure but a reason."""
    folder = published(home, 199).connection("acme")

    document = evaluate_connection(folder, "acme", [], with_baselines=False)

    assert document["protocols"] == {}
    assert "decided 199 lines of acme; 200 are needed" in document["message"]


def test_a_connection_is_measured_on_what_people_decided(home: Home) -> None:
    """With decisions enough there is a row of figures."""
    folder = published(home, 300).connection("acme")

    document = evaluate_connection(folder, "acme", [], with_baselines=False)

    (ours,) = document["protocols"]["temporal"]
    assert (ours["name"], ours["accuracy"]) == ("bill-ledger", 1.0)


def test_an_older_store_learns_to_keep_evaluations(tmp_path: Path) -> None:
    """The file gets the new table; one model's evaluation is kept once."""
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(FIRST_TABLES + FULL_READINGS)
        connection.execute("pragma user_version = 2")
    connection.close()
    evaluation = ModelEvaluation("2-abc", "2026-01-01", 300, "used", "[]")

    Store(path).add_evaluation(evaluation)
    Store(path).add_evaluation(evaluation)

    assert Store(path).evaluations() == [evaluation]
