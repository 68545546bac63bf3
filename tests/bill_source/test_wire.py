"""What goes over the wire, against servers of a few lines that answer as told.

They stand for what the sandbox is not: a proxy, a gateway, an OAuth host, Spend &
Expense.
"""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from bill_source import (
    BillAuthError,
    BillCredentials,
    BillError,
    BillForbiddenError,
    BillOrganizationError,
    BillRejectedError,
    BillResponseError,
    BillUnavailableError,
)
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE
from bill_source.patience import MOST_IN_A_ROW, Patience
from bill_source.wire import NoAnswerError, Request, Wire

VENDORS = BY_TABLE["vendors"]
SPEND_USERS = BY_TABLE["spend_users"]
ROW = b'{"results": [{"id": "1"}]}'
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Reply:
    """One prepared answer."""

    status: int = 200
    body: bytes = ROW
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class Server(ThreadingHTTPServer):
    """Gives the prepared answers in turn, the last one for ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, list[Reply]] = {}
        self.seen: list[Seen] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, path: str, *replies: Reply) -> None:
        """Prepare the answers of one path."""
        self.replies[path] = list(replies)

    def next_reply(self, path: str) -> Reply:
        """Take the next answer of a path."""
        prepared = self.replies.get(path.partition("?")[0], [Reply(404, b"[]")])
        return prepared.pop(0) if len(prepared) > 1 else prepared[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _reply(self) -> None:
        size = int(self.headers.get("content-length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(size).decode()
        self.server.seen.append(Seen(self.command, self.path, headers, body))
        reply = self.server.next_reply(self.path)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(reply.length or len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = reply.length is not None

    do_GET = do_POST = do_CONNECT = _reply  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that lets anybody log in as session-1, session-2..."""
    with Server() as found:
        login = b'{"sessionId": "session-%d", "userId": "006"}'
        found.answer("/v3/login", *(Reply(200, login % n) for n in range(1, 4)))
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


Connect = Callable[..., BillClient]


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Make clients of the server, which note their waits instead of waiting."""
    made: list[BillClient] = []

    def connect(
        *, wait: Callable[[float], object] = lambda _: None, **values: Any
    ) -> BillClient:
        clock = values.pop("clock", lambda: NOON)
        given = {"token_password": "the-password", "dev_key": "the-key"} | values
        credentials = BillCredentials("008", "name", api_url=server.url, **given)
        made.append(BillClient(credentials, wait=wait, clock=clock))
        return made[-1]

    yield connect
    for client in made:
        client.close()


def rows(client: BillClient, table: str = "vendors") -> int:
    """Count the rows of a list."""
    return sum(len(page.records) for page in client.pages(BY_TABLE[table]))


def test_a_request_says_who_asks(server: Server, connect: Connect) -> None:
    """Session and key go with each request, the login has them in its body only."""
    server.answer("/v3/vendors", Reply())
    assert rows(connect()) == 1
    login, listing = server.seen
    assert json.loads(login.body) == {
        "username": "name",
        "password": "the-password",
        "organizationId": "008",
        "devKey": "the-key",
    }
    assert listing.path == "/v3/vendors?max=100"
    who = (listing.headers["sessionid"], listing.headers["devkey"])
    assert who == ("session-1", "the-key")


def test_a_session_of_another_organization_is_not_used(
    server: Server, connect: Connect
) -> None:
    """Rows of another company are not read, whoever let us in there."""
    other = b'{"sessionId": "session-1", "organizationId": "009"}'
    server.answer("/v3/login", Reply(200, other))
    with pytest.raises(BillOrganizationError, match=r"009.*008"):
        rows(connect())
    assert len(server.seen) == 1


@pytest.mark.parametrize("kind", ["token", "client"])
@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"sessionId": ""}'])
def test_a_login_without_a_session_is_an_error(
    server: Server, connect: Connect, kind: str, body: bytes
) -> None:
    """An answer of another shape than documented is said to be that."""
    server.answer("/v3/login", Reply(200, body))
    server.answer("/authx/token", Reply(200, body))
    with pytest.raises(BillResponseError, match="answer has"):
        rows(connect(kind=kind))


def test_a_redirect_is_not_followed(server: Server, connect: Connect) -> None:
    """Session and key are not carried to wherever an answer points."""
    target = {"location": f"{server.url}/elsewhere"}
    server.answer("/v3/vendors", Reply(302, b"", target))
    with pytest.raises(BillRejectedError, match="redirect"):
        rows(connect())
    assert "/elsewhere" not in [seen.path for seen in server.seen]


def test_packed_answers_are_read(server: Server, connect: Connect) -> None:
    """What BILL's gateway packs is unpacked."""
    packed = {"content-encoding": "gzip"}
    server.answer("/v3/vendors", Reply(200, gzip.compress(ROW), packed))
    assert rows(connect()) == 1
    assert "gzip" in server.seen[-1].headers["accept-encoding"]


