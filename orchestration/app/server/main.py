"""What `streamlit run` runs: the frame around every page.

Here belongs: the page's title and width, the password, the menu, the choice of a
connection. Not here: the pages (app/pages), how the server is started (launch.py).
"""

import streamlit as st

from orchestration.app import contents, picked
from orchestration.app.server import gate


def main() -> None:
    """Draw the page that is asked for, to whoever may see it."""
    st.set_page_config(page_title="bill-ledger", page_icon="📒", layout="wide")
    if not gate.is_open():
        return
    page = st.navigation(contents.registered())
    picked.choose()
    page.run()


main()
