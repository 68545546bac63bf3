"""Rules are previewed line by line, taken back, and answers asked for again."""

import json
from typing import Any

import pytest
from shell import Shell

pytestmark = pytest.mark.slow

OVERRIDES = "source_entity,document_id,line_id,account_number\n"
LOCKS = "lock_date,locked_by\n"
RULES = "rule_id,priority,party_name,text_contains,min_amount,account_number\n"
PLACED = """
select line_id, account_number, category_source from category_predictions
where party_name = ?
"""
BUSIEST = """
select party_name from category_predictions
where source_entity = 'bill' and account_number <> '6850'
group by party_name having count(distinct document_id) >= 2
order by count(*) desc, party_name limit 2
"""
LINES_OF = """
select source_entity, document_id, line_id from category_predictions
where party_name = ? and source_entity = 'bill' order by document_date, line_id
"""
FIRST_DAY_OF = """
select min(document_date) from category_predictions where party_name = ?
"""


def written(shell: Shell, name: str, header: str, *rows: str) -> str:
    """Write a decisions file; return its path."""
    path = shell.folder / name
    path.write_text(header + "\n".join(rows) + "\n")
    return str(path)


def placed(shell: Shell, party: str) -> dict[str, tuple[str, str]]:
    """Each line's account and who decided it, of one party."""
    with shell.ledger() as ledger:
        rows: list[tuple[Any, ...]] = ledger.execute(PLACED, [party]).fetchall()
    return {line: (account, source) for line, account, source in rows}


def test_what_moves_was_shown_before_and_can_be_taken_back(synced: Shell) -> None:
    """A rule moves what its preview named, answers move when told to, undo ends it."""
    with synced.ledger() as ledger:
        (ruled,), (taught,) = ledger.execute(BUSIEST).fetchall()
        lines = ledger.execute(LINES_OF, [taught]).fetchall()
        ((first_day,),) = ledger.execute(FIRST_DAY_OF, [ruled]).fetchall()
    before, open_line = placed(synced, ruled), lines.pop()[2]
    rules = written(synced, "rules.csv", RULES, f'similar,10,"{ruled}",,,6340')
    locks = written(synced, "locks.csv", LOCKS, f"{first_day},Ada")
    overrides = written(
        synced, "overrides.csv", OVERRIDES, *[f"{a},{b},{c},6350" for a, b, c in lines]
    )
    synced.done("decisions", "import", "acme", "period_locks", locks)
    preview = ("decisions", "preview", "acme", rules, "--json")
    shown = json.loads(synced.done(*preview))
    synced.done("decisions", "import", "acme", "category_rules", rules)
    synced.done("decisions", "import", "acme", "category_overrides", overrides)
    synced.sync()
    after = placed(synced, ruled)

    moved = {line for line, (account, _) in after.items() if before[line][0] != account}
    assert moved
    assert {row["line_id"] for row in shown} == moved
    assert {row["account_then"] for row in shown} == {"6340"}
    assert {row["period"] for row in shown} == {"open", "locked"}
    assert json.loads(synced.done(*preview)) == []
    assert placed(synced, taught)[open_line][0] != "6350"

    again = json.loads(synced.done("recategorize", "acme", "--json"))
    assert "6350" in {
        row["account_then"] for row in again if row["line_id"] == open_line
    }
    synced.done("recategorize", "acme", "--yes")
    synced.done("decisions", "undo", "acme", "category_rules", "similar")
    synced.sync()

    assert placed(synced, ruled) == before
    assert placed(synced, taught)[open_line][0] == "6350"
