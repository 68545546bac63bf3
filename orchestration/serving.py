"""Starting the Dagster UI.

Here belongs: its command, its environment, a taken port. Not here: what it shows
(definitions.py).
"""

import os
import socket
from typing import NoReturn

from orchestration.failures import LedgerError, UsageError
from orchestration.settings import PROJECT, Home, child_environment, program


def serve_ui(home: Home, host: str, port: int) -> NoReturn:
    """Replace this process by ``dagster dev`` over a home folder.

    Raises:
        LedgerError: The port is taken.
        UsageError: The address is not one of this machine.
    """
    check_free(host, port)
    command = [
        str(program("dagster")),
        "dev",
        *("--workspace", str(PROJECT / "workspace.yaml")),
        *("--host", host),
        *("--port", str(port)),
    ]
    os.chdir(home.dagster)
    os.execve(command[0], command, child_environment(home))  # noqa: S606 - our own program


def check_free(host: str, port: int) -> None:
    """Refuse a port that another program listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise UsageError(f"{host!r} is no address of this machine.") from error
        except (OSError, OverflowError) as error:
            raise LedgerError(
                f"Port {port} at {host} cannot be used: {error}. Choose another with"
                " --port."
            ) from error
