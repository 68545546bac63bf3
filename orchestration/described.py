"""What Dagster shows of an asset beside its description: its columns, its code.

Here belongs: the metadata of definitions that follows from the project's files. Not
here: finding the columns (columns.py), the metadata of a run (assets/).
"""

import warnings
from collections.abc import Mapping, Sequence

import dagster as dg

from orchestration.assets.dbt_nodes import file_of
from orchestration.columns import Column, Columns, known_columns


def described(assets: Sequence[dg.AssetsDefinition]) -> list[dg.AssetsDefinition]:
    """Return assets with their tables' columns, and links to what makes them.

    A link is to the model's file, where there is one, and to the function that runs.
    """
    columns = known_columns()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # of links to code
        told = [
            asset.map_asset_specs(lambda spec: _told(spec, columns)) for asset in assets
        ]
        linked = dg.with_source_code_references(told)
    return [asset for asset in linked if isinstance(asset, dg.AssetsDefinition)]


def _told(spec: dg.AssetSpec, columns: Columns) -> dg.AssetSpec:
    """Return an asset with its columns and the file of its model."""
    metadata: dict[str, object] = {}
    if known := columns.get(".".join(spec.key.path)):
        said = spec.metadata.get("dagster/column_schema")
        metadata["dagster/column_schema"] = _schema(known, said)
        if any(column.origins for column in known.values()):
            metadata["dagster/column_lineage"] = _lineage(known)
    if file := file_of(spec):
        metadata["dagster/code_references"] = dg.CodeReferencesMetadataValue(
            code_references=[dg.LocalFileCodeReference(file_path=str(file))]
        )
    return spec.merge_attributes(metadata=metadata)


def _schema(known: Mapping[str, Column], said: dg.TableSchema | None) -> dg.TableSchema:
    """Return the columns with their types, what is said of them, their origins.

    Dagster's own UI shows no column lineage, so the words say where a column is from.
    """
    words = {column.name: column.description for column in said.columns} if said else {}
    return dg.TableSchema(
        [
            dg.TableColumn(name, column.type, _description(words.get(name), column))
            for name, column in known.items()
        ]
    )


def _description(words: str | None, column: Column) -> str | None:
    origins = [f"`{table}.{name}`" for table, name in column.origins]
    origin = f"From {', '.join(origins)}." if origins else None
    return "\n\n".join(part for part in (words, origin) if part) or None


def _lineage(known: Mapping[str, Column]) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            name: [
                dg.TableColumnDep(dg.AssetKey(table.split(".")), origin)
                for table, origin in column.origins
            ]
            for name, column in known.items()
        }
    )
