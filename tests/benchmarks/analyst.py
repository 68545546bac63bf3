"""An analyst: one notebook holds a ledger open all day, another opens each newer one.

`python analyst.py LEDGER` goes on until its stdin is closed, then says what it saw as
one JSON document. It knows nothing of this project but the published file. They are two
processes: DuckDB gives a process that has a file open the same one again.
"""

import json
import multiprocessing
import sys
import threading
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

WHOLE = {
    "an entry does not balance": """
        select entry_id from journal_lines group by entry_id
        having sum(debit) <> sum(credit)
    """,
    "a month does not balance": """
        select month_end from trial_balance group by basis, month_end
        having sum(closing) <> 0
    """,
    "a line has no entry": """
        select line_id from journal_lines
        where entry_id not in (select entry_id from journal_entries)
    """,
    "two runs are mixed": """
        select as_of from sync_runs qualify as_of = max(as_of) over ()
        and as_of <> (select value::timestamptz from meta where key = 'as_of')
    """,
}
NEWEST = "select run_id from sync_runs order by started_at desc limit 1"
EVERY_LINE = "from journal_lines order by all"


def look(path: Path) -> tuple[str, list[str]]:
    """Open the ledger that is there now; return its newest run and what is wrong."""
    with duckdb.connect(str(path), read_only=True) as ledger:
        wrong = [name for name, sql in WHOLE.items() if ledger.execute(sql).fetchall()]
        return str(ledger.execute(NEWEST).fetchall()[0][0]), wrong


def hold(path: Path, ended: Event, said: "SimpleQueue[bool]") -> None:
    """Keep the ledger open to the end; say whether it is what it was."""
    with duckdb.connect(str(path), read_only=True) as held:
        first = held.execute(EVERY_LINE).fetchall()
        ended.wait()
        said.put(held.execute(EVERY_LINE).fetchall() == first)


def main(path: Path) -> None:
    """Look every second, and let another process hold the first ledger there is."""
    apart = multiprocessing.get_context("spawn")
    ended, said = apart.Event(), apart.SimpleQueue()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set())).start()
    while not path.exists():
        if ended.wait(1):
            sys.exit(f"there never was {path}")
    holder = apart.Process(target=hold, args=(path, ended, said))
    holder.start()
    ledgers: set[str] = set()
    troubles: list[str] = []
    looks = 0
    while not ended.wait(1):
        looks += 1
        try:
            newest, wrong = look(path)
        except duckdb.Error as error:
            troubles.append(str(error))
            continue
        ledgers.add(newest)
        troubles += wrong
    print(
        json.dumps(
            {
                "looks": looks,
                "ledgers": len(ledgers),
                "troubles": troubles,
                "held_is_unchanged": said.get(),
            }
        )
    )
    holder.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
