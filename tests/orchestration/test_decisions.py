"""Decisions come in whole or not at all, and go out as they can come in again."""

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.decision_kinds import KINDS, kind_named
from orchestration.decisions import (
    export_decisions,
    import_decisions,
    in_order,
    rows_of,
    withdraw,
)
from orchestration.failures import UsageError
from orchestration.store import Store

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 2, 12, tzinfo=UTC)
GOOD = {
    "category_overrides": (
        "source_entity,document_id,line_id,account_number,effective_at,note\n"
        'bill,00n1,bli1,6200,,"rent, May"\nbill,00n1,bli1,6210,2026-06-01,\n'
    ),
    "category_rules": (
        "rule_id,priority,party_id,party_name,text_contains,min_amount,max_amount,"
        "direction,account_number,effective_at,note\n"
        "r1,10,,Quillon,,0.01,99,ap,6340,,\nr2,20,,,toner,,,,6300,,\n"
    ),
    "settlement_overrides": (
        "source_entity,document_id,settlement_date,amount,kind,account_number,"
        "effective_at\n"
        "invoice,00e1,2026-03-31,40.10,writeoff,,\n"
        "bill,00n1,2026-03-31,10,settled_outside,2100,2026-04-01\n"
        "bill,00n1,2026-04-30,0,settled_outside,3200,\n"
        "bill,00n2,2026-04-30,5,writeoff,4910,\n"
    ),
    "period_locks": (
        "lock_date,locked_at,locked_by,reopened\n"
        "2026-01-31,2026-02-10T09:00:00+00:00,Ada,\n"
        "2026-02-28,2026-03-10,Ada,false\n"
        "2026-01-31,2026-03-12,Ada,TRUE\n"
        "2026-03-31,,Ada,\n"
    ),
    "party_overrides": (
        "action,source_entity,source_id,into_entity,into_id,name,effective_at\n"
        "merge,vendor,009a,customer,0cu1,,\n"
        "split,vendor,009b,vendor,009c,,\n"
        "split,vendor,009d,,,,\n"
        "rename,vendor,009a,,,Ångström,2026-01-01\n"
    ),
    "exclusions": (
        "source_entity,document_id,reason,effective_at\n"
        "bill,00n1,entered twice,\nreceivable_payment,0rp1,a test,\n"
        "payment,stp1,a test,2026-01-01\n"
    ),
    "manual_entries": (
        "entry_id,entry_date,account_number,party_id,document_id,debit,credit,memo,"
        "effective_at\n"
        "opening,2025-12-31,1010,,,100.00,,cash,\n"
        "opening,2025-12-31,1010,,,100.00,,cash,\n"
        "refund,2026-02-01,1010-2,,,12.50,0,from a vendor,2026-02-02\n"
        "refund,2026-02-01,2000,p1,vcr1,,12.50,from a vendor,2026-02-02\n"
        "opening,2025-12-31,3990,,,,200,cash,\n"
    ),
    "bank_account_map": (
        "source_entity,source_id,account_number,effective_at\n"
        "bank_account,bac1,1010-2,\ncard_account,cac1,2100,\n"
        "chart_of_account,0ca1,1020,2026-01-01\n"
    ),
    "bank_transactions": (
        "transaction_id,booked_on,account_number,amount,description\n"
        't1,2026-02-01,1010,-1200.50,"BILL, INC."\nt2,2026-02-02,1080,3,\n'
    ),
}
"""A good file of each kind, with every form its rows may have."""
DECISIONS = {name: text.count("\n") - 1 for name, text in GOOD.items()}
DECISIONS |= {"manual_entries": 2}
REFUSED = [
    ("category_overrides", "cheque,00n1,,6200,,", "line 2, column source_entity"),
    ("category_overrides", "bill,,,6200,,", "line 2, column document_id: is empty"),
    ("category_overrides", "bill,1,,1234,,", "account_number: '1234' is no account"),
    ("category_overrides", "bill,00n1,,2000,,", "cannot be chosen as a category"),
    ("category_overrides", "bill,1,,6200,yesterday,", "line 2, column effective_at"),
    ("category_overrides", "bill,00n1,,6200", "has 4 cells and the header 6"),
    (
        "category_overrides",
        "bill,00n1,,6200,,\nbill,00n1,,6210,,",
        "line 3, column effective_at: is empty here and in line 2",
    ),
    (
        "category_overrides",
        "bill,1,,6200,9999-12-31T23:59:59-12:00,",
        "line 2, column effective_at: '9999-12-31T23:59:59-12:00' is beyond the years",
    ),
    ("category_overrides", 'bill,1,,6200,,"unclosed', "line 2: is no CSV"),
    ("category_rules", "r1,high,,,,,,,6340,,", "line 2, column priority"),
    ("settlement_overrides", "payment,1,2026-03-31,1,writeoff,,", "source_entity"),
    ("settlement_overrides", "bill,1,31.3.2026,1,writeoff,,", "settlement_date"),
    ("settlement_overrides", "bill,1,2026-02-30,1,writeoff,,", "settlement_date"),
    ("settlement_overrides", "bill,1,2026-03-31,-1,writeoff,,", "amount: '-1' is neg"),
    ("settlement_overrides", "bill,1,2026-03-31,1.005,writeoff,,", "two decimals"),
    ("settlement_overrides", "bill,1,2026-03-31,1E+999999999,writeoff,,", "below 10,"),
    (
        "settlement_overrides",
        f"bill,1,2026-03-31,{10**13},writeoff,,",
        "line 2, column amount: '10000000000000' is no amount below",
    ),
    ("settlement_overrides", "bill,1,2026-03-31,1,gift,,", "column kind"),
    ("settlement_overrides", "bill,1,2026-03-31,1,writeoff,1010,", "moves no money"),
    ("settlement_overrides", "bill,1,2026-03-31,1,writeoff,2000,", "cannot settle"),
    ("settlement_overrides", "bill,1,2026-03-31,1,settled_outside,6850,", "6850 is"),
    ("period_locks", "soon,,Ada,", "line 2, column lock_date"),
    ("period_locks", "2026-01-31,,,", "line 2, column locked_by: is empty"),
    ("period_locks", "2026-01-31,,Ada,maybe", "line 2, column reopened"),
    ("period_locks", "2026-01-31,2026-02-10,Ada,true", "no period is locked before"),
    (
        "period_locks",
        "2026-02-28,2026-03-10,Ada,\n2026-01-31,2026-03-11,Ada,",
        "line 3, column lock_date: 2026-01-31",
    ),
    (
        "period_locks",
        "2026-01-31,2026-03-11,Ada,\n2026-02-28,2026-03-10,Ada,",
        "line 2, column lock_date: 2026-01-31",
    ),
    (
        "period_locks",
        "2026-01-31,2026-02-10,Ada,\n2026-02-28,2026-03-10,Ada,true",
        "2026-02-28 reopens nothing",
    ),
    ("party_overrides", "join,vendor,1,vendor,2,,", "line 2, column action"),
    ("party_overrides", "merge,bill,1,vendor,2,,", "line 2, column source_entity"),
    ("party_overrides", "merge,vendor,1,vendor,,,", "into_id: is empty"),
    ("party_overrides", "split,vendor,1,,2,,", "into_entity: is empty"),
    ("party_overrides", "merge,vendor,1,vendor,1,,", "is the record itself"),
    ("party_overrides", "merge,vendor,1,vendor,2,A,", "column name: is for rename"),
    ("party_overrides", "rename,vendor,1,,,,", "column name: is empty"),
    ("party_overrides", "rename,vendor,1,vendor,2,A,", "is only for merge and split"),
    (
        "party_overrides",
        "merge,vendor,1,vendor,2,,\nsplit,vendor,2,,,,",
        "line 3, column effective_at",
    ),
    ("exclusions", "vendor,009a,a test,", "line 2, column source_entity"),
    ("exclusions", "bill,00n1,,", "line 2, column reason: is empty"),
    ("manual_entries", "e,2026-01-01,3900,,,1,,,", "account_number: 3900 Retained"),
    ("manual_entries", "e,2026-01-01,1200-2,,,1,,,", "'1200-2' is no account"),
    ("manual_entries", "e,2026-01-01,2000,,x,1,,,", "column party_id: is empty"),
    ("manual_entries", "e,2026-01-01,1100,p,,1,,,", "column document_id: is empty"),
    ("manual_entries", "e,2026-01-01,1010,,,1,1,,", "exactly one of debit and credit"),
    ("manual_entries", "e,2026-01-01,1010,,,0,,,", "exactly one of debit and credit"),
    ("manual_entries", "e,2026-01-01,1010,,,-1,,,", "column debit: '-1' is negative"),
    (
        "manual_entries",
        "e,2026-01-01,1010,,,1,,,\ne,2026-01-01,3000,,,,1.01,,",
        "line 3, column debit: entry e does not balance: debit 1.00, credit 1.01",
    ),
    (
        "manual_entries",
        "e,2026-01-01,1010,,,1,,,\ne,2026-01-02,3000,,,,1,,",
        "line 3, column entry_date: entry e has two dates",
    ),
    ("bank_account_map", "bank_account,b1,6200,", "is no bank or card account"),
    ("bank_account_map", "bank_account,b1,1011,", "'1011' is no account"),
    ("bank_account_map", "vendor,009a,1010,", "line 2, column source_entity"),
    ("bank_transactions", "t1,2026-01-01,1090,1,", "is no bank or card account"),
    ("bank_transactions", "t1,2026-01-01,1010,much,", "line 2, column amount"),
    ("bank_transactions", "t1,2026-01-01,1010,,", "line 2, column amount: is empty"),
]
ALL = pytest.mark.parametrize("name", KINDS)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store.sqlite")


