"""Ids in BILL's form, the same ones for the same seed.

Here belongs: prefixes, counters, letters. Not here: what the ids name.
"""

import hashlib
from collections import Counter
from string import ascii_uppercase

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Ids:
    """Hands out 20-character ids: prefix, ``02``, ten letters, a base-36 counter."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._issued: Counter[str] = Counter()

    def next(self, prefix: str) -> str:
        """Return the next id of a kind; its letters make ids follow no order."""
        self._issued[prefix] += 1
        return self._made(prefix, self._issued[prefix], str(self._issued[prefix]))

    def of(self, prefix: str, source: str) -> str:
        """Return the id of what belongs to a source, whenever it is asked for."""
        digest = hashlib.blake2b(source.encode(), digest_size=3).digest()
        return self._made(prefix, int.from_bytes(digest) % 36**4, source)

    def _made(self, prefix: str, number: int, text: str) -> str:
        """Put an id together: its letters from a text, its end from a number."""
        digest = hashlib.blake2b(
            f"{self._seed}|{prefix}|{text}".encode(), digest_size=10
        ).digest()
        letters = "".join(ascii_uppercase[byte % 26] for byte in digest)
        return f"{prefix}02{letters}3{_base36(number)}"


def _base36(number: int) -> str:
    """Return four lower-case base-36 digits."""
    text = ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text
