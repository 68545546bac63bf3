"""The documents keep their word: commands run, queries answer, variables are listed."""

import re
import shlex
from pathlib import Path

import pytest
from shell import Shell

from orchestration.cli import app
from orchestration.settings import (
    CREDENTIAL_FIELDS,
    PROJECT,
    WEBHOOK_KEY,
    Home,
    credential_variable,
)

README = (PROJECT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = re.findall(r"^\.venv/bin/(bill-ledger .*)$", README, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The demo company, synced once."""
    folder = tmp_path_factory.mktemp("demo")
    shell = Shell(Home(folder / "home"), folder)
    shell.done("demo", "--months", "2")
    return shell


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_readme_answers(demo: Shell, query: str) -> None:
    """An analyst can paste it into the published ledger."""
    with demo.ledger("demo") as ledger:
        assert ledger.execute(query).fetchall()


@pytest.mark.slow
def test_the_demo_shows_a_ledger_and_a_second_one_only_news(demo: Shell) -> None:
    """The summary says what was posted, that months balance, and where things are."""
    first = demo.done("status", "demo", "--json")
    again = demo.run("demo", "--months", "2")

    assert '"published": true' in first
    assert again.returncode == 0
    assert "every month is zero" in again.stdout
    assert str(demo.home.connection("demo").ledger) in again.stdout.replace("\n", "")


def test_the_readme_names_commands_that_exist() -> None:
    """Each ``bill-ledger`` line parses as far as its command."""
    known = {
        command.name or command.callback.__name__ for command in app.registered_commands
    }  # type: ignore[union-attr]
    known |= {group.name for group in app.registered_groups}
    assert COMMANDS
    assert {shlex.split(line)[1] for line in COMMANDS} <= known


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """A file the README points to is in the tree."""
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (PROJECT / target).exists(), target


def test_every_variable_is_in_the_example() -> None:
    """.env.example names each variable that is read, and no other."""
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^# (BILL_[A-Z_<>]+)=", text, re.MULTILINE))
    per_connection = (*CREDENTIAL_FIELDS, WEBHOOK_KEY)
    read = {credential_variable("<name>", part) for part in per_connection}
    for part in ("bill_source", "orchestration"):
        source = (PROJECT / part / "settings.py").read_text(encoding="utf-8")
        read |= set(re.findall(r'"(BILL_[A-Z_]+)"', source))
    assert listed == read - {"BILL_"}


def test_the_project_names_no_registry() -> None:
    """The lock pins versions, not addresses."""
    lock = Path(PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
