"""The nearest name to one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, candidates: Iterable[str], alike: float = 0.6) -> str | None:
    """The candidate that a reader most likely meant, or None. Capitals do not count against a name.

    `alike` is how much of them has to agree, from 0 to 1 (the ratio of `difflib.SequenceMatcher`).
    """
    by_lower: dict[str, str] = {}
    for candidate in candidates:
        by_lower.setdefault(candidate.lower(), candidate)
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=alike)
    return by_lower[found[0]] if found else None
