"""Connecting a company's BILL: what is asked for is tested, then stored.

Here belongs: the settings a new connection gets or a known one keeps, the test, what
follows from success. Not here: asking a person (asking.py, app/pages), whether BILL
takes a credential (bill_source).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bill_source import BillCredentials, ConnectionReport, check_connection
from orchestration.connections import Connection, Credentials, Registry
from orchestration.disconnecting import known_connection
from orchestration.failures import UsageError
from orchestration.firm import refresh_firm
from orchestration.setting_checks import (
    check_currency,
    check_groups,
    check_name,
    check_start_date,
    check_timezone,
)
from orchestration.settings import Home
from orchestration.states import States


def planned(
    home: Home,
    name: str,
    organization_id: str,
    *,
    api_url: str | None = None,
    timezone: str | None = None,
    home_currency: str | None = None,
    ledger_start_date: str | None = None,
    learn_from_bill_coding: bool | None = None,
    include: Sequence[str] | None = None,
) -> Connection:
    """Return the connection a person asks for; what they leave out stays as it was.

    Raises:
        UsageError: Something cannot be, or the name holds another company's data.
    """
    known = _known_or_new(home, check_name(name), organization_id)
    start = known.ledger_start_date if ledger_start_date is None else ledger_start_date
    learns = learn_from_bill_coding
    if learns is None:
        learns = known.learn_from_bill_coding
    return replace(
        known,
        api_url=api_url or known.api_url,
        timezone=check_timezone(timezone or known.timezone),
        home_currency=check_currency(home_currency or known.home_currency),
        ledger_start_date=check_start_date(start),
        learn_from_bill_coding=learns,
        include=known.include if include is None else check_groups(include),
    )


@dataclass(frozen=True)
class Connected:
    """A connection that was stored.

    ``report``: what BILL lets it read. ``remarks``: what a person should know besides.
    """

    report: ConnectionReport
    remarks: list[str]


def connect(home: Home, connection: Connection, credentials: Credentials) -> Connected:
    """Test a credential and store it.

    Dagster learns of the connection when something runs; to tell it at once is for
    those who have it loaded.

    Raises:
        BillError: BILL refuses it or does not answer; what was stored before stays.
        LedgerError: The folder holds another company's data.
    """
    report = check_connection(
        BillCredentials(
            organization_id=connection.organization_id,
            token_name=credentials.token_name,
            token_password=credentials.token_password,
            dev_key=credentials.dev_key,
            api_url=connection.api_url,
            spend_token=credentials.spend_token,
        ),
        home.create_shared(),
    )
    states, registry = States(home.connection(connection.name).store), Registry(home)
    states.claim(connection)
    was_paused = states.state().state == "paused"
    registry.save(connection, credentials)
    states.move("connected")
    refresh_firm(home)
    remarks = [
        f"{twin} is the same organization: firm.duckdb counts it twice. To keep one:"
        f" bill-ledger disconnect {twin}"
        for twin in registry.twins(connection)
    ]
    if was_paused:
        remarks.append(f"{connection.name} was paused; that is over.")
    return Connected(report, remarks)


def _known_or_new(home: Home, name: str, organization_id: str) -> Connection:
    """Return the connection as it is or was, or a new one; never another company's."""
    before = known_connection(home, name)
    if before is None:
        return Connection(name, organization_id)
    if before.organization_id != organization_id:
        raise UsageError(
            f"{name} holds the data of organization {before.organization_id}; it"
            f" cannot be connected to {organization_id}. Choose another name for that"
            f" one, or remove the data: bill-ledger disconnect {name} --delete-data"
        )
    return before
