"""The pipeline, its command line and its app.

What a process here makes at its start lives to its end. With Python's thresholds the
collector goes through it again and again, for an eighth of the CPU of a sync without
news.
"""

import gc

gc.set_threshold(50_000, 20, 100)
