"""The review app: connect, look, correct, in a browser.

Here belongs: pages over published ledgers, and decisions written as the command line
writes them. Not here: what a decision is (decision_kinds.py), how a ledger is made.
"""
