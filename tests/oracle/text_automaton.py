"""Automata that read a text character by character, made for these tests and from nothing of the prover.

In: patterns as texts of the rule language, and texts that others are compared with. Out: every combination of answers
that some text gives, each with a shortest such text, by walking all readers at once from the empty text on. Characters
that no reader tells apart are one: beside those that are mentioned only one from each stretch between them is tried.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from attrs import Factory, define

from segdsl.values.words import Shape

LAST_CHARACTER = 0x10FFFF


class TooManyStates(Exception):
    """The walk would take too long."""


@define
class Reader:
    """An automaton: where it begins, how a character moves it, and what it says of the text read so far.

    `characters` are those that it tells from others; `ordered`: it also tells what lies between them.
    """

    begin: Hashable
    move: Callable[[Any, str], Hashable]
    answer: Callable[[Any], Hashable]
    characters: frozenset[str]
    ordered: bool = False
    _moved: dict[tuple[Hashable, str], Hashable] = Factory(dict)

    def step(self, state: Hashable, character: str) -> Hashable:
        """As `move`, worked out once."""
        key = state, character
        if key not in self._moved:
            self._moved[key] = self.move(state, character)
        return self._moved[key]


def tokens(pattern: str) -> list[tuple[str, str]]:
    """A pattern of `matches`, in parts: ("run", ""), ("one", ""), or ("is", character)."""
    parts = re.findall(r"\\[*?\\]|.", pattern, flags=re.DOTALL)
    wild = {"*": ("run", ""), "?": ("one", "")}
    return [wild.get(part, ("is", part[-1])) for part in parts]


def as_tokens(shape: Shape, text: str) -> list[tuple[str, str]]:
    """A text test in parts."""
    if shape is Shape.GLOB:
        return tokens(text)
    parts = [("is", character) for character in text]
    before = [("run", "")] if shape is not Shape.STARTS else []
    after = [("run", "")] if shape is not Shape.ENDS else []
    return [*before, *parts, *after]


def pattern_reader(shape: Shape, text: str) -> Reader:
    """Says whether a text has a pattern. A state is the set of places in the pattern that have been reached."""
    parts = as_tokens(shape, text)

    def settled(places: Iterable[int]) -> frozenset[int]:
        found: set[int] = set()
        for place in places:
            found.add(place)
            while place < len(parts) and parts[place][0] == "run":
                place += 1
                found.add(place)
        return frozenset(found)

    def move(places: frozenset[int], character: str) -> frozenset[int]:
        reached = set()
        for place in places:
            if place < len(parts):
                what, wanted = parts[place]
                if what == "run":
                    reached.add(place)
                elif what == "one" or wanted == character:
                    reached.add(place + 1)
        return settled(reached)

    characters = frozenset(character for what, character in parts if what == "is")
    return Reader(settled([0]), move, lambda places: len(parts) in places, characters)


def order_reader(bound: str) -> Reader:
    """Says whether a text comes before a bound (-1), is it (0), or comes after (1)."""

    def move(state: tuple[str, int], character: str) -> tuple[str, int]:
        word, shared = state
        if word != "same":
            return state
        if shared == len(bound) or character > bound[shared]:
            return "after", 0
        return ("same", shared + 1) if character == bound[shared] else ("before", 0)

    def answer(state: tuple[str, int]) -> int:
        word, shared = state
        return {"before": -1, "after": 1}.get(word, 0 if shared == len(bound) else -1)

    return Reader(("same", 0), move, answer, frozenset(bound), ordered=True)


def alphabet(readers: Sequence[Reader], folded: bool) -> list[str]:
    """One of all characters that the readers do not tell apart. `folded`: without capitals A-Z."""
    told = sorted({ord(character) for reader in readers for character in reader.characters})
    ends = [-1, *told, LAST_CHARACTER + 1]
    stretches = [range(low + 1, high) for low, high in pairwise(ends)]
    between = [code for code in (_allowed(stretch, folded) for stretch in stretches) if code is not None]
    if not any(reader.ordered for reader in readers):
        between = between[-1:]
    return [chr(code) for code in sorted([*told, *between]) if not (folded and _capital(code))]


def _allowed(codes: range, folded: bool) -> int | None:
    """The first code of a stretch, of those that may stand in a text."""
    return next((code for code in codes if not (folded and _capital(code))), None)


def _capital(code: int) -> bool:
    return ord("A") <= code <= ord("Z")


def answers(
    readers: Sequence[Reader], folded: bool = False, most: int = 20_000
) -> Iterator[tuple[tuple[Hashable, ...], str]]:
    """Every combination of answers that some text gives, with a shortest such text. Raises TooManyStates."""
    characters = alphabet(readers, folded)
    begin = tuple(reader.begin for reader in readers)
    seen = {begin}
    queue = deque([(begin, "")])
    given: set[tuple[Hashable, ...]] = set()
    while queue:
        states, text = queue.popleft()
        answer = tuple(reader.answer(state) for reader, state in zip(readers, states, strict=True))
        if answer not in given:
            given.add(answer)
            yield answer, text
        for character in characters:
            moved = tuple(reader.step(state, character) for reader, state in zip(readers, states, strict=True))
            if moved not in seen:
                if len(seen) >= most:
                    raise TooManyStates
                seen.add(moved)
                queue.append((moved, text + character))


def naively_holds(shape: Shape, pattern: str, text: str) -> bool:
    """A text test by the methods of `str`, and by a regular expression."""
    match shape:
        case Shape.STARTS:
            return text.startswith(pattern)
        case Shape.ENDS:
            return text.endswith(pattern)
        case Shape.CONTAINS:
            return text.find(pattern) >= 0
        case Shape.GLOB:
            wild = {"run": ".*", "one": "."}
            expression = "".join(wild.get(what) or re.escape(character) for what, character in tokens(pattern))
            return re.fullmatch(expression, text, flags=re.DOTALL) is not None