def header(name: str) -> str:
    """Return the documented header of a kind."""
    return GOOD[name].partition("\n")[0]


def put(store: Store, name: str, text: str, now: datetime = NOW) -> int:
    """Import a CSV file of that text; return how many decisions were new."""
    path = store.path.with_name("decisions.csv")
    path.write_text(text, encoding="utf-8")
    return import_decisions(store, KINDS[name], path, now)


def add(store: Store, name: str, *rows: str, now: datetime = NOW) -> int:
    """Import rows under the documented header."""
    return put(store, name, "\n".join((header(name), *rows, "")), now)


def bodies(store: Store, name: str) -> list[dict[str, str]]:
    """Return the stored decisions of a kind."""
    return [json.loads(decision.body) for decision in store.decisions(name)]


def exported(store: Store, name: str) -> str:
    """Return the CSV that an export writes."""
    text = io.StringIO()
    export_decisions(store, KINDS[name], text)
    return text.getvalue()


def test_an_empty_instant_is_the_time_of_import(store: Store) -> None:
    """effective_at is filled in; the rest stays as written."""
    assert add(store, "category_overrides", "bill,00n1,,6200,,rent") == 1
    assert bodies(store, "category_overrides") == [
        {
            "source_entity": "bill",
            "document_id": "00n1",
            "line_id": "",
            "account_number": "6200",
            "effective_at": "2026-05-01T12:00:00.000000Z",
            "note": "rent",
        }
    ]


