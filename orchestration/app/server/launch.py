"""Starting the review app: `bill-ledger app`.

Here belongs: Streamlit's command, how it is set, when a password is needed. Not here:
the app itself (main.py), passwords (password.py).
"""

import ipaddress
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from orchestration.app.server.password import Password
from orchestration.failures import UsageError
from orchestration.serving import check_free
from orchestration.settings import Home, child_environment

MAIN = Path(__file__).with_name("main.py")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
SETTINGS = {
    "server.headless": "true",
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "server.maxUploadSize": "1",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "viewer",
    "client.disableDataExport": "true",  # our own files run nothing when opened
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "runner.magicEnabled": "false",
    "logger.level": "error",
    "logger.hideWelcomeMessage": "true",
    "theme.paddingTop": "0.75rem",
    "theme.headingFontSizes": '["1.9rem","1.5rem","1.25rem","1.1rem","1rem","1rem"]',
    "theme.metricValueFontSize": "1.25rem",
    "theme.light.primaryColor": "#0b6e5f",
    "theme.dark.primaryColor": "#12836f",
}
"""Everything we want of Streamlit otherwise than it is; no file of its own is read."""


def serve_app(home: Home, host: str, port: int, say: Callable[[str], None]) -> NoReturn:
    """Replace this process by the app over a home folder.

    Raises:
        LedgerError: The port is taken.
        UsageError: The address is not one of this machine, or needs a password.
    """
    if not is_loopback(host) and not Password(home).is_set():
        raise UsageError(
            f"{host} can be reached from other machines, so the app needs a password:"
            " bill-ledger app --set-password, or set BILL_APP_PASSWORD. Put a proxy"
            " with https before it."
        )
    check_free(host, port)
    home.create()
    shown = f"[{host}]" if ":" in host else host
    say(f"The review app: http://{shown}:{port} (Ctrl-C ends it)")
    server = (sys.executable, "-P", "-m", "orchestration.app.server")
    command = [*server, "run", str(MAIN), *_arguments(host, port)]
    os.chdir(home.path)
    os.execve(command[0], command, child_environment(home))  # noqa: S606 - our own program


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address; a name but localhost does not."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _arguments(host: str, port: int) -> Iterator[str]:
    settings = {**SETTINGS, "server.address": host, "server.port": str(port)}
    for name, value in settings.items():
        yield f"--{name}={value}"
    if is_loopback(host):  # a page elsewhere cannot pass its own name off as ours
        for name in LOOPBACK_NAMES:
            yield f"--server.allowedHosts={name}"
