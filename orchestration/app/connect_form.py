"""The form that connects a BILL account, and how to get what it asks for.

Here belongs: its fields, trying them, the steps in BILL. Not here: the test and what it
stores (connecting.py).

A secret is in the session only between being typed and being tried.
"""

from zoneinfo import available_timezones

import streamlit as st

from bill_source import BillError
from orchestration.app import formats
from orchestration.app.picked import KEY as CONNECTION
from orchestration.connecting import connect, planned
from orchestration.connections import DEFAULT_API_URL, Credentials
from orchestration.failures import LedgerError, UsageError
from orchestration.settings import Home, current_home, secret_in_environment

SANDBOX_URL = "https://gateway.stage.bill.com/connect"
SECRETS = ("connect_password", "connect_dev_key")
STEPS = """
1. Sign in to BILL as an administrator of the company.
2. Open **Settings > Sync & Integrations > Manage Developer Keys**. The organization id
   (it begins with 008) stands there; make a developer key if there is none.
3. Open **Settings > Sync & Integrations > Tokens** and choose **New**. The token gets a
   name of your choice and the role of a user, which must see bills, invoices, vendors,
   customers, payments, bank accounts and the chart of accounts.
4. Copy the token's password now: BILL shows it once.
5. Fill in the form. bill-ledger only reads: it changes nothing in BILL.
"""


def draw(home: Home) -> None:
    """Draw the form beside the steps."""
    form, steps = st.columns([3, 2], gap="large")
    with steps:
        st.markdown("**How to create a sync token**")
        st.markdown(STEPS)
    with form, st.form("connect", border=False):
        _fields()
        st.form_submit_button(
            "Test and connect", type="primary", on_click=_try, args=(home,)
        )
        said = st.session_state.get("connect_said")
        if said is not None:
            is_good, words = said
            (st.success if is_good else st.error)(formats.plain(words))


def expect(name: str, organization_id: str) -> None:
    """Fill in whose credential is asked for, unless something was typed already."""
    st.session_state.setdefault("connect_name", name)
    st.session_state.setdefault("connect_organization", organization_id)


def _fields() -> None:
    """Draw the fields in pairs; below one another on a phone."""
    left, right = st.columns(2)
    left.text_input(
        "Name here",
        key="connect_name",
        placeholder="acme",
        help="Lower-case letters, digits, - and _. The same name again gives that"
        " connection a new token and keeps its data.",
    )
    right.text_input(
        "Organization id", key="connect_organization", placeholder="008..."
    )
    left, right = st.columns(2)
    left.text_input("Token name", key="connect_token", placeholder="nightly")
    right.text_input(
        "Token password",
        key="connect_password",
        type="password",
        autocomplete="new-password",
    )
    left, right = st.columns(2)
    has_key = bool(secret_in_environment("BILL_DEV_KEY"))
    left.text_input(
        "Developer key",
        key="connect_dev_key",
        type="password",
        autocomplete="new-password",
        placeholder="BILL_DEV_KEY" if has_key else "",
    )
    right.selectbox(
        "Environment",
        [DEFAULT_API_URL, SANDBOX_URL],
        key="connect_url",
        format_func=_environment,
        accept_new_options=True,
        help="Production, BILL's sandbox, or the address before /v3.",
    )
    left, right = st.columns(2)
    left.selectbox(
        "Time zone of the organization",
        sorted(available_timezones()),
        index=None,
        key="connect_timezone",
        placeholder="America/Los_Angeles, or as before",
    )
    right.text_input(
        "Home currency", key="connect_currency", placeholder="USD, or as before"
    )


def _environment(url: str) -> str:
    return {DEFAULT_API_URL: "Production", SANDBOX_URL: "BILL's sandbox"}.get(url, url)


def _try(home: Home) -> None:
    """Try what was typed, forget the secrets, and say how it went."""
    password, dev_key = (str(st.session_state.get(key, "")) for key in SECRETS)
    for key in SECRETS:
        st.session_state[key] = ""
    try:
        words = _connect(
            home, password, dev_key or secret_in_environment("BILL_DEV_KEY") or ""
        )
    except (LedgerError, BillError) as error:
        st.session_state["connect_said"] = (False, str(error))
    else:
        st.session_state["connect_said"] = (True, words)


def _connect(home: Home, password: str, dev_key: str) -> str:
    """Connect; return what to say of it.

    Raises:
        UsageError: Something is missing or cannot be.
        BillError: BILL refuses the credential, or does not answer.
    """
    typed = {
        name: str(st.session_state.get(f"connect_{name}") or "").strip()
        for name in ("name", "organization", "token", "url", "timezone", "currency")
    }
    needed = {
        "the name": typed["name"],
        "the organization id": typed["organization"],
        "the token's name": typed["token"],
        "the token's password": password,
        "the developer key": dev_key,
    }
    missing = [what for what, value in needed.items() if not value]
    if missing:
        raise UsageError(f"Please give {', '.join(missing)} too.")
    connection = planned(
        home,
        typed["name"],
        typed["organization"],
        api_url=typed["url"],
        timezone=typed["timezone"],
        home_currency=typed["currency"],
    )
    credentials = Credentials(typed["token"], password, dev_key)
    connected = connect(current_home(), connection, credentials)
    st.session_state[CONNECTION] = connection.name
    lists = ", ".join(refusal.table for refusal in connected.report.refused)
    unread = [f"Its role cannot read: {lists}."] if lists else []
    said = [f"Connected {connection.name}.", *unread, *connected.remarks]
    return " ".join([*said, "Next: Sync now."])
