"""Is there a text that passes these tests and fails those?

`find_text` decides it exactly, by walking the product of one small automaton for each test from the empty text on,
shortest texts first; only characters that the tests mention, and one that stands for all others, need to be tried.
Before that it tries the text that almost always answers: prefix, contained parts and suffix with a neutral character
between.

In: patterns wanted and not wanted, and the intervals that the text may lie in. Out: a text, or None when there is none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import lru_cache
from typing import assert_never

from segdsl.prove.search import Budget, OutOfSteps
from segdsl.values.kinds import fold
from segdsl.values.region import Interval
from segdsl.values.words import Glob, Shape, TextPattern, Wildcard

NEUTRAL = "-_.~+ /0123456789abcdefghijklmnopqrstuvwxyz"
ANYWHERE = (Interval(("", False), None),)
STEPS = 20_000
"""Of the walk for one text."""


@lru_cache(maxsize=4096)
def both_possible(first: TextPattern, second: TextPattern) -> bool:
    """Whether some text has both patterns; said too where it would take too long to find out."""
    if Shape.GLOB not in (first.shape, second.shape):  # with room between them two parts never disturb each other
        apart = first.shape is not second.shape or first.shape is Shape.CONTAINS
        return apart or _within(first, second) or _within(second, first)
    try:
        return find_text((first, second), (), ANYWHERE, Budget(STEPS)) is not None
    except OutOfSteps:
        return True


@lru_cache(maxsize=4096)
def never_without(first: TextPattern, second: TextPattern) -> bool:
    """Whether every text that has the first pattern has the second; False also where it takes too long to find out."""
    if Shape.GLOB not in (first.shape, second.shape):
        return not second.text or _within(second, first)
    try:
        return find_text((first,), (second,), ANYWHERE, Budget(STEPS)) is None
    except OutOfSteps:
        return False


def _within(part: TextPattern, whole: TextPattern) -> bool:
    """Whether a text that has `whole` has `part`, as far as the text of `whole` itself shows."""
    match part.shape:
        case Shape.STARTS:
            return whole.shape is Shape.STARTS and whole.text.startswith(part.text)
        case Shape.ENDS:
            return whole.shape is Shape.ENDS and whole.text.endswith(part.text)
        case Shape.CONTAINS:
            return part.text in whole.text
        case Shape.GLOB:
            raise AssertionError("globs are not compared by their text")
        case _:
            assert_never(part.shape)


def find_text(
    wanted: Iterable[TextPattern],
    unwanted: Iterable[TextPattern],
    intervals: tuple[Interval, ...],
    budget: Budget,
    folded: bool = False,
) -> str | None:
    """A text in one of the intervals that has every wanted pattern and no unwanted one; None when there is none.

    `folded`: the text has no ASCII capitals. Raises OutOfSteps.
    """
    wanted, unwanted = tuple(wanted), tuple(unwanted)

    def fits(text: str) -> bool:
        return (
            (not folded or fold(text) == text)
            and any(text in interval for interval in intervals)
            and all(pattern.holds(text) for pattern in wanted)
            and not any(pattern.holds(text) for pattern in unwanted)
        )

    for candidate in _candidates(wanted, unwanted, intervals):
        if fits(candidate):
            return candidate
    for interval in intervals:
        found = _walk(wanted, unwanted, interval, folded, budget)
        if found is not None:
            return found
    return None


def _candidates(
    wanted: tuple[TextPattern, ...], unwanted: tuple[TextPattern, ...], intervals: tuple[Interval, ...]
) -> Iterable[str]:
    """Texts that read well and usually fit."""
    mentioned = {character for pattern in (*wanted, *unwanted) for character in pattern.text}
    neutral = next((character for character in NEUTRAL if character not in mentioned), "\u00b7")
    prefix = max((p.text for p in wanted if p.shape is Shape.STARTS), key=len, default="")
    suffix = max((p.text for p in wanted if p.shape is Shape.ENDS), key=len, default="")
    middle = [_literal(p) for p in wanted if p.shape in (Shape.CONTAINS, Shape.GLOB)]
    parts = [part for part in middle if not any(part != other and part in other for other in middle)]
    parts = [part for part in dict.fromkeys(parts) if part not in prefix and part not in suffix]
    if not wanted:
        yield from ("other", "hello", "x", "")
    yield "".join((prefix, *parts, suffix))
    yield prefix if prefix.endswith(suffix) else prefix + suffix
    yield neutral.join(part for part in (prefix, *parts, suffix) if part)
    yield prefix + neutral + "".join(part + neutral for part in parts) + suffix
    for interval in intervals[:50]:
        if interval.low is not None:
            low = interval.low[0]
            yield low
            yield low + neutral + "".join(part + neutral for part in parts) + suffix


def _literal(pattern: TextPattern) -> str:
    if pattern.shape is not Shape.GLOB:
        return pattern.text
    return "".join("-" if part is Wildcard.ANY_ONE else part for part in pattern.glob() if part is not Wildcard.ANY_RUN)


# The walk. A glob's state is the set of places in it that have been reached, as an int; the state of an interval's ends
# says whether the text so far is still a beginning of the bound, or has left it below or above.

_Bounds = tuple[int, int]
_BELOW, _ABOVE = -1, -2


def _walk(
    wanted: tuple[TextPattern, ...], unwanted: tuple[TextPattern, ...], interval: Interval, folded: bool, budget: Budget
) -> str | None:
    globs = tuple(pattern.glob() for pattern in (*wanted, *unwanted))
    alphabet = _alphabet(globs, interval, folded)
    start = (tuple(_closure(glob, 1) for glob in globs), (0, 0))
    queue = deque([(start, "")])
    seen = {start}
    effort = 1 + len(alphabet) * sum(map(len, globs)) // 400  # a step over long patterns weighs more
    while queue:
        budget.spend(effort)
        (states, bounds), text = queue.popleft()
        accepted = [bool(state >> len(glob) & 1) for glob, state in zip(globs, states, strict=True)]
        fits = all(accepted[: len(wanted)]) and not any(accepted[len(wanted) :])
        if fits and text in interval:
            return text
        for character in alphabet:
            stepped = tuple(_step(glob, state, character) for glob, state in zip(globs, states, strict=True))
            if not all(stepped[: len(wanted)]):
                continue
            new_bounds = _step_bounds(interval, bounds, text, character)
            if new_bounds is None or (stepped, new_bounds) in seen:
                continue
            seen.add((stepped, new_bounds))
            queue.append(((stepped, new_bounds), text + character))
    return None


def _alphabet(globs: tuple[Glob, ...], interval: Interval, folded: bool) -> tuple[str, ...]:
    """Every character that is told from others, and one from each stretch between, below and above them."""
    told = {part for glob in globs for part in glob if isinstance(part, str)}
    told |= {character for cut in (interval.low, interval.high) if cut is not None for character in cut[0]}
    between = {_neighbour(character, step, folded) for character in told for step in (-1, 1)}
    neutral = next(
        character
        for character in map(chr, range(0x20, 0x110000))
        if character not in told and fold(character) == character
    )
    return tuple(
        sorted(character for character in {*told, *between, neutral} if not folded or fold(character) == character)
    )


def _neighbour(character: str, step: int, folded: bool) -> str:
    place = min(max(ord(character) + step, 0), 0x10FFFF)
    if folded and ord("A") <= place <= ord("Z"):
        place = ord("@") if step < 0 else ord("[")
    return chr(place)


def _closure(glob: Glob, state: int) -> int:
    for place, part in enumerate(glob):
        if part is Wildcard.ANY_RUN and state >> place & 1:
            state |= 1 << place + 1
    return state


def _step(glob: Glob, state: int, character: str) -> int:
    reached = 0
    for place, part in enumerate(glob):
        if state >> place & 1:
            if part is Wildcard.ANY_RUN:
                reached |= 1 << place
            elif part is Wildcard.ANY_ONE or part == character:
                reached |= 1 << place + 1
    return _closure(glob, reached)


def _step_bounds(interval: Interval, bounds: _Bounds, text: str, character: str) -> _Bounds | None:
    """Where the longer text stands to the interval's ends; None when no longer text can lie inside."""
    low = _beside(interval.low[0] if interval.low else "", bounds[0], len(text), character)
    high = _beside(interval.high[0], bounds[1], len(text), character) if interval.high else _BELOW
    return None if low == _BELOW or high == _ABOVE else (low, high)


def _beside(bound: str, before: int, length: int, character: str) -> int:
    """The number of characters shared with the bound so far, or _BELOW or _ABOVE once they differ."""
    if before < 0:
        return before
    if length >= len(bound):
        return _ABOVE
    if character == bound[length]:
        return length + 1
    return _BELOW if character < bound[length] else _ABOVE
