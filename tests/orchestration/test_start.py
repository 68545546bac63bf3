"""What a process loads before it does anything: each does, every sync and the UI."""

import sys
from pathlib import Path

from shell import Shell

from orchestration.settings import Home

ASSETS = """
import sys
import orchestration.definitions

assert "dagster_dbt" in sys.modules
assert not {"dbt.version", "dbt_common", "networkx"} & {*sys.modules}
import dbt.version
"""
SETTINGS = """
import sys
from orchestration.running import prepare
from orchestration.settings import current_home

prepare(current_home())
import dlt

assert dlt.config.get("colour") is None
assert dlt.secrets.get("password") is None
assert "streamlit" not in sys.modules
"""


def test_who_knows_the_assets_has_not_loaded_dbt(tmp_path: Path) -> None:
    """The manifest says which there are; dbt itself can still be loaded after."""
    Shell(Home(tmp_path / "home"), tmp_path).program(Path(sys.executable), "-c", ASSETS)


def test_dlt_finds_no_settings_but_ours(tmp_path: Path) -> None:
    """Somebody's own dlt project in the same folder changes nothing."""
    settings = tmp_path / ".dlt"
    settings.mkdir()
    (settings / "config.toml").write_text('colour = "red"')
    (settings / "secrets.toml").write_text('password = "x"')
    Shell(Home(tmp_path / "home"), tmp_path).program(
        Path(sys.executable), "-c", SETTINGS
    )
