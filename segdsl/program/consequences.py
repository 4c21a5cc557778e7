"""One cause, one message: what only follows from a mistake that is reported already is left out.

In: the diagnostics of all files, and what is known to be missing because of some of them. Out: those that are causes.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic

_NAMELESS = ("S101", "S102", "S103", "S107", "S303")
"""What is said where a name does not mean what it should."""
_UNDECLARED = ("S101", "S102", "S103", "S107")
"""What is said where a name means nothing at all."""
_UNREADABLE = ("S501", "S502", "S215", "S216")
"""What is said of a file of which nothing is known."""


@frozen
class Missing:
    """Names whose declaration is there but wrong; `files`: a file that is used could not be read at all."""

    names: frozenset[str]
    files: bool

    def explains(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic says no more than that something is missing."""
        if diagnostic.span is None:
            return False
        if self.files and diagnostic.code in _UNDECLARED:
            return True
        return diagnostic.code in _NAMELESS and diagnostic.span.text.removeprefix("@") in self.names


def missing(files: tuple[tree.RuleFile, ...], broken: Iterable[str], found: Iterable[Diagnostic]) -> Missing:
    """What is missing: what statements that cannot be read would have declared, and the `broken` declarations."""
    names = frozenset(name for file in files for name in file.unread) | frozenset(broken)
    return Missing(names, any(one.code in _UNREADABLE for one in found))


def without_consequences(found: Iterable[Diagnostic], what: Missing) -> list[Diagnostic]:
    """The diagnostics that something missing does not explain."""
    return [one for one in found if not what.explains(one)]