def test_a_cut_body_is_no_answer(server: Server, connect: Connect) -> None:
    """Fewer bytes than announced are not taken for a list, even if they look whole."""
    server.answer("/v3/vendors", Reply(length=len(ROW) + 9), Reply())
    client = connect()
    assert rows(client) == 1
    assert client.calls == 3


def test_retry_after_is_kept_to_a_point(server: Server, connect: Connect) -> None:
    """We wait as long as BILL asks, but never more than two minutes."""
    replies = [Reply(429, b"{}", {"retry-after": text}) for text in ("7", "9999", "x")]
    server.answer("/v3/vendors", *replies, Reply())
    waits: list[float] = []
    assert rows(connect(wait=waits.append)) == 1
    assert waits[:2] == pytest.approx([7, 120], abs=0.5)


def test_no_error_shows_a_session(server: Server, connect: Connect) -> None:
    """An answer that repeats session, key or password back is shown without them."""
    echo = b'{"message": "no session-1, the-key, the-password here"}'
    server.answer("/v3/vendors", Reply(409, echo))
    with pytest.raises(BillRejectedError) as caught:
        rows(connect())
    assert "no ***, ***, *** here" in str(caught.value)


def test_a_key_withdrawn_meanwhile_ends_all_calls(
    server: Server, connect: Connect
) -> None:
    """After BILL has refused the key itself nothing more is asked with it."""
    refused = b'[{"code": "BDC_1103", "message": "Developer key is inactive."}]'
    server.answer("/v3/vendors", Reply(401, refused), Reply())
    client = connect()
    for _ in range(2):
        with pytest.raises(BillAuthError, match="inactive"):
            rows(client)
    assert client.calls == 2


def test_a_failure_slows_all_threads_down() -> None:
    """The pause after one thread's fault holds for the others, until BILL answers."""
    waits: list[float] = []
    patience = Patience(waits.append)
    before = patience.pause()
    patience.failed(20)
    assert patience.pause() == before + 1
    assert waits == pytest.approx([20], abs=0.5)
    patience.worked(before)
    patience.pause()
    assert len(waits) == 2, "an answer to an older request says nothing"
    patience.worked(before + 1)
    patience.pause()
    assert len(waits) == 2


def test_a_bill_that_is_down_is_left_alone(server: Server, connect: Connect) -> None:
    """After so many failures in a row all threads give up together."""
    server.answer("/v3/vendors", Reply(503, b"<html>"))
    client = connect()
    assert client.session

    def read(_: int) -> BillError:
        with pytest.raises(BillUnavailableError) as caught:
            rows(client)
        return caught.value

    with ThreadPoolExecutor(3) as pool:
        errors = list(pool.map(read, range(6)))
    assert all(error.retryable for error in errors)
    assert any("in a row" in str(error) for error in errors)
    assert client.calls <= 1 + MOST_IN_A_ROW + 2


