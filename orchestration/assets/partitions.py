"""The one partition axis: a connection.

Here belongs: the partitions definition every asset shares. Not here: which connections
there are (connections.py).
"""

import dagster as dg

CONNECTIONS = dg.DynamicPartitionsDefinition(name="connection")
OWNERS = ["team:data"]
