"""The documents keep their word: commands run, queries answer, variables are listed."""

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer
from shell import Shell

from orchestration.cli import app
from orchestration.settings import (
    CREDENTIAL_FIELDS,
    DBT_PROJECT,
    PROJECT,
    WEBHOOK_KEY,
    Home,
    credential_variable,
)

README = PROJECT / "README.md"
PAGES = [README, *sorted((PROJECT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```sql\n(.*?)```", flags=re.DOTALL)
COMMAND = re.compile(r"^\.venv/bin/(bill-ledger .*)$", flags=re.MULTILINE)
QUERIES = [query for page in PAGES for query in BLOCK.findall(page.read_text())]
COMMANDS = [line for page in PAGES for line in COMMAND.findall(page.read_text())]
NAMED = re.compile(
    r"(?:'(\w+)'|\bcase\b((?:(?!\bcase\b).)*?)\bend|\b(\w+\.\w+))"
    r" as (?:check_name|flag)\b",
    flags=re.DOTALL,
)
"""A name a model gives: a literal, branches that end in literals, or a column."""
OF_THE_FIRM = "-- Who needs a hand"
OFTEN_EMPTY = "often empty"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The demo company, synced once."""
    folder = tmp_path_factory.mktemp("demo")
    shell = Shell(Home(folder / "home"), folder)
    shell.done("demo", "--months", "2")
    return shell


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_documents_answers(demo: Shell, query: str) -> None:
    """An analyst can paste it into the published ledger, or into the firm view."""
    home = demo.home
    is_firm = query.startswith(OF_THE_FIRM)
    file = home.firm if is_firm else home.connection("demo").ledger
    with duckdb.connect(str(file), read_only=True) as ledger:
        rows = ledger.execute(query).fetchall()
    assert rows or is_firm or OFTEN_EMPTY in query


def test_the_cookbook_has_twenty_queries() -> None:
    """They are numbered, so that people can name them."""
    cookbook = (PROJECT / "docs" / "querying.md").read_text()
    numbers = [
        int(number) for number in re.findall(r"^-- (\d+)\. ", cookbook, re.MULTILINE)
    ]
    assert numbers == list(range(1, 21))


@pytest.mark.slow
def test_the_demo_shows_a_ledger_and_a_second_one_only_news(demo: Shell) -> None:
    """The summary says what was posted, that months balance, and where things are."""
    first = demo.done("status", "demo", "--json")
    again = demo.run("demo", "--months", "2")

    assert '"published": true' in first
    assert again.returncode == 0
    assert "every month is zero" in again.stdout
    assert str(demo.home.connection("demo").ledger) in again.stdout.replace("\n", "")


@pytest.mark.parametrize("line", sorted(set(COMMANDS)))
def test_the_documents_name_commands_that_exist(line: str) -> None:
    """Each ``bill-ledger`` line has a command of ours, and only its options."""
    words = shlex.split(line)[1:]
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_of_the_documents_leads_somewhere(page: Path) -> None:
    """A file a page points to is in the tree."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_the_table_of_contents() -> None:
    """docs/README.md lists each page beside it."""
    contents = (PROJECT / "docs" / "README.md").read_text()
    listed = set(re.findall(r"\]\(([a-z-]+\.md)\)", contents))
    assert listed == {page.name for page in PAGES} - {"README.md"}


def test_every_code_of_bill_is_in_the_catalogue() -> None:
    """Each code the client handles has its cause and fix in docs/errors.md."""
    sources = [path.read_text() for path in (PROJECT / "bill_source").glob("*.py")]
    handled = {code for text in sources for code in re.findall(r"BDC_\d+", text)}
    catalogue = (PROJECT / "docs" / "errors.md").read_text()
    assert handled
    assert handled <= set(re.findall(r"BDC_\d+", catalogue))


def test_every_check_of_the_ledger_is_in_the_catalogue() -> None:
    """What data_quality can say has its cause and fix in docs/errors.md, once."""
    catalogue = (PROJECT / "docs" / "errors.md").read_text()
    firsts = re.findall(r"^\| (`.*?) \|", catalogue, re.MULTILINE)
    listed = [name for first in firsts for name in re.findall(r"`(\w+)`", first)]
    with (DBT_PROJECT / "seeds" / "payment_states.csv").open() as file:
        given = {row["flag"] for row in csv.DictReader(file)} - {""}
    for folder in ("models", "macros"):
        for path in (DBT_PROJECT / folder).rglob("*.sql"):
            given |= names_given(path.read_text())

    assert sorted(listed) == sorted(given)


def names_given(sql: str) -> set[str]:
    """The names a query gives checks and flags; what it takes from others is theirs."""
    names = set()
    for simple, branches, column in NAMED.findall(sql):
        names |= {simple} - {""} | set(re.findall(r"(?:then|else) '(\w+)'", branches))
        allowed = (
            re.findall(rf"{re.escape(column)} in \((.*?)\)", sql) if column else []
        )
        assert allowed or column in {"", "flags.flag"}, column
        names |= {name for one in allowed for name in re.findall(r"\w+", one)}
    assert len(NAMED.findall(sql)) == len(re.findall(r" as (?:check_name|flag)\b", sql))
    return names


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
