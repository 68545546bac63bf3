"""What page Review costs with a million lines, beside a page that shows nothing.

The queue has a hundred thousand lines. Times are of the page's script, wall and CPU,
in the state in which people meet it: the first time, again, searched, the last page,
with a rule for half of the lines before it is kept, and after.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from made_ledger import connected, publish
from streamlit.testing.v1 import AppTest

from orchestration.settings import Home

LINES, QUEUED, PARTIES = 1_000_000, 100_000, 5_000
MOST = 2.0
"""CPU-seconds a page may take, on one core."""
MAKE = f"""
insert into category_predictions by name
select
    'o' as org_id,
    'bill' as source_entity,
    '00n' || (n // 4) as document_id,
    'bli' || n as line_id,
    'p' || (n % {PARTIES}) as party_id,
    'v' || (n % {PARTIES}) as source_party_id,
    'Party ' || (n % {PARTIES}) as party_name,
    case n % 2 when 0 then 'Servers' else 'Desks and chairs' end
    || ' in week ' || (n % 700) as description,
    '6340' as account_number,
    'Software & SaaS Subscriptions' as account_name,
    case when n % {LINES // QUEUED} = 0 then 'model' else 'rule' end as category_source,
    'model' as decided_by,
    'Because.' as explanation,
    '6340' as model_account_number,
    '6340' as suggestion_1,
    '6350' as suggestion_2,
    'USD' as currency,
    cast(n % 9973 + 0.25 as decimal(18, 2)) as amount,
    cast(n % 9973 + 0.25 as decimal(18, 2)) as amount_home,
    cast(0.5 as decimal(5, 4)) as confidence,
    date '2024-01-01' + cast(n % 900 as integer) as document_date
from range({LINES}) as numbers (n)
"""  # noqa: S608 - our own numbers
QUEUE = """
insert into review_queue by name
select
    org_id, source_entity, document_id, line_id, party_id, source_party_id,
    account_number, account_name, party_name, description, decided_by,
    'doubt' as review_reason, explanation, suggestion_1, suggestion_2, amount,
    amount_home, confidence, document_date, amount_home as money_at_risk,
    row_number() over (order by amount_home desc, line_id) as review_rank
from category_predictions
where category_source = 'model'
"""
NOTHING = "import streamlit as st\nst.title('Nothing')\n"
REVIEW = "from orchestration.app.pages import review\nreview.show()\n"


def costs(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall time and this process's CPU time of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


@pytest.fixture
def large(home: Home) -> Path:
    """A connection with a large published ledger."""
    folder = connected(home)
    publish(folder, {}, [MAKE, QUEUE])
    return folder.ledger


@pytest.mark.timeout(1800)
def test_review_answers_at_once(large: Path) -> None:
    """No state of the page takes two seconds of one core."""
    AppTest.from_string(REVIEW, default_timeout=600).run()  # imports are paid once
    large.touch()  # as published anew: nothing that was asked counts
    page = AppTest.from_string(REVIEW, default_timeout=600)

    def press(label: str) -> None:
        next(one for one in page.button if one.label.startswith(label)).click().run()

    measured = {
        "a page with nothing": costs(AppTest.from_string(NOTHING).run),
        "the first time": costs(page.run),
        "again": costs(page.run),
        "searched": costs(page.text_input(key="review_search").set_value("desks").run),
        "not searched": costs(page.text_input(key="review_search").set_value("").run),
        "the last page": costs(
            lambda: (
                page.session_state.__setitem__("review_page", QUEUED // 50)
                or page.run()
            )
        ),
        "a line decided": costs(lambda: press("6350")),
        "a rule for all of a party": costs(lambda: press("Apply to similar")),
        "a rule for half of the lines": costs(
            lambda: (
                page.checkbox[0].uncheck(),
                page.selectbox(key="rule_account").select("6500"),
                page.text_input(key="rule_words").set_value("servers").run(),
            )
        ),
        "that rule kept": costs(lambda: press("Keep the rule")),
    }
    assert not page.exception
    print(f"\n{os.cpu_count()} cores; the ledger has {large.stat().st_size >> 20} MB")
    for what, (wall, cpu) in measured.items():
        print(f"{what:32} {wall:6.2f} s  {cpu:6.2f} CPU-s")
    assert max(cpu for _, cpu in measured.values()) < MOST
