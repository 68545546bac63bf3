"""One HTTP exchange with BILL: bytes there, bytes back.

Here belongs: connections, certificates, proxies, time limits, what never to follow.
Not here: repeating and counting (transport.py), or what an answer means (answers.py).

urllib3 itself, not requests: that alone takes longer than our whole exchange.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode, urlsplit

import certifi
import urllib3

from bill_source.settings import certificates, proxy_for

TIMEOUT = urllib3.Timeout(connect=10.0, read=60.0)
"""Seconds to connect and to wait for data; BILL publishes none."""
HEADERS = {
    "accept": "application/json",
    "accept-encoding": "gzip, deflate",
    "user-agent": "bill-ledger",
}


@dataclass(frozen=True)
class Request:
    """What is sent to BILL; only ``doing`` may be shown.

    Attributes:
        doing: What we are doing, such as ``read bills``.
        method: GET or POST.
        path: Below the API address, or a whole address.
        query: The parameters.
        headers: Who asks.
        json: A body sent as JSON.
        form: A body sent as a form.
    """

    doing: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, str] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Response:
    """What came back, read completely."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str = ""


class NoAnswerError(Exception):
    """The network gave no complete answer; ``str()`` is the kind of failure."""


class Wire:
    """Keeps connections to one address open."""

    def __init__(self, base: str, connections: int) -> None:
        self._base = base
        self._pool = _pool(base, connections)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def exchange(self, request: Request) -> Response:
        """Send one request and read its answer.

        Raises:
            NoAnswerError: The answer did not come, or not whole.
        """
        is_whole = request.path.startswith(("https://", "http://"))
        url = request.path if is_whole else self._base + request.path
        if request.query:
            url = f"{url}?{urlencode(request.query)}"
        headers = HEADERS | dict(request.headers)
        body = None
        if request.form is not None:
            body = urlencode(request.form)
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            answer = self._pool.request(
                request.method,
                url,
                body=body,
                json=request.json,
                headers=headers,
                timeout=TIMEOUT,
                # A redirect would carry our session and key to another host.
                redirect=False,
                retries=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise NoAnswerError(type(error).__name__) from error
        asked = answer.headers.get("retry-after", "")
        return Response(answer.status, answer.data, asked)


def _pool(base: str, connections: int) -> urllib3.PoolManager:
    trusted = certificates() or certifi.where()
    proxy = proxy_for(base)
    if not proxy:
        return urllib3.PoolManager(maxsize=connections, ca_certs=trusted)
    parts = urlsplit(proxy)
    known = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return urllib3.ProxyManager(
        parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
        proxy_headers=urllib3.make_headers(
            proxy_basic_auth=known if parts.username else None
        ),
        maxsize=connections,
        ca_certs=trusted,
    )
