"""The ledger for other programs: tables as CSV and Parquet, a book as plain text.

Here belongs: writing into the folder or file a person names. Not here: the exports of
each run (publish.py), what plain text says (plain_text.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from orchestration.books import BASES, Basis, Book
from orchestration.failures import UsageError
from orchestration.plain_text import PROGRAMS, Program, journal
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder
from orchestration.views import escaped

TABLE_OPTIONS = {
    "csv": "format csv, header true",
    "parquet": "format parquet, compression zstd",
}
KINDS = (*TABLE_OPTIONS, *PROGRAMS)


def export_ledger(
    folder: ConnectionFolder, kind: str, target: Path, basis: str | None
) -> str:
    """Write the published ledger as one of `KINDS`; return what was written.

    Raises:
        UsageError: Kind or basis is unknown, or the target cannot be written.
    """
    if kind in TABLE_OPTIONS:
        if basis is not None:
            raise UsageError(f"{kind} holds both books: leave out --basis.")
        return f"{len(export_tables(folder, kind, target))} tables"
    program = next((each for each in PROGRAMS if each == kind), None)
    book = next((each for each in BASES if each == (basis or "accrual")), None)
    if program is None:
        raise UsageError(f"Cannot export as {kind!r}. There are: {', '.join(KINDS)}.")
    if book is None:
        raise UsageError(f"There is no {basis!r} book. There are: {', '.join(BASES)}.")
    export_book(folder, program, book, target)
    return f"the {book} book"


@contextmanager
def written(target: Path) -> Iterator[IO[str]]:
    """Yield a text file that appears as the target when it is whole.

    Raises:
        UsageError: The target is a folder or cannot be written.
    """
    fresh = target.parent / f"{target.name}.part"
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            yield file
        fresh.replace(target)
    except OSError as error:
        raise UsageError(
            f"Cannot write {target}: {error.strerror}. Name a file, in a folder that is"
            " there and yours."
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink()


def export_tables(folder: ConnectionFolder, kind: str, target: Path) -> list[Path]:
    """Write each published table as ``<target>/<table>.<kind>``.

    Raises:
        UsageError: The target is a file or cannot be written.
    """
    import duckdb

    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"Cannot write {kind} files into {target}: {error.strerror}. Name a folder"
            " that is yours; it is made where it is missing."
        ) from error
    paths = []
    with PublishedLedger(folder).open() as connection:
        for (table,) in connection.execute("show tables").fetchall():
            path = target / f"{table}.{kind}"
            place = f"'{escaped(str(path))}'"
            try:
                connection.execute(f"copy {table} to {place} ({TABLE_OPTIONS[kind]})")
            except duckdb.IOException as error:
                raise UsageError(
                    f"Cannot write {path}: {error}. Name a folder that is yours, and in"
                    " which no folder has a table's name."
                ) from error
            paths.append(path)
    return paths


def export_book(
    folder: ConnectionFolder, program: Program, basis: Basis, target: Path
) -> None:
    """Write a book as one file, which appears when it is whole.

    Raises:
        UsageError: The target is a folder or cannot be written.
    """
    with PublishedLedger(folder).open() as connection, written(target) as file:
        lines = journal(Book(connection, basis), program)
        file.writelines(f"{line}\n" for line in lines)