def test_a_proxy_is_asked_to_connect(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BILL is reached through the environment's proxy, with the proxy's own password.

    The proxy sees the host's name and nothing of the request.
    """
    address = server.url.replace("http://", "http://me:p%40ss@")
    monkeypatch.setenv("HTTPS_PROXY", address)
    monkeypatch.setenv("NO_PROXY", "other.example")
    server.answer("gateway.example:443", Reply(403, b"{}"))
    wire = Wire("https://gateway.example/connect", 1)
    with pytest.raises(NoAnswerError, match="ProxyError"):
        wire.exchange(Request("try", "GET", "/v3/vendors", headers={"devKey": "key"}))
    wire.close()
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("CONNECT", "gateway.example:443")
    assert seen.headers["proxy-authorization"] == "Basic bWU6cEBzcw=="
    assert "devkey" not in seen.headers


def client_credentials(connect: Connect, **options: Any) -> BillClient:
    """A client with OAuth client credentials."""
    return connect(kind="client", dev_key="", **options)


def token(number: int, **more: int) -> Reply:
    """The answer of an OAuth host."""
    return Reply(200, json.dumps({"access_token": f"bearer-{number}"} | more).encode())


def test_client_credentials_log_in(server: Server, connect: Connect) -> None:
    """An id and a secret become a bearer token, and no session or key is sent."""
    server.answer("/authx/token", token(1))
    server.answer("/v3/vendors", Reply())
    assert rows(client_credentials(connect)) == 1
    login, listing = server.seen
    assert parse_qs(login.body) == {
        "grant_type": ["client_credentials"],
        "client_id": ["name"],
        "client_secret": ["the-password"],
    }
    assert listing.headers["authorization"] == "Bearer bearer-1"
    assert not {"sessionid", "devkey"} & set(listing.headers)


def test_an_oauth_host_can_be_named(server: Server, connect: Connect) -> None:
    """Where tokens come from is a setting, for BILL does not document it."""
    server.answer("/other/token", token(1))
    server.answer("/v3/vendors", Reply())
    client = client_credentials(connect, authx_url=f"{server.url}/other/token")
    assert rows(client) == 1


def test_a_bearer_token_is_renewed_before_its_end(
    server: Server, connect: Connect
) -> None:
    """A token whose announced end is near is not tried; an hour is many tokens."""
    now = [NOON]
    server.answer("/authx/token", *(token(n, expires_in=300) for n in range(1, 99)))
    server.answer("/v3/vendors", Reply())
    client = client_credentials(connect, clock=lambda: now[0])
    for _ in range(15):
        rows(client)
        now[0] += timedelta(seconds=241)
    assert client.logins == 15
    assert server.seen[-1].headers["authorization"] == "Bearer bearer-15"


def test_a_refused_bearer_token_is_renewed(server: Server, connect: Connect) -> None:
    """A bare 401 means another token, once."""
    server.answer("/authx/token", token(1), token(2))
    server.answer("/v3/vendors", Reply(401, b""), Reply())
    client = client_credentials(connect)
    assert rows(client) == 1
    assert client.logins == 2


def test_a_refused_client_is_named(server: Server, connect: Connect) -> None:
    """A wrong id or secret is a matter of the credential, and shows neither."""
    server.answer("/authx/token", Reply(401, b'{"error": "invalid_client"}'))
    with pytest.raises(BillAuthError, match="id and secret") as caught:
        rows(client_credentials(connect))
    assert caught.value.part == "client id or secret"
    assert "the-password" not in str(caught.value)


def test_spend_is_asked_with_its_own_token(server: Server, connect: Connect) -> None:
    """Spend & Expense gets its token only: no login is made, no session is sent."""
    server.answer("/v3/spend/users", Reply())
    client = connect(spend_token="the-spend-token")
    assert rows(client, "spend_users") == 1
    (seen,) = server.seen
    assert seen.headers["apitoken"] == "the-spend-token"
    assert not {"sessionid", "devkey"} & set(seen.headers)
    assert client.logins == 0


def test_spend_calls_are_paced(server: Server, connect: Connect) -> None:
    """The 61st call within a minute waits until the first is a minute old."""
    server.answer("/v3/spend/users", Reply())
    now = [NOON]
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        now[0] += timedelta(seconds=seconds)

    client = connect(spend_token="token", clock=lambda: now[0], wait=wait)
    for _ in range(61):
        rows(client, "spend_users")
    assert waits == [pytest.approx(60)]


@pytest.mark.parametrize(("token", "said"), [("", "no Spend"), ("old", "401")])
def test_without_a_good_spend_token_only_spend_is_closed(
    server: Server, connect: Connect, token: str, said: str
) -> None:
    """A missing or refused token forbids those lists; the others go on."""
    server.answer("/v3/spend/users", Reply(401, b""))
    server.answer("/v3/vendors", Reply())
    client = connect(spend_token=token)
    with pytest.raises(BillForbiddenError, match=said) as caught:
        rows(client, "spend_users")
    assert "Spend & Expense token" in caught.value.advice
    assert rows(client) == 1
