"""Where Dagster keeps what runs did: its own SQLite files, opened once instead of anew.

Here belongs: keeping connections open, how safely they write, letting a run's file go.
Not here: what is kept, which is Dagster's, and how long (upkeep.py).

A run of ours records over a thousand events, one or two per table and check. Dagster
opens a file and reads its schema for each, which costs more than the work it tells of.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData

KEPT_OPEN = 4
"""The index and some runs: the UI may look at very many."""


class RunHistory(SqliteEventLogStorage):
    """Dagster's event log in SQLite; few files stay open, one thread at a time."""

    def __init__(
        self, base_dir: str, inst_data: ConfigurableClassData | None = None
    ) -> None:
        self._open: OrderedDict[str, sqlalchemy.Engine] = OrderedDict()
        self._tables: set[str] = set()
        self._columns: set[str] = set()
        self._migrations: set[str] = set()
        self._partitions: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "RunHistory":
        """Keep the log where Dagster keeps it by default, below its home."""
        folder = Path(config_value["base_dir"]) / "history" / "runs"
        return cls(str(folder), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def delete_events(self, run_id: str) -> None:
        """Forget a run: its events, its checks' results, its file."""
        super().delete_events(run_id)
        with self.index_connection() as connection:
            results = AssetCheckExecutionsTable
            connection.execute(results.delete().where(results.c.run_id == run_id))
        with self._db_lock:
            self._initialized_dbs.discard(run_id)
            if engine := self._open.pop(run_id, None):
                engine.dispose()
            for end in ("", "-wal", "-shm"):
                Path(self.path_for_shard(run_id) + end).unlink(missing_ok=True)

    def has_table(self, table_name: str) -> bool:
        """Say whether the index has a table; one that was there once stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _has_asset_key_col_on_connection(
        self, conn: sqlalchemy.Connection, column_name: str
    ) -> bool:
        """Say whether the table of assets has a column; asked for each event of one."""
        if column_name not in self._columns and (
            super()._has_asset_key_col_on_connection(conn, column_name)
        ):
            self._columns.add(column_name)
        return column_name in self._columns

    def has_secondary_index(self, name: str) -> bool:
        """Say whether the files were brought up to date in a way; they stay so."""
        if name not in self._migrations and super().has_secondary_index(name):
            self._migrations.add(name)
        return name in self._migrations

    def has_dynamic_partition(
        self, partitions_def_name: str, partition_key: str
    ) -> bool:
        """Say whether a connection is known; asked several times for each table.

        One that was there counts as such in this process until this process takes it
        away: what is asked for by name is looked up among the connections all the same.
        """
        known = (partitions_def_name, partition_key)
        if known not in self._partitions and super().has_dynamic_partition(*known):
            self._partitions.add(known)
        return known in self._partitions

    def delete_dynamic_partition(
        self, partitions_def_name: str, partition_key: str
    ) -> None:
        """Forget a connection."""
        super().delete_dynamic_partition(partitions_def_name, partition_key)
        self._partitions.discard((partitions_def_name, partition_key))

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        """Return a file's engine, whose one connection the lock hands around."""
        if shard not in self._open:
            self._open[shard] = _engine(self.conn_string_for_shard(shard))
        self._open.move_to_end(shard)
        while len(self._open) > KEPT_OPEN:
            _, oldest = self._open.popitem(last=False)
            oldest.dispose()
        return self._open[shard]

    def dispose(self) -> None:
        """Close the files."""
        for engine in self._open.values():
            engine.dispose()
        self._open.clear()
        super().dispose()


def _engine(address: str) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(
        address,
        poolclass=sqlalchemy.StaticPool,
        connect_args={
            "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
            "check_same_thread": False,
        },
    )

    @sqlalchemy.event.listens_for(engine, "connect")
    def write_without_waiting(connection: Any, record: Any) -> None:
        """With SQLite's log, a power cut loses the last events and breaks nothing."""
        del record
        connection.execute("pragma synchronous = normal")

    return engine
