"""A BILL with very many bills, made as they are asked for: a server to measure against.

Here belongs: the few requests a load of bills makes, answered fast. Not here: BILL's
behaviour in all its detail, which the sandbox has; this one only has to be large.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FIRST = datetime(2022, 1, 3, tzinfo=UTC)
SPAN = timedelta(days=4 * 365)
CHANGED = FIRST + SPAN + timedelta(days=1)
"""When the bills that change did so, after all were made."""
OPEN_SHARE = 100
LINES = 4
WINDOW = re.compile(r'createdTime:(gte|lt):"([^"]+)"')
SINCE = re.compile(r'updatedTime:gte:"([^"]+)"')
IDS = re.compile(r'id:in:"([^"]+)"')
LINE = (
    '{"id":"bli02XSMNS%08d%d","amount":%d.%02d,"quantity":%d,"price":12.5,'
    '"description":"Goods and services, part %d of order %d","classifications":'
    '{"chartOfAccountId":"0ca02JSHWTPHADI300aw","accountingClassId":'
    '"cls02CWAPZPEUAA3009v","departmentId":"0de02OQYJHUGWTJ3007y","locationId":'
    '"loc02CWAPZPEUAA3009v","itemId":"0ii02CWAPZPEUAA3009v","jobId":'
    '"job02CWAPZPEUAA3009v","employeeId":"emp02CWAPZPEUAA3009v","customerId":'
    '"0cu02CWAPZPEUAA3009v"}}'
)
BILL = (
    '{"archived":false,"recordStatus":"ACTIVE","id":"%s","vendorId":'
    '"00902DKIQVB%09d","vendorName":"Green Coffee Importers %d","fundingAmount":%d.5,'
    '"amount":%d.5,"paidAmount":%d.5,"dueAmount":0.0,"scheduledAmount":0.0,'
    '"creditAmount":0.0,"exchangeRate":1.0,"description":"Order %d","dueDate":'
    '"2026-09-02","invoice":{"invoiceNumber":"N-%d","invoiceDate":"2026-08-03"},'
    '"billLineItems":[%s],"payFromChartOfAccountId":"0ca02JSHWTPHADI300aw",'
    '"paymentTermId":"00p02JSHWTPHADI300aw","paymentStatus":"%s","approvalStatus":'
    '"APPROVED","approvers":[{"userId":"00602XUTXPURRPU30068","status":"APPROVED",'
    '"approverOrder":1,"statusChangedTime":"%s"}],"classifications":'
    '{"chartOfAccountId":"0ca02JSHWTPHADI300aw","departmentId":'
    '"0de02OQYJHUGWTJ3007y"},"createdBy":"00602XUTXPURRPU30068","createdTime":"%s",'
    '"updatedTime":"%s"}'
)


@dataclass
class Books:
    """So many bills, made at an even pace; every hundredth may have changed."""

    bills: int
    has_changed: bool = False
    requests: int = 0
    step: timedelta = field(init=False)

    def __post_init__(self) -> None:
        """Spread the bills over the years."""
        self.step = SPAN / self.bills

    def is_changed(self, number: int) -> bool:
        """Whether a bill has changed since it was made."""
        return self.has_changed and number % 100 == 0

    def choose(self, filters: str) -> Sequence[int]:
        """Return the numbers of the bills that a listing holds, in its order."""
        if "archived:eq:true" in filters:
            return ()
        if found := IDS.search(filters):
            return [int(one.removeprefix("00n02")) for one in found[1].split(",")]
        if "paymentStatus" in filters:
            return range(self.bills - self.bills // OPEN_SHARE, self.bills)
        if found := SINCE.search(filters):
            return self.newest(datetime.fromisoformat(found[1]))
        start, end = 0, self.bills
        for side, text in WINDOW.findall(filters):
            number = -(-(datetime.fromisoformat(text) - FIRST) // self.step)
            start, end = (number, end) if side == "gte" else (start, number)
        return range(max(start, 0), max(min(end, self.bills), 0))

    def newest(self, since: datetime) -> Sequence[int]:
        """Return what changed since then, newest first."""
        first = max(-(-(since - FIRST) // self.step), 0)
        changed = range(0, self.bills if self.has_changed else 0, 100)
        made = range(self.bills - 1, first - 1, -1)
        return [*changed, *(one for one in made if not self.is_changed(one))]

    def record(self, number: int) -> str:
        """Return one bill's JSON."""
        made = (FIRST + number * self.step).isoformat(timespec="milliseconds")
        changed = self.is_changed(number)
        total = number % 9973 + int(changed)
        lines = ",".join(
            LINE % (number, k, total, number % 100, k + 1, k, number)
            for k in range(LINES)
        )
        is_open = number >= self.bills - self.bills // OPEN_SHARE
        return BILL % (
            f"00n02{number:011}",
            *(number % 997, number % 997, total, total, total, number, number, lines),
            "UNPAID" if is_open else "PAID",
            *(made, made),
            CHANGED.isoformat(timespec="milliseconds") if changed else made,
        )


class Handler(BaseHTTPRequestHandler):
    """Answers login and the list of bills."""

    protocol_version = "HTTP/1.1"
    books: Books

    def do_POST(self) -> None:
        """Log in, or let every hundredth bill change."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/change":
            self.books.has_changed = True
        self._answer('{"sessionId":"s","organizationId":"008","userId":"006"}')

    def do_GET(self) -> None:
        """List bills, or tell how many requests there were."""
        if self.path == "/requests":
            self._answer(f'{{"requests":{self.books.requests}}}')
            return
        self.books.requests += 1
        asked = {
            key: found[0] for key, found in parse_qs(urlsplit(self.path).query).items()
        }
        size, start = int(asked.get("max", 20)), int(asked.get("page", 0))
        numbers = self.books.choose(asked.get("filters", ""))
        if asked.get("sort") == "updatedTime:desc" and not asked.get("filters"):
            numbers = self.books.newest(FIRST)
        rows = ",".join(self.books.record(one) for one in numbers[start : start + size])
        more = start + size < len(numbers)
        token = f',"nextPage":"{start + size}"' if more else ""
        self._answer(f'{{"results":[{rows}]{token}}}')

    def _answer(self, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""


if __name__ == "__main__":
    Handler.books = Books(int(sys.argv[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
