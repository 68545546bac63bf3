"""What the operator sees of the source: emptied and forbidden lists, quarantine, drift.

Here belongs: the road from BILL's answers to `status`, data_quality and Dagster's
checks, and what a run says while it waits. Not here: how the faults are found
(tests/bill_source), how the ledger's rows are made (tests/dbt_project).
"""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from shell import Shell

from bill_source import BillCredentials, Progress, load
from bill_source.sandbox import SandboxServer
from orchestration.assets.ingest import announcer
from orchestration.progress import listening
from orchestration.settings import Home

ORGANIZATION = {"id": "00802IQNAWLBHHU30059", "name": "Harbor Lane"}
BEFORE = "2026-01-05T08:00:00.000+00:00"
MANY = 320
"""More rows than lists that are read whole at every sync may have."""
CHECKS = {
    "every_list_was_readable": "list_states",
    "no_list_was_emptied": "list_states",
    "nothing_had_been_missed": "list_states",
    "every_record_was_readable": "quarantine",
    "every_value_was_known": "schema_changes",
}
ISSUES = """
select check_name, document_type, severity, resolved_at is null
from data_quality where check_name in (select unnest(?)) order by all
"""


class Lists:
    """The list bodies a sandbox serves; each writing has a later time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = 1_700_000_000
        folder.mkdir()
        (folder / "organization.json").write_text(json.dumps(ORGANIZATION))
        permissions = json.dumps({"id": ORGANIZATION["id"]})
        (folder / "funding-permissions.json").write_text(permissions)

    def write(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Serve these rows from now on."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"results": rows}))
        self.time += 1
        os.utime(path, (self.time, self.time))


def record(record_id: str, **fields: Any) -> dict[str, Any]:
    """Return a record that changed long ago."""
    times = {"createdTime": BEFORE, "updatedTime": BEFORE}
    return {"id": record_id, "archived": False, **times, **fields}


def bill(record_id: str, **fields: Any) -> dict[str, Any]:
    """Return a bill of the first vendor."""
    amount = fields.pop("amount", 25)
    return record(
        record_id,
        vendorId="00901VENDOR00000",
        amount=amount,
        dueAmount=amount,
        paymentStatus="UNPAID",
        approvalStatus="APPROVED",
        recordStatus="ACTIVE",
        dueDate="2026-02-01",
        invoice={"invoiceNumber": record_id, "invoiceDate": "2026-01-05"},
        billLineItems=[{"id": f"{record_id}-1", "amount": amount}],
        **fields,
    )


def odd_bill() -> dict[str, Any]:
    """Return a bill with a field and a value that no documentation has."""
    return bill("bill-3", newField="x") | {"paymentStatus": "HALF_PAID"}


def vendors() -> list[dict[str, Any]]:
    """Return more vendors than are read whole each time, one of them changed late."""
    found = [record(f"00901VENDOR{n:05}", name=f"Vendor {n}") for n in range(MANY)]
    found[0]["updatedTime"] = "2026-03-05T08:00:00.000+00:00"
    return found


@dataclass
class Story:
    """One connection's days: what `status --json` and the checks said after each."""

    shell: Shell
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    checks: dict[str, dict[str, bool]] = field(default_factory=dict)

    def sync(self, day: str, *words: str) -> None:
        """Sync, and keep what is said after it."""
        self.shell.sync(*words)
        self.statuses[day] = json.loads(self.shell.done("status", "acme", "--json"))
        self.texts[day] = " ".join(self.shell.done("status", "acme").split())
        self.checks[day] = passed(self.shell.home)

    def source(self, day: str) -> Any:
        """Return what `status` said of the source."""
        return self.statuses[day]["source"]

    def issues(self, *checks: str) -> list[tuple[Any, ...]]:
        """Return issues as they are in the ledger at the end."""
        with self.shell.ledger() as ledger:
            return ledger.execute(ISSUES, [list(checks)]).fetchall()


def dagster_of(home: Home, environment: pytest.MonkeyPatch) -> dg.DagsterInstance:
    """Open a home folder's Dagster, whose own file names it by the variable."""
    environment.setenv("DAGSTER_HOME", str(home.dagster))
    return dg.DagsterInstance.from_config(str(home.dagster))


def passed(home: Home) -> dict[str, bool]:
    """Return whether each check passed when it ran last."""
    with (
        pytest.MonkeyPatch.context() as environment,
        dagster_of(home, environment) as instance,
    ):
        found = {}
        for name, table in CHECKS.items():
            key = dg.AssetCheckKey(dg.AssetKey(["raw_bill", table]), name)
            (last,) = instance.event_log_storage.get_asset_check_execution_history(
                key, limit=1
            )
            found[name] = last.status.value == "SUCCEEDED"
    return found


