"""What the pages about the books ask of a published ledger, as SQL and frames.

Here belongs: questions and the arithmetic of subtotals, exact to the cent. Not here:
how answers are drawn (pages/), how the file is read (published.py), the tables
themselves (dbt_project).
"""
