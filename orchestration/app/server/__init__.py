"""How the review app is served, and to whom.

Here belongs: the command, the script that Streamlit runs, the password. Apart from the
pages, because Streamlit takes a folder `pages` beside its script for pages of its own
making. Not here: what pages show (app/pages).
"""