@pytest.fixture(scope="module")
def story(
    shared_shell: Shell, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """All was well; BILL misbehaves; it is mended and read whole.

    The good day is a load alone: a ledger takes dbt half a minute.
    """
    lists = Lists(tmp_path_factory.mktemp("served") / "lists")
    lists.write("vendors", vendors())
    lists.write("employees", [record("emp-1", firstName="A", lastName="B")])
    lists.write("departments", [record("dep-1", name="Kitchen")])
    lists.write("bills", [bill("bill-1"), bill("bill-2")])
    with SandboxServer(data_dir=lists.folder) as server:
        shared_shell.connect(server)
        story = Story(shared_shell)
        load_alone(server, shared_shell.home.connection("acme").path)
        misbehave(lists, server)
        story.sync("ill")
        mend(lists, server)
        story.sync("mended", "--full", "--accept-empty", "employees")
        yield story


def load_alone(server: SandboxServer, folder: Path) -> None:
    """Load what there is, without a ledger."""
    folder.mkdir(exist_ok=True)
    credentials = BillCredentials(
        organization_id=server.organization_id,
        token_name=server.token_name,
        token_password=server.token_password,
        dev_key=server.dev_key,
        api_url=server.api_url,
    )
    load(credentials, folder)


def misbehave(lists: Lists, server: SandboxServer) -> None:
    """Empty a list, forbid one, spoil a record, send unknown things, change unseen."""
    lists.write("employees", [])
    server.faults.forbidden("departments")
    lists.write("bills", [bill("bill-1"), bill("bill-2", amount=25.005), odd_bill()])
    changed = vendors()
    changed[7]["name"] = "Renamed without a trace"
    del changed[9]
    lists.write("vendors", changed)


def mend(lists: Lists, server: SandboxServer) -> None:
    """Allow the list again and mend the record."""
    server.faults.clear()
    mended = bill("bill-2", description="mended")
    lists.write("bills", [bill("bill-1"), mended, odd_bill()])


@pytest.mark.slow
def test_an_emptied_and_a_forbidden_list_are_named_and_keep_their_rows(
    story: Story,
) -> None:
    """`status` says which, since when and what to do; no row went."""
    found = {
        row["entity"]: (row["state"], row["message"])
        for row in story.source("ill")["lists_not_read"]
    }

    assert {name: state for name, (state, _) in found.items()} == {
        "departments": "forbidden",
        "employees": "empty",
    }
    assert "bill-ledger sync acme --accept-empty employees" in found["employees"][1]
    assert "List employees: empty since" in story.texts["ill"]
    with duckdb.connect(
        str(story.shell.home.connection("acme").warehouse), read_only=True
    ) as warehouse:
        for table in ("employees", "departments"):
            rows = f"select count(*) from raw_bill.{table} where not _deleted"  # noqa: S608
            assert warehouse.execute(rows).fetchall() == [(1,)]


@pytest.mark.slow
def test_a_trouble_that_ended_is_a_closed_row(story: Story) -> None:
    """Accepted, readable again, mended: data_quality keeps each with its end."""
    assert story.source("mended")["lists_not_read"] == []
    assert story.issues("list_emptied", "list_forbidden", "quarantined") == [
        ("list_emptied", "employees", "error", False),
        ("list_forbidden", "departments", "error", False),
        ("quarantined", "bills", "error", False),
    ]


@pytest.mark.slow
def test_a_record_that_cannot_be_read_is_counted_until_it_can(story: Story) -> None:
    """`status` counts what waits in quarantine."""
    days = ("ill", "mended")
    assert [story.source(day)["quarantined"] for day in days] == [1, 0]
    assert "Quarantine: 1 record(s)" in story.texts["ill"]


@pytest.mark.slow
def test_a_new_field_and_a_new_value_are_named(story: Story) -> None:
    """`status` shows list, path and value; the rows are kept as they came."""
    assert story.source("ill")["new_fields"] == ["bills newField"]
    assert story.source("ill")["new_values"] == ["bills paymentStatus = HALF_PAID"]
    assert story.issues("new_field", "new_value") == [
        ("new_field", "bills", "info", True),
        ("new_value", "bills", "warn", True),
    ]


@pytest.mark.slow
def test_a_full_reading_says_what_the_syncs_before_had_missed(story: Story) -> None:
    """A change without a trace and a vendor that is gone are counted by list."""
    assert story.source("ill")["last_full_reading"] is None
    reading = story.source("mended")["last_full_reading"]

    assert reading["differences"]["vendors"] == {"drifted": 1, "missing": 1}
    assert reading["lists_read"] > 20
    assert "vendors 1+1" in story.texts["mended"]
    assert "none yet" in story.texts["ill"]


@pytest.mark.slow
def test_the_checks_of_dagster_warn_while_it_lasts(story: Story) -> None:
    """Each fault fails its own check while it lasts, drift fails its own, once."""
    fault = {"every_list_was_readable", "no_list_was_emptied"}
    fault |= {"every_record_was_readable", "every_value_was_known"}
    failed = {
        day: {name for name, is_good in checks.items() if not is_good}
        for day, checks in story.checks.items()
    }
    assert failed == {
        "ill": fault,
        "mended": {"nothing_had_been_missed"},
    }


@pytest.mark.slow
def test_an_unknown_list_cannot_be_accepted_as_empty(story: Story) -> None:
    """Exit 2 with the names there are, and no request."""
    result = story.shell.run("sync", "acme", "--accept-empty", "employes")

    assert result.returncode == 2
    assert "employees" in result.stderr


def test_a_wait_is_shown_from_whichever_thread_it_is_told() -> None:
    """The note is a line of its own; rows are a passing detail."""
    heard = []
    with listening(lambda message, *, is_detail: heard.append((message, is_detail))):
        tell = announcer()
    steps = [
        Progress("", 0, note="waiting until 13:00 UTC: hourly limit"),
        Progress("bills", 1200, total=3000),
    ]
    for step in steps:
        thread = threading.Thread(target=tell, args=(step,))
        thread.start()
        thread.join()

    assert heard == [
        ("BILL: waiting until 13:00 UTC: hourly limit", False),
        ("BILL bills: 1,200 of about 3,000 rows", True),
    ]
