"""The least a first import can cost: download the pages, let DuckDB read the JSON.

Here belongs: by hand and for bills only, what bill_source is measured against. No
versions, no hashes, no state, no watch over limits, no odd records.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import duckdb
import msgspec
import urllib3
from large_bill import FIRST, SPAN

WINDOWS = 24
CODES = (
    "chartOfAccountId",
    "accountingClassId",
    "departmentId",
    "locationId",
    "itemId",
    "jobId",
    "employeeId",
    "customerId",
)
CODING = ", ".join(f"{name} varchar" for name in CODES)
LINE = (
    "struct(id varchar, amount decimal(18, 2), quantity decimal(28, 8), price"
    f" decimal(28, 8), description varchar, classifications struct({CODING}))"
)
APPROVER = (
    "struct(userId varchar, status varchar, approverOrder bigint, statusChangedTime"
    " timestamptz)"
)
MONEY = "fundingAmount amount paidAmount dueAmount scheduledAmount creditAmount"
TEXT = (
    "recordStatus id vendorId vendorName description payFromChartOfAccountId"
    " paymentTermId paymentStatus approvalStatus createdBy"
)
COLUMNS = {
    "archived": "boolean",
    **dict.fromkeys(TEXT.split(), "varchar"),
    **dict.fromkeys(MONEY.split(), "decimal(18, 2)"),
    "exchangeRate": "decimal(28, 8)",
    "dueDate": "date",
    "invoice": "struct(invoiceNumber varchar, invoiceDate date)",
    "classifications": f"struct({CODING})",
    "billLineItems": f"{LINE}[]",
    "approvers": f"{APPROVER}[]",
    "createdTime": "timestamptz",
    "updatedTime": "timestamptz",
}


class Page(msgspec.Struct):
    """One page: its records' own text, and the next page's token."""

    results: list[msgspec.Raw]
    nextPage: str = ""  # noqa: N815 - BILL's name


def download(address: str, folder: Path) -> None:
    """Write every bill as a line of JSON, over three connections."""
    http = urllib3.PoolManager(maxsize=3)
    decoder = msgspec.json.Decoder(Page)
    step = SPAN / WINDOWS

    def read(number: int) -> None:
        start, end = FIRST + number * step, FIRST + (number + 1) * step
        if number == WINDOWS - 1:
            end += timedelta(days=1)
        window = (
            f'createdTime:gte:"{start.isoformat()}",createdTime:lt:"{end.isoformat()}"'
        )
        asked = {"filters": window, "sort": "createdTime:asc", "max": "100"}
        with (folder / f"{number:03}.json").open("wb") as file:
            while True:
                answer = http.request("GET", f"{address}/v3/bills", fields=asked)
                page = decoder.decode(answer.data)
                file.writelines(line for row in page.results for line in (row, b"\n"))
                if not page.nextPage:
                    return
                asked["page"] = page.nextPage

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(read, range(WINDOWS)))


def main(address: str, folder: Path) -> None:
    """Download, then make the two tables."""
    folder.mkdir()
    download(address, folder)
    columns = "{" + ", ".join(f"{n}: '{kind}'" for n, kind in COLUMNS.items()) + "}"
    with duckdb.connect(folder / "ceiling.duckdb") as connection:
        connection.execute(f"""
            create temp table pages as
            select * from read_json(
                '{folder}/*.json', format = 'newline_delimited', columns = {columns}
            )
        """)  # noqa: S608 - our own folder
        connection.execute("""
            create table bills as
            select * exclude (billLineItems, approvers, invoice, classifications),
                invoice.*, classifications.*
            from pages
        """)
        codes = ", ".join(f"line.classifications.{name}" for name in CODES)
        connection.execute(f"""
            create table bill_line_items as
            select bill_id, line.id, line.amount, line.quantity, line.price,
                line.description, {codes}
            from (select id as bill_id, unnest(billLineItems) as line from pages)
        """)  # noqa: S608 - our own names
        connection.execute("""
            create table bill_approvers as
            select id as bill_id, unnest(approvers, recursive := true) from pages
        """)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