@ALL
def test_the_same_file_twice_changes_nothing(store: Store, name: str) -> None:
    """Neither dated nor undated rows are added again, nor after an export."""
    assert put(store, name, GOOD[name]) == DECISIONS[name]
    before = bodies(store, name)

    assert put(store, name, GOOD[name], LATER) == 0
    assert put(store, name, exported(store, name), LATER) == 0
    assert bodies(store, name) == before


@ALL
def test_an_export_can_be_imported_again(
    store: Store, tmp_path: Path, name: str
) -> None:
    """A second store filled from the export holds the same decisions."""
    put(store, name, GOOD[name])
    (tmp_path / "other").mkdir()
    other = Store(tmp_path / "other" / "store.sqlite")

    put(other, name, exported(store, name), LATER)

    assert bodies(other, name) == bodies(store, name)
    assert exported(other, name) == exported(store, name)


@ALL
def test_the_order_of_columns_is_free(store: Store, name: str) -> None:
    """A header written backwards means the same."""
    backwards = io.StringIO()
    rows = csv.reader(io.StringIO(GOOD[name]))
    csv.writer(backwards).writerows(row[::-1] for row in rows)

    assert put(store, name, backwards.getvalue()) == DECISIONS[name]
    assert put(store, name, GOOD[name], LATER) == 0


@pytest.mark.parametrize(("name", "rows", "complaint"), REFUSED)
def test_one_bad_row_refuses_the_file(
    store: Store, name: str, rows: str, complaint: str
) -> None:
    """The message names file, line, column and reason; no row is added."""
    good = GOOD[name].splitlines()[-1]

    with pytest.raises(UsageError) as refused:
        add(store, name, rows, good)
    assert complaint in str(refused.value)
    assert str(store.path.with_name("decisions.csv")) in str(refused.value)
    assert bodies(store, name) == []


@ALL
def test_an_unknown_column_is_refused(store: Store, name: str) -> None:
    """A misspelt header would lose what people wrote."""
    with pytest.raises(UsageError, match="line 1, column 'colour'"):
        put(store, name, f"{header(name)},colour\n")


