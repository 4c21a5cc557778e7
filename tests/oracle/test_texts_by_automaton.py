"""The text theory beside an automaton of these tests: whether there is such a text, and what is found is one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from attrs import frozen
from text_automaton import TooManyStates, answers, naively_holds, order_reader, pattern_reader
from volume import Tally, chunks, quota, seeds

from segdsl.prove.search import Budget, OutOfSteps
from segdsl.prove.text_theory import ANYWHERE, find_text
from segdsl.values.region import Cut, Interval
from segdsl.values.words import Shape, TextPattern

SHAPES = (Shape.STARTS, Shape.ENDS, Shape.CONTAINS, Shape.GLOB, Shape.GLOB)


@frozen
class TextQuestion:
    """Is there a text with the wanted patterns and none of the unwanted, in one of the intervals?"""

    wanted: tuple[TextPattern, ...]
    unwanted: tuple[TextPattern, ...]
    intervals: tuple[Interval, ...]
    folded: bool


def question(seed: int, bounded: bool = True) -> TextQuestion:
    """The question of a seed. `bounded`: the text may have to lie between others."""
    random = Random(seed)
    letters = random.choice(("ab", "ab", "abA", "aé🎯", "a-b"))
    patterns = [_pattern(random, letters) for _ in range(random.randint(0, 6))]
    cut = random.randint(0, len(patterns))
    intervals: tuple[Interval, ...] = ANYWHERE
    if bounded and random.random() < 0.4:
        intervals = tuple(_interval(random, letters) for _ in range(random.randint(1, 2)))
    return TextQuestion(tuple(patterns[:cut]), tuple(patterns[cut:]), intervals, random.random() < 0.3)


def _pattern(random: Random, letters: str) -> TextPattern:
    shape = random.choice(SHAPES)
    if shape is not Shape.GLOB:
        return TextPattern(shape, "".join(random.choices(letters, k=random.randint(0, 4))))
    if random.random() < 0.3:
        return TextPattern(shape, random.choice(("?", "??", f"?{letters[0]}", f"{letters[0]}?", "?*", "*??*")))
    parts = [*letters, "*", "*", "?", r"\*", r"\?", r"\\"]
    weights = [3] * len(letters) + [2, 2, 2, 1, 1, 1]
    return TextPattern(shape, "".join(random.choices(parts, weights, k=random.randint(0, 6))))


def _interval(random: Random, letters: str) -> Interval:
    ends: list[Cut] = sorted(
        ("".join(random.choices([*letters, "\0"], k=random.randint(0, 3))), random.random() < 0.5) for _ in range(2)
    )
    match random.randrange(4):
        case 0:
            return Interval(ends[0], None)
        case 1:
            return Interval(("", False), ends[1])
        case 2:
            return Interval((ends[0][0], False), (ends[0][0], True))
        case _:
            return Interval(ends[0], ends[1])


def answer_of_segdsl(asked: TextQuestion) -> tuple[bool | None, str | None]:
    """Whether there is a text, None where the search ran out of steps; and the text."""
    try:
        found = find_text(asked.wanted, asked.unwanted, asked.intervals, Budget(20_000), asked.folded)
    except OutOfSteps:
        return None, None
    return found is not None, found


def answer_of_automaton(asked: TextQuestion) -> bool | None:
    """The same by walking every reader; None where that takes too long."""
    readers = [pattern_reader(pattern.shape, pattern.text) for pattern in (*asked.wanted, *asked.unwanted)]
    try:
        return any(_in_interval(asked, interval, list(readers)) for interval in asked.intervals)
    except TooManyStates:
        return None


def _in_interval(asked: TextQuestion, interval: Interval, readers: list[Any]) -> bool:
    low, high = interval.low or ("", False), interval.high
    readers.append(order_reader(low[0]))
    readers += [order_reader(high[0])] if high else []
    count = len(asked.wanted)
    for answer, _ in answers(readers, asked.folded):
        signs = answer[count + len(asked.unwanted) :]
        above = signs[0] == 1 or (signs[0] == 0 and not low[1])
        below = high is None or signs[1] == -1 or (signs[1] == 0 and high[1])
        if all(answer[:count]) and not any(answer[count : count + len(asked.unwanted)]) and above and below:
            return True
    return False


def misfound(asked: TextQuestion, text: str) -> bool:
    """Whether a text that was found is none, by the methods of `str`."""
    inside = any(
        (low is None or text > low[0] or (text == low[0] and not low[1]))
        and (high is None or text < high[0] or (text == high[0] and high[1]))
        for low, high in ((interval.low, interval.high) for interval in asked.intervals)
    )
    return (
        not inside
        or not all(naively_holds(pattern.shape, pattern.text, text) for pattern in asked.wanted)
        or any(naively_holds(pattern.shape, pattern.text, text) for pattern in asked.unwanted)
        or (asked.folded and any("A" <= character <= "Z" for character in text))
    )


def compare_texts(
    oracle: str, chunk: int, bounded: bool, answer_of: Callable[[TextQuestion], bool | None]
) -> tuple[Tally, list[str]]:
    """Compares the questions of a chunk."""
    tally = Tally(oracle)
    wrong: list[str] = []
    for seed in seeds(chunk):
        if tally.cases >= quota(oracle):
            break
        asked = question(seed, bounded)
        tally.cases += 1
        found, text = answer_of_segdsl(asked)
        expected = answer_of(asked)
        tally.unknown += found is None
        tally.silent += expected is None
        tally.possible += expected is True
        tally.impossible += expected is False
        tally.witnesses += text is not None
        if text is not None and misfound(asked, text):
            wrong.append(f"seed {seed}: {text!r} is not what was asked for in {asked}")
        if found is not None and expected is not None and found is not expected:
            wrong.append(f"seed {seed}: segdsl says {found}, {oracle} says {expected}, of {asked}")
    return tally, wrong


@pytest.mark.oracle
@pytest.mark.parametrize("chunk", chunks())
def test_texts_are_found_exactly_when_an_automaton_finds_one(
    chunk: int, record_property: Callable[[str, object], None]
) -> None:
    tally, wrong = compare_texts("texts of an automaton", chunk, True, answer_of_automaton)
    record_property("oracle", tally.to_dict())
    assert not wrong, "\n".join(wrong)
    assert tally.unknown * 100 <= tally.cases, "the search runs out of steps more often than once in a hundred"


@pytest.mark.oracle
@pytest.mark.parametrize("chunk", chunks())
def test_texts_are_found_exactly_when_z3_finds_one(chunk: int, record_property: Callable[[str, object], None]) -> None:
    oracle_z3: Any = pytest.importorskip("oracle_z3", reason="z3-solver is not installed: it is in the extra oracle")

    def answer_of_z3(asked: TextQuestion) -> bool | None:
        possible: bool | None = oracle_z3.possible_text(asked.wanted, asked.unwanted, asked.folded)
        return possible

    tally, wrong = compare_texts("texts of z3", chunk, False, answer_of_z3)
    record_property("oracle", tally.to_dict())
    assert not wrong, "\n".join(wrong)
