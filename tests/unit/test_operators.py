"""Every example of every operator and function is true: through the definition and through the generated predicate."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl.operators.arithmetic import DIVIDE, SUBTRACT
from segdsl.operators.comparison import IS_TRUE, TIMES
from segdsl.operators.operator import Context, Example, Function, Operand, Operator, Requirement
from segdsl.operators.registry import FUNCTIONS, OPERATORS, functions_by_name, operators_by_name, word_operators
from segdsl.operators.temporal import CIVIL_DATE, move, window
from segdsl.operators.temporal import Unit as TimeUnit
from segdsl.program.kernel import leaves
from segdsl.program.reference import holds
from segdsl.values.kinds import Boolean, Date, Datetime, Integer, Kind, Number, SetOf, Text, domain, read
from segdsl.values.members import MemberTest
from segdsl.values.region import Interval, Region
from segdsl.values.unknown import UNKNOWN
from segdsl.values.words import TextPattern

ALL: tuple[Operator | Function, ...] = (*OPERATORS, IS_TRUE, *FUNCTIONS)
CASES = [(one.name, number, example) for one in ALL for number, example in enumerate(one.examples)]
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("example", [case[2] for case in CASES], ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_an_example_is_true(example: Example) -> None:
    rules = segdsl.loads(f"{example.declare}\nsegment example: {example.condition}")
    assert rules.diagnostics == ()
    now = NOW if example.now is None else dt.datetime.fromisoformat(example.now)
    segment = rules.program.segments["example"]
    assert holds(segment.condition, example.record, Context(now, rules.program.zone)) is example.holds
    assert rules.segments["example"](example.record, now) is example.holds


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_everything_is_shown_by_three_examples(one: Operator | Function) -> None:
    assert len(one.examples) >= 3
    assert {example.holds for example in one.examples} == {True, False}
    assert any(len(example.record) < len(example.declare.split("\n")) for example in one.examples), "one with unknown"
    assert one.prose.endswith(".")


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_the_examples_are_about_it(one: Operator | Function) -> None:
    wanted = "member" if one is IS_TRUE else one.name
    assert all(wanted in example.condition for example in one.examples)


def test_names_are_found() -> None:
    assert operators_by_name()["has any of"] in OPERATORS
    assert functions_by_name()["/"] is DIVIDE
    assert len(operators_by_name()) == len(OPERATORS)
    assert len(functions_by_name()) == len(FUNCTIONS)
    assert word_operators().index("has any of") < word_operators().index("has")


# What an operator stands for is what it means

AMOUNTS = st.integers(-4, 4)
WORDS = st.text("ab.*?\\", max_size=3)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9))
KINDS: dict[type[Any], tuple[Kind, st.SearchStrategy[Any]]] = {
    Text: (Text(), WORDS),
    Integer: (Integer(), AMOUNTS),
    Number: (Number(), st.sampled_from((-1.5, 0.0, 0.5, 1.0))),
    Boolean: (Boolean(), st.booleans()),
    Date: (Date(), DAYS),
    Datetime: (Datetime(), DAYS.map(lambda day: dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC))),
    SetOf: (SetOf(Text()), st.frozensets(st.sampled_from("abc"))),
}


def intervals(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Interval, ...]]:
    cuts = st.none() | st.tuples(values, st.booleans())
    pairs = st.tuples(cuts, cuts).filter(lambda pair: None in pair or pair[0] < pair[1])
    return st.lists(pairs.map(lambda pair: Interval(*pair)), max_size=3).map(tuple)


def operands(operator: Operator, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    match operator.operand:
        case Operand.SAME:
            return values
        case Operand.VALUES:
            return intervals(values)
        case Operand.PATTERN:
            return WORDS
        case Operand.MEMBER:
            return st.sampled_from("abc")
        case Operand.MEMBERS:
            return st.frozensets(st.sampled_from("abc"))
        case Operand.WINDOW:
            return st.tuples(values, values)
        case Operand.NOTHING:
            return st.none()


def fulfilled(requirement: Requirement, value: Any) -> bool:
    match requirement:
        case Region():
            # members have no order to cut: of them a region says only that they are known
            return requirement == Region.known() if isinstance(value, frozenset) else value in requirement
        case TextPattern() | MemberTest():
            return requirement.holds(value)


PAIRS = [(one, subject) for one in (*OPERATORS, IS_TRUE) for subject in one.subjects if subject in KINDS]


@pytest.mark.parametrize(("operator", "subject"), PAIRS, ids=[f"{one.name}-{kind.__name__}" for one, kind in PAIRS])
@given(data=st.data())
def test_what_it_stands_for_is_what_it_means(operator: Operator, subject: type[Any], data: st.DataObject) -> None:
    kind, values = KINDS[subject]
    value, operand = data.draw(values), data.draw(operands(operator, values))
    requirements = operator.stands_for(kind, operand)
    assert all(fulfilled(one, value) for one in requirements) is operator.meaning(value, operand)


@pytest.mark.parametrize("operator", [one for one in OPERATORS if one.signs is not None], ids=lambda one: one.name)
@given(AMOUNTS, AMOUNTS)
def test_a_comparison_is_its_signs(operator: Operator, left: int, right: int) -> None:
    assert operator.signs is not None
    assert operator.meaning(left, right) is (((left > right) - (left < right)) in operator.signs)


OPPOSITES = [(one, operators_by_name()[one.negates]) for one in OPERATORS if one.negates is not None]


@pytest.mark.parametrize(("operator", "opposite"), OPPOSITES, ids=lambda one: one.name)
def test_an_opposite_shares_the_meaning_of_what_it_negates(operator: Operator, opposite: Operator) -> None:
    assert operator.meaning is opposite.meaning
    assert operator.stands_for is opposite.stands_for


# What a function gives is of the kind it says

CONTEXT = Context(NOW, dt.UTC)
ARGUMENTS: dict[str, tuple[tuple[Kind, Any], ...]] = {
    "year": ((Date(), "2024-02-29"),),
    "anniversary": ((Date(), "2024-02-29"),),
    "lower": ((Text(), "Ä-Z"),),
    "number": ((Text(), "1e3"),),
    "hour": ((Datetime(), "2026-01-01T23:30Z"),),
    "minute": ((Datetime(), "2026-01-01T23:30Z"),),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_function_gives_what_its_kind_can_hold(name: str) -> None:
    function = functions_by_name()[name]
    values = [read(kind, raw) for kind, raw in ARGUMENTS[name]]
    result = function.result(*(kind for kind, _ in ARGUMENTS[name]))
    value = function.meaning(CONTEXT, *values)
    assert value in domain(result)
    assert read(result, value) == value


@pytest.mark.parametrize("text", ["", " 1", "1,5", "0x10", "١", "1e999", "nan", "--1", "1" * 31])
def test_a_text_that_spells_no_number(text: str) -> None:
    assert functions_by_name()["number"].meaning(CONTEXT, text) is UNKNOWN


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_bucket_is_a_fraction(value: str, salt: str) -> None:
    fraction = functions_by_name()["bucket"].meaning(CONTEXT, value, salt)
    assert fraction is UNKNOWN or 0 <= fraction < 1
    assert fraction == functions_by_name()["bucket"].meaning(CONTEXT, value, salt)


def test_half_a_surrogate_pair_is_the_replacement_character() -> None:
    bucket = functions_by_name()["bucket"].meaning
    assert bucket(CONTEXT, "a\ud800", "salt") == bucket(CONTEXT, "a\ufffd", "salt") != bucket(CONTEXT, "a", "salt")


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_arithmetic_gives_a_finite_number_or_unknown(left: float, right: float) -> None:
    for name in "+-*/":
        value = functions_by_name()[name].meaning(CONTEXT, left, right)
        assert value is UNKNOWN or abs(value) < float("inf")


def test_differences_of_times_are_seconds() -> None:
    assert SUBTRACT.meaning(CONTEXT, dt.date(2026, 1, 2), dt.date(2026, 1, 1)) == 86400
    assert SUBTRACT.meaning(CONTEXT, NOW, NOW - dt.timedelta(minutes=1)) == 60


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (1, TimeUnit.MONTH, dt.date(2026, 2, 28)),
        (-1, TimeUnit.MONTH, dt.date(2025, 12, 31)),
        (1, TimeUnit.YEAR, dt.date(2027, 1, 31)),
        (2, TimeUnit.WEEK, dt.date(2026, 2, 14)),
        (-31, TimeUnit.DAY, dt.date(2025, 12, 31)),
        (9999, TimeUnit.YEAR, UNKNOWN),
    ],
)
def test_a_date_moves_on_the_calendar(amount: int, unit: TimeUnit, expected: Any) -> None:
    assert move(amount, unit).meaning(CONTEXT, dt.date(2026, 1, 31)) == expected


def test_a_window_of_dates_is_of_whole_days() -> None:
    assert window(7, TimeUnit.DAY, False, True).meaning(CONTEXT, NOW) == (dt.date(2026, 4, 24), dt.date(2026, 5, 1))
    assert window(9999, TimeUnit.YEAR, False, True).meaning(CONTEXT, NOW) is UNKNOWN


@pytest.mark.parametrize("name", [one.name for one in FUNCTIONS if TIMES in one.parameters])
def test_a_part_of_the_first_moment_of_all_is_unknown_where_the_calendar_has_not_begun(name: str) -> None:
    west = Context(NOW, dt.timezone(-dt.timedelta(hours=5)))
    assert functions_by_name()[name].meaning(west, dt.datetime.min.replace(tzinfo=dt.UTC)) is UNKNOWN
    assert CIVIL_DATE.meaning(west, dt.datetime.min.replace(tzinfo=dt.UTC)) is UNKNOWN


def test_a_condition_of_whole_operators_is_one_test() -> None:
    rules = segdsl.loads("dimension visits: integer 0..\nsegment a: not visits < 3")
    assert len(list(leaves(rules.program.segments["a"].kernel))) == 1
