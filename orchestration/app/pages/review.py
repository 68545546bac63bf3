"""Review: the lines most worth a person's look, by money at risk.

Here belongs: the queue. Not here: how lines are ranked (dbt_project).
"""

import streamlit as st

from orchestration.app import downloads, formats
from orchestration.app.published import ask

QUEUE = """
select party_name, description, amount, document_date
from review_queue
order by review_rank
limit 50
"""


def show() -> None:
    """Draw the page."""
    st.title("Review")
    queue = ask(QUEUE)
    columns = {
        "party_name": formats.text_column("Party"),
        "description": formats.text_column("Description"),
        "amount": formats.money_column("Amount"),
        "document_date": formats.day_column("Date"),
    }
    st.dataframe(queue, hide_index=True, column_config=columns)
    downloads.offer(queue, "review")
