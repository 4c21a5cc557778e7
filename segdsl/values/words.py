"""Text tests: does a text start with, end with, contain, or match a pattern?

In: a `TextPattern`. Out: whether a text has it, and the pattern as a sequence of characters and wildcards, which is all
that the prover needs to know. No regular expressions in the language: they differ between engines and can hang.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from attrs import frozen

from segdsl.values import globs


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

_WILDCARDS = {globs.ANY_RUN: Wildcard.ANY_RUN, globs.ANY_ONE: Wildcard.ANY_ONE}
_PLAIN = {wildcard: part for part, wildcard in _WILDCARDS.items()}


@frozen
class TextPattern:
    """One text test."""

    shape: Shape
    text: str

    def holds(self, text: str) -> bool:
        match self.shape:
            case Shape.STARTS:
                return globs.starts_with(text, self.text)
            case Shape.ENDS:
                return globs.ends_with(text, self.text)
            case Shape.CONTAINS:
                return globs.contains(text, self.text)
            case Shape.GLOB:
                return globs.matches(text, self.text)
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
    return tuple(_WILDCARDS.get(part, part) for part in globs.parse(text))


def glob_holds(glob: Glob, text: str) -> bool:
    """Whether the whole text matches, in at most len(glob) * len(text) steps."""
    return globs.holds(tuple(part if isinstance(part, str) else _PLAIN[part] for part in glob), text)
