"""``python -m bill_source FOLDER``: one load, without Dagster.

Here belongs: a small command for trying the source alone. Not here: connections,
schedules and the ledger, which ``bill-ledger`` has.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bill_source import (
    BillAuthError,
    BillError,
    LoadReport,
    credentials_from_environment,
    load,
)

REFUSED = 3
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Load once and print a line per table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bill_source", description=__doc__)
    parser.add_argument("folder", type=Path, help="where warehouse.duckdb is kept")
    parser.add_argument("--full", action="store_true", help="read every list whole")
    parser.add_argument("--entity", action="append", help="read only this raw table")
    asked = parser.parse_args(arguments)
    try:
        report = load(
            credentials_from_environment(),
            asked.folder,
            entities=asked.entity,
            full=asked.full,
        )
    except BillAuthError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except BillError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; the next load goes on from the last whole one.\n")
        return INTERRUPTED
    sys.stdout.write(summary(report))
    return 0


def summary(report: LoadReport) -> str:
    """Return the report as lines of text."""
    lines = [
        f"{table.table}: {table.rows_read} read, {table.versions_appended} new versions"
        for table in report.tables.values()
    ]
    warnings = [f"warning: {warning}" for warning in report.warnings]
    calls = f"{report.api_calls} calls, {report.logins} logins"
    return "\n".join([*lines, *warnings, calls, ""])


if __name__ == "__main__":
    sys.exit(main())
