"""The ledger for other programs: CSV and Parquet.

Here belongs: writing every published table into a folder a person names. Not here: the
exports of each run (publish.py).
"""

from pathlib import Path
from typing import Literal

from orchestration.failures import UsageError
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder

Format = Literal["csv", "parquet"]
OPTIONS = {
    "csv": "format csv, header true",
    "parquet": "format parquet, compression zstd",
}


def export_tables(folder: ConnectionFolder, kind: Format, target: Path) -> list[Path]:
    """Write each published table as ``<target>/<table>.<kind>``.

    Raises:
        UsageError: The target is a file or cannot be written.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"Cannot write {kind} files into {target}: {error.strerror}. Name a folder"
            " that is yours; it is made where it is missing."
        ) from error
    written = []
    with PublishedLedger(folder).open() as connection:
        for (table,) in connection.execute("show tables").fetchall():
            path = target / f"{table}.{kind}"
            quoted = str(path).replace("'", "''")
            connection.execute(f"copy {table} to '{quoted}' ({OPTIONS[kind]})")
            written.append(path)
    return written
