"""Text tests: does a text start with, end with, contain, or match a pattern?

In: a `TextPattern`. Out: whether a text has it, and the pattern as a sequence of characters and wildcards, which is all
that the prover needs to know. No regular expressions in the language: they differ between engines and can hang.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from attrs import frozen


class Shape(Enum):
    """How a pattern's text has to stand in the tested text."""

    STARTS = "starts with"
    ENDS = "ends with"
    CONTAINS = "contains"
    GLOB = "matches"


class Wildcard(Enum):
    """What a glob can hold beside characters."""

    ANY_RUN = "*"
    ANY_ONE = "?"


Glob = tuple[str | Wildcard, ...]


@frozen
class TextPattern:
    """One text test."""

    shape: Shape
    text: str

    def holds(self, text: str) -> bool:
        match self.shape:
            case Shape.STARTS:
                return text.startswith(self.text)
            case Shape.ENDS:
                return text.endswith(self.text)
            case Shape.CONTAINS:
                return self.text in text
            case Shape.GLOB:
                return glob_holds(parse_glob(self.text), text)
            case _:
                assert_never(self.shape)

    def glob(self) -> Glob:
        """The same test as a glob."""
        characters = tuple(self.text)
        match self.shape:
            case Shape.STARTS:
                return (*characters, Wildcard.ANY_RUN)
            case Shape.ENDS:
                return (Wildcard.ANY_RUN, *characters)
            case Shape.CONTAINS:
                return (Wildcard.ANY_RUN, *characters, Wildcard.ANY_RUN)
            case Shape.GLOB:
                return parse_glob(self.text)
            case _:
                assert_never(self.shape)


def parse_glob(text: str) -> Glob:
    """`*` any run, `?` one character, a backslash before either (or before itself) the character itself."""
    parts: list[str | Wildcard] = []
    escaped = False
    for character in text:
        if not escaped and character == "\\":
            escaped = True
            continue
        if not escaped and character in "*?":
            wildcard = Wildcard(character)
            if not (wildcard is Wildcard.ANY_RUN and parts[-1:] == [Wildcard.ANY_RUN]):
                parts.append(wildcard)
        else:
            parts.append(character)
        escaped = False
    if escaped:
        parts.append("\\")
    return tuple(parts)


def glob_holds(glob: Glob, text: str) -> bool:
    """Whether the whole text matches, in at most len(glob) * len(text) steps.

    Only the last `*` is ever tried again: when the rest fails, giving an earlier one more characters cannot help.
    """
    at, position, star, resume = 0, 0, -1, 0
    while position < len(text):
        if at < len(glob) and glob[at] is Wildcard.ANY_RUN:
            star, resume, at = at, position, at + 1
        elif at < len(glob) and (glob[at] is Wildcard.ANY_ONE or glob[at] == text[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            resume += 1
            at, position = star + 1, resume
        else:
            return False
    return all(part is Wildcard.ANY_RUN for part in glob[at:])
