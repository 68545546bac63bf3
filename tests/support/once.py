"""What takes long to make and all tests only copy, made once for all workers."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.locks import exclusive

PATIENCE = 600.0
"""Seconds to wait for the worker that makes it."""


def made_once(
    folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """Return the folder that ``make`` filled, here or in another worker."""
    place = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent  # of all workers: each has a folder below it
    folder, done = place / f"once-{name}", place / f"once-{name}.done"
    with exclusive(place / f"once-{name}.lock", PATIENCE):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
