"""What a run says while it goes on, to whoever listens.

Here belongs: the one place where steps announce what they do; the command line shows
it, the Dagster UI has its own log. Not here: how it is shown (cli/).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Listener(Protocol):
    """Told what a run does; a detail is worth showing only while it holds."""

    def __call__(self, message: str, *, is_detail: bool) -> None:
        """Take one message."""


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def ignore(message: str, *, is_detail: bool) -> None:
    """Listen without interest."""
    del message, is_detail


def announce(message: str, *, is_detail: bool = False) -> None:
    """Tell the listener, if there is one, what is going on now."""
    listener = _listener.get()
    if listener is not None:
        listener(message, is_detail=is_detail)


def current_listener() -> Listener:
    """Return the listener, for threads that work for this one."""
    return _listener.get() or ignore


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send announcements to a listener while the block runs."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
