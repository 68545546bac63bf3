"""Where alerts go: a webhook, Slack, e-mail; none unless a person has set it.

Here belongs: the channels' settings, sending one message. Not here: what is worth a
message (alerts.py).

Addresses are secrets, since whoever knows them can write there: they stand in
secrets.toml or in the environment, and in no log, error or metadata.
"""

import logging
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from bill_source.settings import is_loopback
from orchestration.connections import read_toml
from orchestration.failures import UsageError
from orchestration.settings import ALERTS, Home, alert_settings_in_environment

TIMEOUT_SECONDS = 10
SMTP_PORT = 587
SMTPS_PORT = 465
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Alert:
    """One message: which connection, what kind of news, in words."""

    connection: str
    organization_id: str
    kind: str
    subject: str
    text: str

    def document(self) -> dict[str, Any]:
        """What the webhook gets."""
        return {**vars(self), "source": "bill-ledger"}


@dataclass(frozen=True)
class Channels:
    """Every address that is set; an empty one is not used."""

    webhook_url: str = field(default="", repr=False)
    slack_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    email_from: str = ""
    email_to: str = ""
    stale_hours: str = "24"

    @property
    def names(self) -> Sequence[str]:
        """The channels in use, without their addresses."""
        used = {
            "webhook": self.webhook_url,
            "slack": self.slack_url,
            "e-mail": self.smtp_url,
        }
        return [name for name, address in used.items() if address]

    def send(self, alert: Alert) -> Sequence[str]:
        """Send an alert to every channel; return those that did not take it."""
        ways = {
            "webhook": lambda: _post(self.webhook_url, alert.document()),
            "slack": lambda: _post(self.slack_url, _for_slack(alert)),
            "e-mail": lambda: self._mail(alert),
        }
        return [name for name in self.names if not _reached(name, ways[name])]

    def _mail(self, alert: Alert) -> None:
        message = EmailMessage()
        message["Subject"] = alert.subject
        message["From"] = self.email_from
        message["To"] = self.email_to
        message.set_content(alert.text)
        parts = urlsplit(self.smtp_url)
        host = parts.hostname or ""
        with _smtp(parts.scheme, host, parts.port) as server:
            if parts.scheme == "smtp" and not is_loopback(host):
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


def channels(home: Home) -> Channels:
    """Return the channels of a home folder; the environment wins over secrets.toml.

    Raises:
        UsageError: A setting is unknown, incomplete or not safe; none is shown.
    """
    stored = read_toml(home.secrets).get(ALERTS, {})
    found = {**(stored if isinstance(stored, Mapping) else {})}
    found |= alert_settings_in_environment()
    try:
        known = Channels(**{name: str(value) for name, value in found.items()})
    except TypeError as error:
        raise UsageError(
            f"[{ALERTS}] in {home.secrets} has an unknown setting. There are:"
            f" {', '.join(vars(Channels()))}."
        ) from error
    _check(known)
    return known


def _parts(known: Channels, name: str) -> SplitResult:
    address: str = getattr(known, name)
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise UsageError(f"The alerts' {name} is no address.") from None
    return parts


def _check(known: Channels) -> None:
    for name in ("webhook_url", "slack_url"):
        parts = _parts(known, name)
        is_safe = parts.scheme == "https" or is_loopback(parts.hostname or "")
        if parts.geturl() and not is_safe:
            raise UsageError(f"The alerts' {name} must begin with https://")
    if known.smtp_url and _parts(known, "smtp_url").scheme not in {"smtp", "smtps"}:
        raise UsageError(
            "The alerts' smtp_url must be like smtps://user:password@mail.example.com"
        )
    if known.smtp_url and not (known.email_from and known.email_to):
        raise UsageError("Alerts by e-mail need email_from and email_to too.")
    if not known.stale_hours.isdigit() or int(known.stale_hours) < 1:
        raise UsageError("The alerts' stale_hours must be a whole number of hours.")


def _reached(name: str, send: Any) -> bool:
    """Try one channel; what it answers may repeat its address, so it is not told."""
    import requests

    try:
        send()
    except (OSError, smtplib.SMTPException, requests.RequestException) as error:
        log.warning("An alert did not reach %s (%s).", name, type(error).__name__)
        return False
    return True


def _post(url: str, document: Mapping[str, Any]) -> None:
    import requests

    answer = requests.post(
        url, json=document, timeout=TIMEOUT_SECONDS, allow_redirects=False
    )
    if answer.status_code not in range(200, 300):
        raise requests.HTTPError


def _for_slack(alert: Alert) -> dict[str, str]:
    """Return what Slack's incoming webhooks take; names from BILL stay text."""
    text = f"*{alert.subject}*\n{alert.text}"
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return {"text": text}


def _smtp(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            host, port or SMTPS_PORT, timeout=TIMEOUT_SECONDS, context=context
        )
    return smtplib.SMTP(host, port or SMTP_PORT, timeout=TIMEOUT_SECONDS)
