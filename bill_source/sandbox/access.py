"""Where a sandbox listens and what it lets in.

Here belongs: addresses and credentials as attributes, for tests and programs. Not here:
checking them (sessions.py, spend_door.py).
"""

from bill_source.sandbox.control import BASE as CONTROL
from bill_source.sandbox.listener import HOST, Listener
from bill_source.sandbox.server import BASE
from bill_source.sandbox.sessions import Gate
from bill_source.sandbox.webhook_calls import BASE as WEBHOOKS


class Access:
    """The addresses and credentials of one sandbox."""

    _listener: Listener
    _gate: Gate

    @property
    def port(self) -> int:
        """Return the port, known once we listen."""
        return self._listener.port

    @property
    def api_url(self) -> str:
        """Return what stands before ``/v3``."""
        return f"http://{HOST}:{self.port}{BASE}"

    @property
    def webhook_url(self) -> str:
        """Return what stands before ``/v3`` of the webhook API."""
        return f"http://{HOST}:{self.port}{WEBHOOKS}"

    @property
    def control_url(self) -> str:
        """Return what stands before a control call's name."""
        return f"http://{HOST}:{self.port}{CONTROL}"

    @property
    def organization_id(self) -> str:
        """Return the id of the only organization."""
        return self._gate.credentials.organization_id

    @property
    def token_name(self) -> str:
        """Return the sync token's name."""
        return self._gate.credentials.token_name

    @property
    def token_password(self) -> str:
        """Return the sync token's value."""
        return self._gate.credentials.token_password

    @property
    def dev_key(self) -> str:
        """Return the developer key."""
        return self._gate.credentials.dev_key

    @property
    def spend_token(self) -> str:
        """Return the token of Spend & Expense."""
        return self._gate.credentials.spend_token

    @property
    def username(self) -> str:
        """Return the administrator's user name."""
        return self._gate.credentials.username

    @property
    def password(self) -> str:
        """Return the administrator's password."""
        return self._gate.credentials.password
