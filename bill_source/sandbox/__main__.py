"""The sandbox as a program: ``python -m bill_source.sandbox``.

Here belongs: arguments, the line that says where it listens, ending cleanly. Not here:
what is served.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bill_source.sandbox import FAULT_NAMES, DataError, SandboxServer, Switches

DONE = 0
FAILED = 1
BAD_USAGE = 2


def serve(
    *,
    port: int = 0,
    seed: int = 1,
    months: int = 24,
    data_dir: Path | None = None,
    today: str | datetime | None = None,
    faults: Sequence[str] = (),
    switches: Sequence[str] = (),
) -> int:
    """Serve until interrupted or terminated; return the exit status.

    Prints one JSON line on stdout once it listens; mistakes go to stderr.
    """
    try:
        server = SandboxServer(
            seed=seed,
            months=months,
            today=instant(today),
            data_dir=data_dir,
            port=port,
            ticking=True,
            switches=Switches.parse(dict(_pair(text) for text in switches)),
        )
        for text in faults:
            name, _, argument = text.partition("=")
            server.faults.arm(name, argument or None)
    except (DataError, ValueError) as error:
        return _refuse(str(error), BAD_USAGE)
    try:
        server.start()
    except OSError as error:
        return _refuse(
            f"cannot listen on port {port} of 127.0.0.1: {error.strerror}. "
            "Stop what uses it, or choose another with --port (0 picks a free one).",
            FAILED,
        )
    return _wait(server)


def _wait(server: SandboxServer) -> int:
    """Say where we listen, then sleep until a signal."""
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    place = {
        "api_url": server.api_url,
        "organization_id": server.organization_id,
        "token_name": server.token_name,
        "token_password": server.token_password,
        "dev_key": server.dev_key,
    }
    sys.stdout.write(json.dumps(place) + "\n")
    sys.stdout.flush()
    ended.wait()
    server.stop()
    return DONE


def instant(text: str | datetime | None) -> datetime | None:
    """Read the first day's instant; without a zone it is UTC.

    Raises:
        ValueError: Not an ISO date or date-time.
    """
    if text is None or isinstance(text, datetime):
        return text
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pair(text: str) -> tuple[str, str]:
    """Split ``name=value``."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"switch {text} needs a value: {text}=...")
    return name, value


def _refuse(message: str, status: int) -> int:
    """Say what is wrong on stderr."""
    sys.stderr.write(f"sandbox: {message}\n")
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run the sandbox from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bill_source.sandbox",
        description="A BILL that runs on your machine, with a made-up company.",
    )
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--data", type=Path, help="serve DIR/<list>.json instead")
    parser.add_argument("--today", help="first day, as an ISO instant; default now")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=ARG]",
        help=f"one of {', '.join(FAULT_NAMES)}",
    )
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args(argv)
    return serve(
        port=given.port,
        seed=given.seed,
        months=given.months,
        data_dir=given.data,
        today=given.today,
        faults=given.fault,
        switches=given.switch,
    )


if __name__ == "__main__":
    sys.exit(main())
