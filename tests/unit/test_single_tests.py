"""One test, and a whole kernel, for one visitor without generated code; and the function where none is generated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from segdsl.operators.comparison import IS_TRUE
from segdsl.program import expression as ex
from segdsl.program.lower import lower
from segdsl.program.record import put, raw_at
from segdsl.program.schema import Dimension
from segdsl.ruleset import loads
from segdsl.run.leaves import context_at, kernel_holds
from segdsl.run.predicate import predicate_of
from segdsl.values.kinds import Boolean
from segdsl.values.unknown import UNKNOWN

NOW = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
DECLARED = "dimension n: integer\ndimension t: text\ndimension tags: set of text\ndimension seen: datetime\n"


@pytest.mark.parametrize(
    ("condition", "visitor", "holds"),
    [
        ("n > 3", {"n": 4}, True),
        ("n > 3", {}, False),
        ("not n > 3", {}, True),
        ('t contains "a"', {"t": "cat"}, True),
        ('t not contains "a"', {"t": "cat"}, False),
        ('t not contains "a"', {}, True),
        ('tags has "a"', {"tags": ["a", "b"]}, True),
        ('tags has "a"', {}, False),
        ('tags not has "a"', {}, True),
        ('tags has only ("a")', {"tags": ["a", "b"]}, False),
        ('tags has only ("a")', {"tags": []}, True),
        ("seen within 30 days", {"seen": "2026-01-02T00:00Z"}, True),
        ("seen within 30 days", {"seen": "2026-01-01T00:00Z"}, False),
        ('n > 3 and (t == "a" or seen < now)', {"n": 4, "seen": "2026-01-01T00:00Z"}, True),
        ('n > 3 and (t == "a" or seen < now)', {"n": 4}, False),
        ("true", {}, True),
        ("n > 3 and false", {"n": 4}, False),
    ],
)
def test_a_kernel_for_one_visitor(condition: str, visitor: dict[str, Any], holds: bool) -> None:
    segment = loads(f"{DECLARED}segment s: {condition}").program.segments["s"]
    assert kernel_holds(segment.kernel, visitor, context_at(NOW, dt.UTC)) is holds


def test_a_condition_too_deep_for_python_is_still_a_function() -> None:
    flag = ex.Test(IS_TRUE, ex.Read(Dimension("a", Boolean(), ("a",))), ex.Constant(Boolean(), None))
    other = ex.Test(IS_TRUE, ex.Read(Dimension("b", Boolean(), ("b",))), ex.Constant(Boolean(), None))
    condition: ex.Condition = flag
    names = []
    for place in range(120):
        name = f"c{place}"
        names.append(name)
        third = ex.Test(IS_TRUE, ex.Read(Dimension(name, Boolean(), (name,))), ex.Constant(Boolean(), None))
        condition = ex.Or((third, ex.And((condition, other))))
    predicate = predicate_of("deep", condition, lower(condition, dt.UTC), dt.UTC)
    assert predicate.source == "def deep(visitor, now=None):\n    return exactly(visitor, now)\n"
    assert predicate({"a": True, "b": True}, NOW)
    assert predicate({"c0": True, "b": True})
    assert not predicate({"c0": True})
    assert predicate({"c119": True})
    assert set(predicate.dimensions) == {"a", "b", *names}


def test_two_rules_of_one_name_keep_their_texts_apart() -> None:
    first, second = (loads(f"dimension n: integer\nsegment same: n > {bound}").segments["same"] for bound in (3, 4))
    assert first.source != second.source
    code = [one.predicate.__code__.co_filename for one in (first, second)]  # type: ignore[attr-defined]  # a function
    assert code[0] != code[1]


@pytest.mark.parametrize("name", ["visitor", "exactly", "class", "test_1"])
def test_a_segment_may_have_any_name(name: str) -> None:
    segment = loads(f"dimension n: integer\nsegment {name}: n > 3").segments[name]
    assert segment.source.startswith("def predicate(visitor):\n")
    assert [segment({"n": value}) for value in (3, 4, "x")] == [False, True, False]


class Failing(Mapping[str, Any]):
    """A record that fails when it is asked for anything."""

    def __getitem__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError


def test_a_record_that_fails_holds_nothing() -> None:
    rules = loads(
        "dimension n: integer\ndimension geo.country: text\nsegment s: n is unknown and geo.country is unknown"
    )
    assert raw_at(Failing(), ("n",)) is None
    assert rules.matching(Failing()).names == ("s",)
    assert rules.matching({"geo": Failing()}).names == ("s",)


def test_a_value_in_the_way_stays_where_it_is() -> None:
    record: dict[str, Any] = {"geo": "here"}
    put(record, ("geo", "country"), "SE")
    put(record, ("n",), None)
    put(record, ("stats", "visits"), 3)
    put(record, ("stats", "days"), 4)
    assert record == {"geo": "here", "stats": {"visits": 3, "days": 4}}
    assert raw_at(record, ("stats", "days")) == 4
    assert raw_at(record, ("geo", "country")) is None
    assert UNKNOWN is not None