@ALL
def test_a_missing_column_is_refused(store: Store, name: str) -> None:
    """What every row needs must stand in the header."""
    needed = next(column.name for column in KINDS[name].columns if column.is_required)
    names = [word for word in header(name).split(",") if word != needed]

    with pytest.raises(UsageError, match=f"line 1, column '{needed}': is missing"):
        put(store, name, ",".join(names) + "\n")


def test_a_file_that_is_not_utf_8_is_refused_by_line(store: Store) -> None:
    """As Excel saves CSV where nobody asks for UTF-8."""
    path = store.path.with_name("decisions.csv")
    text = f"{header('category_overrides')}\nbill,1,,6200,,\nbill,2,,6200,,caf\u00e9\n"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="line 3, column 6: is not UTF-8"):
        import_decisions(store, KINDS["category_overrides"], path, NOW)


def test_a_file_that_contradicts_itself_is_refused_each_time(store: Store) -> None:
    """Also where one of its rows holds already: else each import would flip it."""
    assert add(store, "category_overrides", "bill,1,,6410,,") == 1
    for _ in range(2):
        with pytest.raises(UsageError, match="line 3, column effective_at"):
            add(store, "category_overrides", "bill,1,,6400,,", "bill,1,,6410,,")
    assert len(bodies(store, "category_overrides")) == 1


def test_old_instants_come_before_newer_ones(store: Store) -> None:
    """Years have four digits, also in an export, which can be imported again."""
    add(store, "category_overrides", "bill,1,,6200,0900-01-01,")
    add(store, "category_overrides", "bill,1,,6210,2026-01-01,")
    text = exported(store, "category_overrides")
    assert "0900-01-01T00:00:00.000000Z" in text
    assert put(store, "category_overrides", text, LATER) == 0
    newest = in_order(store, KINDS["category_overrides"])[-1]
    assert json.loads(newest.body)["account_number"] == "6210"


def test_an_unknown_kind_is_refused() -> None:
    """The message lists the kinds there are."""
    with pytest.raises(UsageError, match=r"category_overrides.*bank_transactions"):
        kind_named("opinions")


def test_a_choice_taken_back_counts_again(store: Store) -> None:
    """Rent, then utilities, then rent: the third row is news, not a repetition."""
    for hour, account in enumerate(("6200", "6210", "6200")):
        row = f"bill,00n1,,{account},,"
        assert add(store, "category_overrides", row, now=NOW.replace(hour=hour)) == 1

    accounts = [row["account_number"] for row in bodies(store, "category_overrides")]
    assert accounts == ["6200", "6210", "6200"]


def test_a_merge_taken_back_counts_again(store: Store) -> None:
    """A split of the party, even without naming from whom, takes the merge back."""
    merge, split = "merge,vendor,a,vendor,b,,", "split,vendor,b,,,,"
    for hour, row in enumerate((merge, split, merge)):
        assert add(store, "party_overrides", row, now=NOW.replace(hour=hour)) == 1
    assert add(store, "party_overrides", "rename,vendor,a,,,A,", now=LATER) == 1
    assert add(store, "party_overrides", merge, now=LATER.replace(hour=13)) == 0


def test_a_settlement_without_an_account_has_the_usual_one(store: Store) -> None:
    """By what the document is and whether money moved."""
    entities = ("bill", "vendor_credit", "invoice", "credit_memo")
    kinds = ("writeoff", "settled_outside")
    rows = [f"{e},1,2026-03-31,1,{kind},," for kind in kinds for e in entities]
    add(store, "settlement_overrides", *rows)

    accounts = [row["account_number"] for row in bodies(store, "settlement_overrides")]
    assert accounts == ["5900"] * 2 + ["6850"] * 2 + ["1010"] * 2 + ["1080"] * 2


def test_a_receipt_has_one_name(store: Store) -> None:
    """Exclusions call it as the ledger does, whichever word a file uses."""
    add(store, "exclusions", "receivable_payment,0rp1,a test,")

    assert add(store, "exclusions", "receipt,0rp1,a test,", now=LATER) == 0
    assert bodies(store, "exclusions")[0]["source_entity"] == "receipt"


