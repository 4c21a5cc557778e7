"""Is there a text that passes some tests and fails others: found exactly, or not said."""

from __future__ import annotations

import pytest

from segdsl.prove.search import Budget, OutOfSteps
from segdsl.prove.text_theory import ANYWHERE, both_possible, find_text, never_without
from segdsl.values.region import Interval
from segdsl.values.words import Shape, TextPattern

STARTS, ENDS, CONTAINS, GLOB = Shape.STARTS, Shape.ENDS, Shape.CONTAINS, Shape.GLOB


def patterns(*tests: tuple[Shape, str]) -> tuple[TextPattern, ...]:
    return tuple(TextPattern(shape, text) for shape, text in tests)


def found(
    wanted: tuple[TextPattern, ...],
    unwanted: tuple[TextPattern, ...] = (),
    interval: Interval = ANYWHERE[0],
    folded: bool = False,
) -> str | None:
    return find_text(wanted, unwanted, (interval,), Budget(20_000), folded)


@pytest.mark.parametrize(
    ("wanted", "unwanted", "text"),
    [
        ((), (), "other"),
        (((STARTS, "a"), (ENDS, "c"), (CONTAINS, "b")), (), "abc"),
        (((STARTS, "ab"), (ENDS, "bc")), (), "abbc"),
        (((STARTS, "ab"), (ENDS, "bc")), ((CONTAINS, "bb"),), "ab-bc"),
        (((STARTS, "ab"), (ENDS, "bc")), ((GLOB, "????*"),), "abc"),
        (((GLOB, "a?c"),), ((GLOB, "a-c"),), "a c"),
        (((GLOB, "*a*b*"),), ((CONTAINS, "ab"),), "a b"),
        ((), ((CONTAINS, "o"), (CONTAINS, "e"), (CONTAINS, "x")), ""),
        (((GLOB, "?"),), ((CONTAINS, "a"),), "-"),
        (((GLOB, r"\*"),), (), "*"),
    ],
)
def test_a_text_is_found(
    wanted: tuple[tuple[Shape, str], ...], unwanted: tuple[tuple[Shape, str], ...], text: str
) -> None:
    assert found(patterns(*wanted), patterns(*unwanted)) == text


@pytest.mark.parametrize(
    ("wanted", "unwanted"),
    [
        (((STARTS, "a"), (STARTS, "b")), ()),
        (((STARTS, "ab"),), ((CONTAINS, "b"),)),
        (((GLOB, "a?"), (GLOB, "?b")), ((GLOB, "ab"),)),
        (((GLOB, "??"),), ((GLOB, "?*"),)),
    ],
)
def test_there_is_none(wanted: tuple[tuple[Shape, str], ...], unwanted: tuple[tuple[Shape, str], ...]) -> None:
    assert found(patterns(*wanted), patterns(*unwanted)) is None


def test_a_text_lies_in_its_interval() -> None:
    wanted = patterns((ENDS, "x"))
    inside = Interval(("m", True), ("mb", True))
    text = found(wanted, interval=inside)
    assert text is not None
    assert text in inside
    assert text.endswith("x")
    assert found(wanted, interval=Interval(("mb", False), ("mb", True))) is None
    assert found(patterns((STARTS, "a")), interval=Interval(("m", False), None)) is None
    assert found(patterns((STARTS, "z")), interval=Interval(("m", False), ("y", False))) is None


def test_a_folded_text_has_no_capitals() -> None:
    assert found(patterns((GLOB, "?")), patterns((CONTAINS, "a")), folded=True) == "-"
    between = Interval(("@", True), ("a", False))
    assert found(patterns((GLOB, "?")), interval=between) == "A"
    assert found(patterns((GLOB, "?")), interval=between, folded=True) == "["


def test_a_search_that_takes_too_long_raises() -> None:
    with pytest.raises(OutOfSteps):
        find_text(patterns((GLOB, f"*a{'?' * 12}b")), patterns((GLOB, "*b*")), ANYWHERE, Budget(5))


def test_of_two_patterns() -> None:
    assert both_possible(TextPattern(STARTS, "a"), TextPattern(ENDS, "b"))
    assert not both_possible(TextPattern(STARTS, "a"), TextPattern(STARTS, "b"))
    assert never_without(TextPattern(STARTS, "abc"), TextPattern(CONTAINS, "b"))
    assert not never_without(TextPattern(CONTAINS, "b"), TextPattern(STARTS, "abc"))


def test_of_two_patterns_too_large_to_look_at_nothing_is_said() -> None:
    first = TextPattern(GLOB, f"*a{'?' * 20}")
    second = TextPattern(GLOB, f"*b{'?' * 21}b{'?' * 9}c{'?' * 10}")
    third = TextPattern(GLOB, f"*{'?' * 30}")
    assert both_possible(first, second)
    assert not never_without(first, second)
    assert not never_without(third, first)
