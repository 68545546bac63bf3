"""`python -m orchestration.app.server`: Streamlit, with what its pages need loaded.

Here belongs: what is imported before the first visitor comes, so that nobody waits for
it. Not here: how Streamlit is set (launch.py), what it runs (main.py).
"""

import sys
from importlib import import_module

SLOW = ("altair", "duckdb", "pandas", "pyarrow", "streamlit.dataframe_util")


def main() -> None:
    """Load what is slow, then do as `streamlit` does with the same arguments."""
    from streamlit.web import cli

    for module in SLOW:
        import_module(module)
    sys.argv[0] = "streamlit"
    sys.exit(cli.main())


if __name__ == "__main__":
    main()