def test_a_lock_must_rise_above_the_stored_ones(store: Store) -> None:
    """Also when another file brings it; the message names its row."""
    add(store, "period_locks", "2026-03-31,2026-04-10,Ada,")

    for date in ("2026-02-28,2026-05-10", "2026-05-31,2026-04-09"):
        with pytest.raises(UsageError, match="line 2, column lock_date"):
            add(store, "period_locks", f"{date},Ada,")
    assert len(bodies(store, "period_locks")) == 1


def test_a_period_opens_again_only_by_a_row_that_says_so(store: Store) -> None:
    """And is then locked anew with the same words, which are news again."""
    march = "2026-03-31,,Ada,"
    reopening = "2026-01-31,,Ada,true"
    for hour, row in enumerate((march, reopening, march)):
        assert add(store, "period_locks", row, now=NOW.replace(hour=hour)) == 1
        assert add(store, "period_locks", row, now=NOW.replace(hour=hour + 12)) == 0

    assert len(bodies(store, "period_locks")) == 3


def test_an_entry_is_replaced_whole(store: Store) -> None:
    """A later version has lines of its own; in another order it is no other version."""
    first = ("e,2026-01-01,1010,,,5,,,", "e,2026-01-01,3000,,,,5,,")
    second = ("e,2026-01-01,1020,,,7,,,", "e,2026-01-01,3000,,,,7,,")
    assert add(store, "manual_entries", *first) == 1
    assert add(store, "manual_entries", *reversed(first), now=LATER) == 0
    assert add(store, "manual_entries", *second, now=LATER) == 1

    versions = [
        [
            row["debit"] or row["credit"]
            for row in rows_of(KINDS["manual_entries"], body)
        ]
        for body in bodies(store, "manual_entries")
    ]
    assert versions == [["5.00", "5.00"], ["7.00", "7.00"]]


def test_part_of_an_entry_is_refused(store: Store) -> None:
    """Also of one that is stored: a version is one file's rows, and must balance."""
    put(store, "manual_entries", GOOD["manual_entries"])

    with pytest.raises(UsageError, match="entry opening does not balance"):
        add(store, "manual_entries", "opening,2025-12-31,1010,,,100.00,,cash,")


def test_equal_lines_of_an_entry_are_both_kept(store: Store) -> None:
    """Two payments of 100.00 in one entry are 200.00."""
    put(store, "manual_entries", GOOD["manual_entries"])

    opening = bodies(store, "manual_entries")[0]
    assert [line["debit"] for line in opening["lines"]] == ["100.00", "100.00", ""]


def test_rows_of_earlier_files_may_come_again_among_new_ones(store: Store) -> None:
    """A bank feed exported anew adds only what it had not."""
    put(store, "bank_transactions", GOOD["bank_transactions"])
    longer = GOOD["bank_transactions"] + "t3,2026-02-03,1010,-4.00,fee\n"

    assert put(store, "bank_transactions", longer, LATER) == 1


def test_a_bank_transaction_keeps_its_instant_through_an_export(store: Store) -> None:
    """What was known when must survive moving house, so the export has the column."""
    put(store, "bank_transactions", GOOD["bank_transactions"])

    assert exported(store, "bank_transactions").splitlines()[1] == (
        't1,2026-02-01,1010,-1200.50,"BILL, INC.",2026-05-01T12:00:00.000000Z'
    )


def test_decisions_can_be_written_while_others_read_them(store: Store) -> None:
    """An open reader of the store holds up no import."""
    put(store, "exclusions", GOOD["exclusions"])
    with sqlite3.connect(store.path) as reader:
        reader.execute("select * from decisions").fetchone()
        assert add(store, "exclusions", "invoice,00e9,a test,", now=LATER) == 1
    reader.close()


def test_what_was_taken_back_holds_no_more(store: Store) -> None:
    """Undo adds a decision; the export says so, and a second undo is refused."""
    add(store, "category_rules", "r1,10,,Quillon,,,,ap,6340,,")
    assert "withdrawn" not in exported(store, "category_rules")

    withdraw(store, KINDS["category_rules"], [["r1"]], LATER)

    assert [body.get("withdrawn") for body in bodies(store, "category_rules")] == [
        None,
        "true",
    ]
    assert exported(store, "category_rules").splitlines()[-1].endswith(",true")
    with pytest.raises(UsageError, match="No decision of kind category_rules holds"):
        withdraw(store, KINDS["category_rules"], [["r1"]], LATER)
    with pytest.raises(UsageError, match="cannot be taken back"):
        withdraw(store, KINDS["bank_account_map"], [["bank_account", "b1"]], LATER)
