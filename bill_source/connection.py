"""Trying out a credential: who it logs in as, and which lists it may read.

Here belongs: the check behind ``check_connection``: which part of a refused credential
is wrong, and what a role lacks. Not here: storing a connection (orchestration) or
reading data (sync.py).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from bill_source.answers import HTTP_FORBIDDEN, decode
from bill_source.client import STOPPING, BillClient
from bill_source.entities import ENTITIES, Entity
from bill_source.errors import (
    BillAuthError,
    BillError,
    BillForbiddenError,
    BillQueryError,
    BillRejectedError,
    BillSessionError,
)
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.report import ConnectionReport, Refusal
from bill_source.settings import ENVIRONMENTS, BillCredentials

WRONG_ENVIRONMENT_CODE = "BDC_1102"
RIGHTS = {
    "organizations": "an administrator's rights",
    "users": "the right to manage users",
    "roles": "the right to manage users",
    "bank_accounts": "the right to manage bank accounts",
    "bank_account_users": "the right to manage bank accounts",
    "card_accounts": "the right to manage card accounts",
    "nominated_card_accounts": "the right to manage card accounts",
    "payments": "the right to pay or to see payments",
    "receivable_payments": "the right to manage receivables",
    "billing_statements": "an administrator's rights",
}
"""What BILL's roles call it; for other lists the right to see them."""


def check(credentials: BillCredentials, shared: Path | None = None) -> ConnectionReport:
    """Log in anew and ask every list for one row.

    Per-parent lists are left out: without a parent's id there is nothing to ask.
    """
    with BillClient(
        credentials, shared=shared, fresh=True, wait_for_hour=False, heed_lock=False
    ) as client:
        try:
            session = client.session
        except BillAuthError as error:
            if error.code == WRONG_ENVIRONMENT_CODE:
                _try_other_environment(credentials, error)
            raise
        user_id, role = _identity(client, session.user_id)
        found = dict(_try_lists(client, role))
    return ConnectionReport(
        organization_id=credentials.organization_id,
        user_id=user_id,
        role=role,
        readable=tuple(table for table, reason in found.items() if not reason),
        refused=tuple(Refusal(*one) for one in found.items() if one[1]),
    )


def _try_other_environment(
    credentials: BillCredentials, refused: BillAuthError
) -> None:
    """BILL's two worlds share nothing: one login at the other tells them apart.

    Counts and sessions are not shared either, so nothing is kept of that login.

    Raises:
        BillAuthError: The credential is good there.
    """
    here = {url: name for name, url in ENVIRONMENTS.items()}.get(credentials.api_url)
    others = [name for name in ENVIRONMENTS if name != here]
    if here is None or not others:
        return
    there = others[0]
    other = replace(credentials, api_url=ENVIRONMENTS[there])
    with BillClient(other, attempts=2, wait_for_hour=False) as client:
        try:
            _ = client.session
        except BillError:
            return
    raise BillAuthError(
        f"{refused.message} The same credential is accepted by BILL's {there}"
        f" environment: it belongs there and not to {here}.",
        part="environment",
        code=refused.code,
        advice=f"Connect again with the address {ENVIRONMENTS[there]}.",
    ) from refused


def _identity(client: BillClient, user_id: str) -> tuple[str, str]:
    """Return user and role, as far as BILL shows them to this credential."""
    if not user_id:
        user_id = _text(client, "/v3/login/session", "userId")
    if not user_id:
        return "", ""
    return user_id, _text(client, f"/v3/users/{user_id}", "role", "type")


def _text(client: BillClient, path: str, *keys: str) -> str:
    """Return one text of an object, or nothing where BILL keeps the object back."""
    try:
        found: Any = decode(client.fetch(path, "find out who is logged in"))
    except (BillForbiddenError, BillQueryError):
        return ""
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _try_lists(client: BillClient, role: str) -> Iterator[tuple[str, str]]:
    """Each list's table with the reason why it cannot be read; none for the others."""
    wanted = {"core"} | ({"spend"} if client.credentials.spend_token else set())
    lists = [one for one in ENTITIES if one.group in wanted and not one.per]

    def reason(entity: Entity) -> str:
        try:
            next(client.pages(entity, size=1))
        except (*STOPPING, BillSessionError):
            raise
        except BillRejectedError as error:
            return _lacks(entity, role, error)
        return ""

    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        yield from zip(
            (one.table for one in lists), pool.map(reason, lists), strict=True
        )


def _lacks(entity: Entity, role: str, error: BillRejectedError) -> str:
    """Say in one line why a list cannot be read."""
    if entity.group == "spend":
        return error.advice if error.status != HTTP_FORBIDDEN else error.message
    if error.status == HTTP_FORBIDDEN:
        who = f"this token (role {role})" if role else "this token"
        what = RIGHTS.get(entity.table, f"the right to see {entity.table}")
        return f"{who} lacks {what.replace('_', ' ')}"
    return f"BILL does not offer it to this organization ({error.message})"
