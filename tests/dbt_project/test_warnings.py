"""Each invariant that warns finds what it is there for.

Here belongs: breaking the built ledger of all cases in one place per invariant, and
seeing the test of that name find it. Not here: what the ledger should say.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.slow

BREAKS = {
    "assert_paid_documents_are_settled": """
        update ledger.bills set status = 'PAID', open_home = 1, posted = true
        where bill_id = 'feed-b'
    """,
    "assert_every_document_is_reconciled": """
        delete from ledger.reconciliation where document_id = 'recon-way'
    """,
    "assert_party_balances_are_reconciled": """
        update ledger.reconciliation set unexplained = 0.01
        where document_id = 'recon-v'
    """,
    "assert_clearing_holds_explained_items_only": """
        update ledger.clearing_items set cause = 'unexplained'
        where account_number = '1090'
    """,
    "assert_settled_documents_are_recognized_in_full": """
        update ledger.journal_lines_cash set amount = amount + 0.01
        where document_id = 'part-b' and account_number = '6999'
    """,
    "assert_locked_balances_are_what_they_were": """
        update ledger.lock_balances set difference = 0.01
        where org_id = 'recategorized'
    """,
    "assert_control_lines_name_their_open_item": """
        update ledger.journal_lines set document_id = 'another'
        where document_id = 'feed-b' and account_number = '6999'
    """,
    "assert_categories_stay_on_their_accounts": """
        update ledger.journal_lines set category_source = 'user'
        where document_id = 'recon-way' and account_number = '2000'
    """,
    "assert_sync_matrix_adds_up": """
        insert into ledger.sync_matrix by name
        select 'o' as org_id, 'bills' as element, 5 as loaded, 3 as posted,
            1 as not_posted, 5 as records_in_source, 0 as deleted_in_source,
            0 as waiting_in_quarantine
    """,
}
KNOWN = "delete from ledger.lock_balances where org_id = 'version_log_lost'"
"""The one case that is broken on purpose."""


@pytest.fixture(scope="module")
def found(
    case_ledger: Any,
    tmp_path_factory: pytest.TempPathFactory,
    dbt: Callable[..., None],
) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows each test finds before and after its table is broken."""
    copy = tmp_path_factory.mktemp("broken") / "warehouse.duckdb"
    shutil.copy(case_ledger.path, copy)

    def failures(*statements: str) -> dict[str, int]:
        with duckdb.connect(str(copy)) as connection:
            for statement in statements:
                connection.execute(statement)
        dbt(copy, "test", "--select", *BREAKS)
        return results(copy.parent / "target" / "run_results.json")

    return failures(KNOWN), failures(*BREAKS.values())


def results(path: Path) -> dict[str, int]:
    """Rows found by each test of dbt's last run."""
    document = json.loads(path.read_text())
    return {
        result["unique_id"].split(".")[2]: result["failures"]
        for result in document["results"]
    }


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_an_invariant_is_quiet_until_it_is_broken(
    name: str, found: tuple[dict[str, int], dict[str, int]]
) -> None:
    """Nothing on the ledger of all cases; a row once that ledger is broken there."""
    whole, broken = found
    assert whole[name] == 0
    assert broken[name] > 0
