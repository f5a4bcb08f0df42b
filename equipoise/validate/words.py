"""The nearest known word."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import lru_cache

from equipoise.tables import plain


@lru_cache(maxsize=64)
def _by_plain(known: tuple[str, ...]) -> dict[str, str]:
    return {plain(k): k for k in known}


def closest(word: str, known: Sequence[str]) -> str:
    """The known word that is close to ``word``, or "". Its time grows with the number of known words."""
    by_plain = _by_plain(tuple(known))
    match = difflib.get_close_matches(plain(word[:200]), by_plain, n=1, cutoff=0.7)
    return by_plain[match[0]] if match else ""


def near(word: str, known: Sequence[str]) -> str:
    """'Did you mean "x"?' when a known word is close, else ''."""
    found = closest(word, known)
    return f'Did you mean "{found}"?' if found else ""
