"""Views and macros of the published file, and the comments tables and views carry.

Here belongs: making the ledger's views anew over published tables. Not here: copying
tables, swapping files (publish.py), what views say (dbt_project).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import DBT_PROJECT

if TYPE_CHECKING:
    import duckdb

MACROS = DBT_PROJECT / "published_macros.sql"


@dataclass(frozen=True)
class View:
    """A view of the ledger, as it is to be made in the published file."""

    name: str
    statement: str
    comment: str | None
    comments: Mapping[str, str]


def views_of(connection: "duckdb.DuckDBPyConnection") -> list[View]:
    """Return the ledger's views as statements about tables of the same file."""
    found = connection.execute(
        "select view_name, sql, comment, database_name from duckdb_views()"
        " where schema_name = 'ledger' and database_name = current_database()"
        " order by view_name"
    ).fetchall()
    return [
        View(
            name,
            re.sub(rf'(?<!\w)("?{database}"?\.)?"?ledger"?\.', "", statement),
            comment,
            column_comments(connection, name),
        )
        for name, statement, comment, database in found
    ]


def add_views(file: Path, views: Sequence[View]) -> None:
    """Add views and macros; they read the file's own tables, so it is open alone."""
    import duckdb

    with duckdb.connect(str(file)) as connection:
        for view in views:
            connection.execute(view.statement)
            connection.execute(
                f"comment on view {view.name} is '{escaped(view.comment)}'"
            )
            for column, text in view.comments.items():
                connection.execute(
                    f"comment on column {view.name}.{column} is '{escaped(text)}'"
                )
        connection.execute(MACROS.read_text(encoding="utf-8"))
        connection.execute("checkpoint")


def column_comments(
    connection: "duckdb.DuckDBPyConnection", name: str
) -> dict[str, str]:
    """Return the comment of each column of a table or view of the ledger."""
    return dict(
        connection.execute(
            "select column_name, comment from duckdb_columns()"
            " where schema_name = 'ledger' and table_name = ?"
            " and database_name = current_database()",
            [name],
        ).fetchall()
    )


def escaped(text: str | None) -> str:
    """Return a text as it stands between single quotes."""
    return (text or "").replace("'", "''")
