"""Reading the published ledger, as the command line shows it.

Here belongs: the questions `demo`, `status` and `review` ask of ledger.duckdb. Not
here: how answers look (cli/), the tables themselves (dbt_project).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.failures import LedgerError
from orchestration.settings import ConnectionFolder
from orchestration.views import escaped

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

DOCUMENTS = """
select
    source_entity,
    count(distinct source_id) as documents,
    count(distinct source_id) filter (where posted) as posted,
    count(distinct source_id) filter (where not posted) as not_posted
from posting_status
where coalesce(reason, '') <> 'reference_data'
group by source_entity
order by source_entity
"""
REASONS = """
select source_entity, reason, count(distinct source_id) as documents
from posting_status
where not posted
group by source_entity, reason
order by source_entity, reason
"""
TRIAL_BALANCE = """
select count(distinct month_end) as months, count(*) as accounts_by_month
from trial_balance
"""
UNBALANCED = """
select month_end, sum(closing) as difference
from trial_balance
group by basis, month_end
having sum(closing) <> 0
"""
AGING = """
select bucket, sum(open_home) as amount, count(*) as documents
from {table}
where as_of = (select max(as_of) from {table})
group by bucket
"""
COVERAGE = """
select
    case
        when account_number in ('6999', '4999') then 'uncategorized'
        else coalesce(category_source, 'system')
    end as decided_by,
    count(*) as lines,
    sum(abs(amount)) as amount
from category_predictions
group by 1
order by 2 desc
"""
OPEN_CHECKS = """
select check_name, severity, count(*) as findings
from data_quality
where resolved_at is null
group by check_name, severity
order by severity, check_name
"""
DIFFERENCES = """
select grain, document_type, document_id, unexplained, currency, cause
from reconciliation
where unexplained <> 0
order by abs(unexplained) desc, grain, document_type, document_id
"""
IN_BILL = """
select source_entity, records_in_source
from sync_matrix
where source_entity is not null
"""
REVIEW = "select * from review_queue order by review_rank limit ?"
ATTACH = "attach '{path}' as published (read_only); use published; set TimeZone = 'UTC'"


@dataclass(frozen=True)
class PublishedLedger:
    """One connection's published ledger, opened read-only for each question."""

    folder: ConnectionFolder

    @contextmanager
    def open(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """Yield a read-only connection.

        The file is attached, since DuckDB's `connect` gives every part of a process
        the file that the first one opened, also after a newer one took its place.

        Raises:
            LedgerError: Nothing has been published yet, or the file is damaged.
        """
        import duckdb

        if not self.folder.ledger.exists():
            raise LedgerError(
                f"{self.folder.ledger} does not exist: nothing has been published yet."
                f" Run bill-ledger sync {self.folder.path.name}."
            )
        with duckdb.connect() as connection:
            try:
                connection.execute(ATTACH.format(path=escaped(str(self.folder.ledger))))
            except duckdb.Error as error:
                raise LedgerError(
                    f"Opening {self.folder.ledger}: {str(error).splitlines()[0]} Delete"
                    f" it and run bill-ledger sync {self.folder.path.name}: it is made"
                    " anew."
                ) from error
            yield connection

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return a query's rows by column name."""
        with self.open() as connection:
            result = connection.execute(query, list(values))
            names = [column[0] for column in result.description or []]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns, in their order."""
        return [row["column_name"] for row in self.rows(f"describe {table}")]

    def frame(self, query: str) -> "pd.DataFrame":
        """Return a query's rows as a frame."""
        with self.open() as connection:
            return connection.execute(query).df()

    def documents(self) -> list[dict[str, Any]]:
        """Documents by kind: how many, posted, not posted."""
        return self.rows(DOCUMENTS)

    def reasons(self) -> list[dict[str, Any]]:
        """Documents not posted, by kind and reason."""
        return self.rows(REASONS)

    def trial_balance(self) -> dict[str, Any]:
        """Months covered, and the months whose trial balance is not zero."""
        facts = self.rows(TRIAL_BALANCE)[0]
        return {**facts, "unbalanced": self.rows(UNBALANCED)}

    def aging(self, table: str) -> dict[str, Decimal]:
        """Open amounts by bucket at the newest date of ``ap_aging`` or ``ar_aging``."""
        rows = self.rows(AGING.format(table=table))
        return {str(row["bucket"]): Decimal(row["amount"]) for row in rows}

    def coverage(self) -> list[dict[str, Any]]:
        """Lines and amounts by who decided their category."""
        return self.rows(COVERAGE)

    def open_checks(self) -> list[dict[str, Any]]:
        """Open findings by check."""
        return self.rows(OPEN_CHECKS)

    def differences(self) -> list[dict[str, Any]]:
        """Documents and parties whose open amount BILL's figures do not explain."""
        return self.rows(DIFFERENCES)

    def in_bill(self) -> dict[str, int]:
        """Records BILL has, by what the ledger calls one of them."""
        rows = self.rows(IN_BILL)
        return {row["source_entity"]: row["records_in_source"] for row in rows}

    def review(self, limit: int) -> list[dict[str, Any]]:
        """The lines most worth a person's look."""
        return self.rows(REVIEW, [limit])

    def meta(self) -> dict[str, str]:
        """The facts of table ``meta``."""
        return {row["key"]: row["value"] for row in self.rows("from meta")}
