"""Digests of what a model is made from.

Here belongs telling two sets of inputs apart, the same way on every machine. What is
done when they differ does not.
"""

import hashlib

import pandas as pd

from models.chart import Chart


def of_rows(rows: pd.DataFrame) -> str:
    """Return a digest of rows: their values as text, in order."""
    digest = hashlib.sha256()
    for record in rows.itertuples(index=False, name=None):
        digest.update(repr([str(value) for value in record]).encode())
    return digest.hexdigest()


def of_rows_and_chart(rows: pd.DataFrame, chart: Chart) -> str:
    """Return a digest of rows and of the accounts that may be chosen."""
    digest = hashlib.sha256(of_rows(rows).encode())
    for account in chart.accounts:
        parts = (account.number, account.name, sorted(account.directions))
        digest.update(repr((*parts, account.hints)).encode())
    return digest.hexdigest()
