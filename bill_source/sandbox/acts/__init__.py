"""What a person may do in the sandbox by hand, one function per act.

Here belongs: nothing but this sentence. Not here: the table of names (lifecycle.py).
"""
