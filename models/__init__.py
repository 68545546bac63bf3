"""Lines to categories: frames in, frames out, nothing kept but the folder given.

Here belong the public names. They are looked up on first use, because scikit-learn
takes longer to import than most calls take to run. Nothing else belongs here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.artifact import load, save
    from models.categorizer import TransactionCategorizer, new_categorizer
    from models.decide import CategorizeResult, categorize
    from models.errors import CategorizerError
    from models.training import train

__all__ = [
    "CategorizeResult",
    "CategorizerError",
    "TransactionCategorizer",
    "categorize",
    "load",
    "new_categorizer",
    "save",
    "train",
]

_HOMES = {
    "CategorizeResult": "models.decide",
    "CategorizerError": "models.errors",
    "TransactionCategorizer": "models.categorizer",
    "categorize": "models.decide",
    "load": "models.artifact",
    "new_categorizer": "models.categorizer",
    "save": "models.artifact",
    "train": "models.training",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
