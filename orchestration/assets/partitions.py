"""The one partition axis: a connection.

Here belongs: the partitions definition every asset shares. Not here: which connections
there are (connections.py).
"""

import dagster as dg

from orchestration.upkeep import PARTITIONS

CONNECTIONS = dg.DynamicPartitionsDefinition(name=PARTITIONS)
OWNERS = ["team:data"]
