"""Laws of text tests: globs are what regular expressions say, and texts are found exactly when there are some."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from segdsl.prove.search import Budget
from segdsl.prove.text_theory import find_text
from segdsl.values.kinds import (
    fold,
)
from segdsl.values.region import Cut, Interval
from segdsl.values.words import Shape, TextPattern, glob_holds, parse_glob


def cuts_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Cut | None]:
    return st.one_of(st.none(), st.tuples(values, st.booleans()))


def intervals_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Interval]:
    return st.builds(Interval, cuts_of(values), cuts_of(values)).filter(
        lambda one: one.low is None or one.high is None or one.low < one.high
    )


letters = st.sampled_from("ab")
words = st.text(letters, max_size=6)
patterns = st.builds(TextPattern, st.sampled_from(Shape), st.text(letters, max_size=3)) | st.builds(
    TextPattern, st.just(Shape.GLOB), st.text(st.sampled_from("ab*?"), max_size=5)
)


def as_regex(glob: str) -> str:
    """A glob as a regular expression, another way to say the same."""
    pieces = re.findall(r"\\.|.|\\$", glob, re.DOTALL)
    spelled = {"*": ".*", "?": "."}
    return "".join(spelled.get(piece, re.escape(piece[-1])) for piece in pieces)


@settings(max_examples=5 * settings().max_examples)
@given(st.text(st.sampled_from("ab*?\\\n"), max_size=6), st.text(st.sampled_from("ab*?\\\n"), max_size=6))
@example("a*b", "aab")
@example("\\", "\\")
@example("\\*", "*")
def test_globs_agree_with_regular_expressions(glob: str, text: str) -> None:
    expected = re.fullmatch(as_regex(glob), text, re.DOTALL) is not None
    assert glob_holds(parse_glob(glob), text) is expected


@given(patterns, words)
def test_a_pattern_is_its_glob(pattern: TextPattern, text: str) -> None:
    assert glob_holds(pattern.glob(), text) is pattern.holds(text)


ALL_WORDS = ["".join(word) for length in range(7) for word in product("abc", repeat=length)]


@settings(max_examples=3 * settings().max_examples)
@given(
    st.lists(patterns, max_size=3),
    st.lists(patterns, max_size=3),
    st.lists(intervals_of(st.text(letters, max_size=3)), min_size=1, max_size=2),
    st.booleans(),
)
def test_texts_are_found_exactly_when_there_are_some(
    wanted: list[TextPattern], unwanted: list[TextPattern], intervals: list[Interval], folded: bool
) -> None:
    found = find_text(wanted, unwanted, tuple(intervals), Budget(10**6), folded)
    if found is None:
        assert not any(_fits(word, wanted, unwanted, intervals) for word in ALL_WORDS)
    else:
        assert _fits(found, wanted, unwanted, intervals)
        assert not folded or fold(found) == found


def _fits(text: str, wanted: list[TextPattern], unwanted: list[TextPattern], intervals: list[Interval]) -> bool:
    return (
        any(text in interval for interval in intervals)
        and all(pattern.holds(text) for pattern in wanted)
        and not any(pattern.holds(text) for pattern in unwanted)
    )
