"""The dlt source: one resource, so one raw table, per BILL list or list inside it.

Here belongs: how typed rows and the sync's state are presented to dlt. Not here:
which rows (sync.py) and where they land (pipeline.py).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.configuration.container import Container
from dlt.common.storages.load_package import LoadPackageStateInjectableContext
from dlt.extract import DltResource

from bill_source.tables import LOAD_ID

STATE_KEY = "lists"


@dlt.source(
    name="raw_bill",
    schema_contract={"tables": "evolve", "columns": "evolve", "data_type": "freeze"},
)
def bill_source(
    tables: Mapping[str, pa.Table], state: Mapping[str, Any]
) -> list[DltResource]:
    """Present one package of a sync to dlt.

    Args:
        tables: Rows to append, by raw table, already typed.
        state: Watermarks and backfill progress by list, stored with the rows.
    """

    def keep_state() -> Iterator[Any]:
        dlt.current.source_state()[STATE_KEY] = dict(state)
        yield from ()

    resources = [
        dlt.resource(_marked(rows), name=table, write_disposition="append")
        for table, rows in tables.items()
    ]
    return [*resources, dlt.resource(keep_state, name="sync_state")]


def _marked(rows: pa.Table) -> Iterator[pa.Table]:
    """Add the load's id to its rows; dlt would write every file twice for that."""
    load_id = Container()[LoadPackageStateInjectableContext].load_id
    yield rows.append_column(LOAD_ID, pa.repeat(pa.scalar(load_id), rows.num_rows))
