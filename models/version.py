"""The version of how categories are decided, stored beside every decision.

Here belongs the number alone: raise it when the same inputs would be decided
differently.
"""

MODEL_VERSION = "8"
