"""What a slip is: something that a reader meant, written in a way that rules are not written.

Knows nothing of any particular slip: `segdsl.syntax.slips` has those of spelling, `segdsl.syntax.wording` those of
wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import frozen


@frozen
class Slip:
    """A slip at `start..end`, and the texts to put in place of parts of it. `certain`: safe to repair unseen."""

    code: str
    message: str
    start: int
    end: int
    repairs: tuple[tuple[int, int, str], ...]
    advice: str
    certain: bool = True


@frozen
class Habit:
    """Where a slip may stand, and what it is if it is one."""

    pattern: re.Pattern[str]
    make: Callable[[re.Match[str]], Slip | None]


def replaced(
    code: str, found: re.Match[str], message: str, replacement: str, advice: str = "", certain: bool = True
) -> Slip:
    """A slip of which all has to be written in another way."""
    repair = (found.start(), found.end(), replacement)
    advice = advice or f"write {replacement}"
    return Slip(code, message, found.start(), found.end(), (repair,), advice, certain)
