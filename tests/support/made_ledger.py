"""A published ledger made by hand: every table as dbt's contract has it, few rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.connections import Connection, Credentials, Registry
from orchestration.settings import DBT_PROJECT, ConnectionFolder, Home

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
CHART = DBT_PROJECT / "seeds" / "chart_of_accounts.csv"
ORGANIZATION = "00801"
AS_OF = "2026-06-15T18:00:00+00:00"
Row = Mapping[str, Any]


def tables() -> dict[str, dict[str, str]]:
    """Each published table's columns and types, from dbt's contract."""
    nodes = json.loads(MANIFEST.read_text())["nodes"].values()
    return {
        node["name"]: {c["name"]: c["data_type"] for c in node["columns"].values()}
        for node in nodes
        if node["resource_type"] == "model"
        and node["config"]["contract"]["enforced"]
        and node["config"]["materialized"] == "table"
    }


def connected(home: Home, name: str = "acme") -> ConnectionFolder:
    """Register a connection whose BILL is never asked."""
    home.create()
    connection = Connection(name, ORGANIZATION, api_url="http://127.0.0.1:9/connect")
    Registry(home).save(connection, Credentials("t", "p", "k"))
    return home.connection(name)


def publish(
    folder: ConnectionFolder,
    rows: Mapping[str, Sequence[Row]],
    statements: Sequence[str] = (),
) -> None:
    """Publish a ledger with these rows, in the place of the one before.

    Args:
        folder: Whose ledger it is.
        rows: Rows by table; columns that a row leaves out are null.
        statements: SQL for what is easier said than listed.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    fresh = folder.path / "fresh.duckdb"
    with duckdb.connect(str(fresh)) as connection:
        for table, columns in tables().items():
            declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table {table} ({declared})")
        connection.execute("create table meta (org_id text, key text, value text)")
        connection.execute("insert into meta values (?, 'as_of', ?)", ["o", AS_OF])
        connection.execute(
            f"insert into accounts by name from read_csv('{CHART}', all_varchar = true)"
        )
        for table, several in rows.items():
            names = list(dict.fromkeys(name for row in several for name in row))
            marks = ", ".join("?" * len(names))
            if several:
                connection.executemany(
                    f"insert into {table} ({', '.join(names)}) values ({marks})",  # noqa: S608 - its own names
                    [[row.get(name) for name in names] for row in several],
                )
        for statement in statements:
            connection.execute(statement)
    fresh.replace(folder.ledger)


def line(number: int, **other: Any) -> dict[str, Any]:
    """A line of category_predictions that the model placed with some doubt."""
    return {
        "org_id": ORGANIZATION,
        "source_entity": "bill",
        "document_id": f"00n{number:04}",
        "line_id": f"bli{number:04}",
        "party_id": "p1",
        "source_party_id": "v1",
        "party_name": "Quillon Hosting",
        "description": f"Servers in month {number}",
        "account_number": "6340",
        "account_name": "Software & SaaS Subscriptions",
        "category_source": "model",
        "decided_by": "model",
        "explanation": "The word 'servers' points to 6340.",
        "model_account_number": "6340",
        "suggestion_1": "6340",
        "suggestion_2": "6350",
        "currency": "USD",
        "amount": Decimal(100 + number),
        "amount_home": Decimal(100 + number),
        "confidence": Decimal("0.5"),
        "document_date": date(2026, 1, number % 28 + 1),
        **other,
    }


QUEUE = """
insert into review_queue by name
select
    columns(
        name -> name not in (
            'category_source', 'model_account_number', 'model_version', 'currency',
            'model_confidence', 'decided_at', 'deciding_level', 'deciding_words',
            'example_document_id', 'lines_agreeing', 'lines_alike',
            'runner_up_confidence', 'is_usual_amount'
        )
    ),
    'doubt' as review_reason,
    row_number() over (order by abs(amount_home) desc, line_id) as review_rank,
    round(abs(amount_home) * (1 - confidence), 2) as money_at_risk
from category_predictions
where category_source = 'model'
"""
"""Puts every line of the model into the queue."""
