"""Incremental builds: rows of changed records are made anew, all others stay.

Here belongs: when that is enough, and the SQL that replaces such rows in a table. Not
here: which records those are (changed_records.py), running the SQL (dbt_models.py),
what a model says of its rows (its ``meta``, dbt_project/README.md).

The ledger is a function of its inputs in which records meet only through the links of
``int_records_linked``: what is linked with no changed record stays as it is. A model
that says of which ``record`` each of its rows is gets only those of changed records
made anew, from inputs cut down to them: schema ``changed``. All other models are built
whole. Lines of one ``entry`` can be of several records, as a bank's sum is of many
payments: where one of them changed, its entry is made anew as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.changed_records import (
    NOW,
    ReachesAllError,
    check_records,
    differing,
    find_records,
    forget_inputs,
    is_small,
    keep_inputs,
    note_inputs,
)
from orchestration.dbt_models import (
    Model,
    Rebuilt,
    compiled_models,
    run,
    statements,
    threads_each,
)
from orchestration.views import escaped
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb

FILE = "changed.duckdb"
"""Beside the warehouse while a run builds."""
RELATION = re.compile(r'"\w+"\."\w+"\."\w+"')
CHANGED = "(select record_key from changed.scope)"
ENTRIES = "(select entry_key from changed.entries)"
ENTRY_IDS = "(select entry_id from changed.entry_ids)"
KEYS = """
create table changed.entries (entry_key varchar);
create table changed.entry_ids (entry_id varchar);
"""


@dataclass(frozen=True)
class Increment:
    """What one run builds of a warehouse; the caller holds the connection's lock."""

    warehouse: Warehouse

    @property
    def file(self) -> Path:
        """Where a run keeps what it found and made."""
        return self.warehouse.folder.warehouse.with_name(FILE)

    @contextmanager
    def _open(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        with self.warehouse.open() as connection:
            connection.execute(f"attach '{escaped(str(self.file))}' as changed")
            connection.execute(f"set threads = {threads_each()}")
            yield connection

    def begin(self, *, stands: bool = True) -> str:
        """Note what the build of all documents reads, and find what changed.

        Until `keep` the next build is a whole one. ``stands``: what is built there was
        built by the same models, and can be compared.

        Returns:
            Why all must be built, '' where the records found are enough.
        """
        self.end()
        with self.warehouse.open() as connection:
            if stands and is_small(connection):
                forget_inputs(connection)
                return "a small ledger is built as fast"
        with self._open() as connection:
            note_inputs(connection)
            try:
                find_records(connection, stands=stands)
            except ReachesAllError as reason:
                return str(reason)
            finally:
                forget_inputs(connection)
            connection.execute(KEYS)
        return ""

    def go_on(self) -> str:
        """See whether the records found are still enough for the ledger.

        Returns:
            Why all must be built, '' where they are.
        """
        with self._open() as connection:
            try:
                check_records(connection)
            except ReachesAllError as reason:
                return str(reason)
        return ""

    def build(self, wanted: Iterable[str], failed: Path) -> list[Rebuilt]:
        """Build these models, given by their unique ids, as `dbt_models.rebuild` does.

        Of tables that say whose their rows are, only those of the records found.
        """
        models = compiled_models()
        partial = partial_models(models)
        todo = [name for name in wanted if models[name].is_table or name in partial]
        names = {models[name].name for name in partial}
        made = {
            models[f"model.bill_ledger.{model}"].name: name
            for name, model in NOW.items()
        }

        def build(model: Model) -> list[str]:
            if model.name in names:
                return _part(model, names)
            if model.name in made:
                known = f"from changed.{made[model.name]}"
                return [f"create or replace table {model.name} as {known}"]
            return statements(model)

        with self._open() as connection:
            return run(connection, models, todo, build, failed)

    def keep(self) -> None:
        """Note that all there is comes from what `begin` noted, if it did."""
        if self.file.exists():
            with self._open() as connection:
                keep_inputs(connection)
        self.end()

    def forget(self) -> None:
        """Let the next build be whole."""
        self.end()
        with self.warehouse.open() as connection:
            forget_inputs(connection)

    def end(self) -> None:
        """Remove what this or an earlier run found and made."""
        for file in (self.file, self.file.with_name(f"{FILE}.wal")):
            file.unlink(missing_ok=True)


def partial_models(models: Mapping[str, Model]) -> set[str]:
    """Return the models that can be made of some records, and views of such."""
    found = {name for name, model in models.items() if model.record or model.entry}
    while True:
        views = {
            name
            for name, model in models.items()
            if not model.is_table and found.intersection(model.reads)
        }
        if views <= found:
            return found
        found |= views


def _part(model: Model, partial: AbstractSet[str]) -> list[str]:
    """Return what makes rows of changed records anew and puts them among the others."""
    query = RELATION.sub(
        lambda name: _part_of(name[0]) if name[0] in partial else name[0], model.query
    )
    part = _part_of(model.name)
    if not model.is_table and not model.record:
        return [f"create or replace view {part} as {query}"]
    kind = f"create or replace table {part} as select * from ({query}) as model"
    which = f"{model.record} in {CHANGED}"
    made = f"{kind} where {which}" if model.record else kind
    if not model.is_table:
        return [made]
    if not model.entry:
        return [made, *_put(model, part, which)]
    if model.record:
        return [made, *_spread(model, part), *_put(model, part, _entries(model))]
    names = _named(model, part) if model.names else []
    return [made, *names, *_put(model, part, _entries(model))]


def _put(model: Model, part: str, which: str) -> list[str]:
    return [
        "begin",
        f"delete from {model.name} where {which}",
        f"insert into {model.name} from {part} where {which}",
        "commit",
    ]


def _spread(model: Model, part: str) -> list[str]:
    """Find the entries that differ, and bring in their lines of other records."""
    before = "temp.before"
    known = f"from {model.name} where {model.record} in {CHANGED}"
    rows = f"({differing(part, before)})"
    others = f"{model.together} and {model.record} not in {CHANGED}"
    return [
        f"create or replace temp table before as {known}",
        f"insert into changed.entries select distinct {model.entry} from {rows}",
        f"insert into {part} from {model.name} where {_entries(model)} and {others}",
    ]


def _named(model: Model, part: str) -> list[str]:
    """Find by which ids journals know these entries, and knew them before."""
    return [
        f"insert into changed.entry_ids select {model.names} from {table}"
        f" where {_entries(model)}"
        for table in (part, model.name)
    ]


def _entries(model: Model) -> str:
    keys = ENTRY_IDS if model.entry == "entry_id" else ENTRIES
    return f"{model.entry} in {keys}"


def _part_of(name: str) -> str:
    """Return the name under which rows of changed records are made."""
    return "changed.main." + name.rsplit(".", maxsplit=1)[-1]
