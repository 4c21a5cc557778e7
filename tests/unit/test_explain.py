"""Why a visitor is in a segment: what is said, to the letter, and that the right parts are said to decide."""

from __future__ import annotations

import datetime as dt
import json
from itertools import product
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from segdsl.operators.operator import Context
from segdsl.program import expression as ex
from segdsl.program.reference import holds
from segdsl.program.schema import Dimension, State
from segdsl.ruleset import loads
from segdsl.run.reasons import Reason, Reasons
from segdsl.text.errors import SegdslError
from segdsl.values.kinds import Integer
from segdsl.values.region import Region

if TYPE_CHECKING:
    from segdsl.run.explain import Explanation

NOW = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
SALE = """\
dimension source "Traffic source": text
dimension visits "Previous visits": integer 0..

segment S1 "🎯 New, from the sale ad":  source == "sale_ad" and visits == 0
segment S2 "👋 New, not from the ad":   source != "sale_ad" and visits == 0
segment S3 "🤑 Been here before":       visits >= 1

partition sale "Sale campaign": S1, S2, S3
"""


def explain(rules: str, visitor: Any) -> Explanation:
    return loads(dedent(rules)).explain(visitor, now=NOW)


def text_of(rules: str, visitor: Any, *names: str) -> str:
    return str(explain(rules, visitor).only(*names)) + "\n"


def test_the_sale_in_words() -> None:
    assert str(explain(SALE, {"source": "direct", "visits": 0})) + "\n" == dedent("""\
        sale: S2 👋 New, not from the ad

        S1 🎯 New, from the sale ad: no
          ✘ all of these:
            ✘ source == "sale_ad"  ← source: "direct"
            ✔ visits == 0            visits: 0

        S2 👋 New, not from the ad: yes
          ✔ all of these:
            ✔ source != "sale_ad"  ← source: "direct"
            ✔ visits == 0          ← visits: 0

        S3 🤑 Been here before: no
          ✘ visits >= 1  ← visits: 0
        """)


def test_what_cannot_be_read_is_said_with_its_reason() -> None:
    assert text_of(SALE, {"source": "sale_ad", "visits": "3"}, "S3") == dedent("""\
        sale: nothing, as no segment in it holds

        S3 🤑 Been here before: no
          ✘ visits >= 1  ← visits: unknown (is text, not a whole number; send the figures without quotes)
        """)


def test_a_default_that_stands_in_is_noted() -> None:
    rules = SALE.replace("integer 0..", "integer 0.. default 0")
    assert "← visits: 0 (the default)" in text_of(rules, {}, "S2")


def test_names_are_opened_and_nothing_but_what_decides_is_marked() -> None:
    rules = """\
        dimension a: boolean
        dimension b: boolean
        dimension n: integer
        let many = n > 10   # a let
        segment first: a and b
        segment second: not first and (many
            or n == 3)   or   not (a or b)
        """
    assert text_of(rules, {"a": True, "b": False, "n": 3}, "second") == dedent("""\
        second: yes
          ✔ at least one of these:
            ✔ all of these:
              ✔ not first
                ✘ all of these:
                  ✔ a         a: true
                  ✘ b       ← b: false
              ✔ at least one of these:
                ✘ many
                  ✘ n > 10    n: 3
                ✔ n == 3    ← n: 3
            ✘ not this:
              ✔ at least one of these:
                ✔ a           a: true
                ✘ b           b: false
        """)


def test_a_name_that_stands_there_twice_is_opened_once() -> None:
    rules = "dimension n: integer\nsegment s1: n > 1\n"
    rules += "".join(f"segment s{i}: s{i - 1} and s{i - 1} and s{i - 1}\n" for i in range(2, 9))
    said = text_of(rules, {"n": 5}, "s8")
    assert len(said.splitlines()) < 40
    assert "s7 (as above)" in said


def test_conditions_are_shown_as_written_on_one_line_and_without_comments() -> None:
    rules = """\
        dimension name: text
        segment s: name
          in ("a  b", "#1",   # a comment
              "c")
        """
    assert '✘ name in ("a  b", "#1", "c")' in text_of(rules, {"name": "a b"}, "s")


def test_what_a_rule_makes_of_its_dimensions_is_shown() -> None:
    rules = "dimension ordered: date\nsegment s: today - ordered > 30 days\n"
    assert text_of(rules, {"ordered": "2026-01-01"}, "s") == dedent("""\
        s: no
          ✘ today - ordered > 30 days  ← ordered: 2026-01-01, now: 2026-01-20T00:00:00Z, which makes 19 days
        """)


def test_what_lists_give() -> None:
    rules = """\
        dimension n: integer
        segment big "🐘 Big": n > 10
        segment odd: n in (1, 3, 11)
        segment all_of_them: n is known
        priority first: big, odd otherwise small
        priority second: big
        partition sizes of all_of_them: big, odd
        """

    def given(visitor: Any) -> list[str]:
        return str(explain(rules, visitor)).split("\n\n")[0].splitlines()

    assert given({"n": 11}) == [
        "sizes: big 🐘 Big   (odd would hold too)",
        "first: big 🐘 Big",
        "second: big 🐘 Big",
    ]
    assert given({}) == [
        "sizes: nothing, as all_of_them does not hold",
        "first: small, as no segment in it holds",
        "second: nothing, as no segment in it holds",
    ]


def test_only_some_segments() -> None:
    explanation = explain(SALE, {"visits": 1})
    assert [one.name for one in explanation.only("S3", "S1").segments] == ["S3", "S1"]
    with pytest.raises(SegdslError, match='no segment called "S9"'):
        explanation.only("S9")


def test_plain_data() -> None:
    data = explain(SALE, {"visits": 1}).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["assignments"][0]["segment"] == "S3"
    assert data["segments"][2] == {
        "name": "S3",
        "label": "🤑 Been here before",
        "holds": True,
        "reason": {
            "condition": "visits >= 1",
            "holds": True,
            "deciding": True,
            "values": [{"name": "visits", "value": 1, "known": True, "note": None}],
            "parts": [],
        },
    }


def test_states_and_constants() -> None:
    rules = """\
        dimension visits: integer 0..
        states visits: none = 0, some = 1..
        segment s: visits is none and visits is known and true
        """
    assert text_of(rules, {"visits": 0}, "s") == dedent("""\
        s: yes
          ✔ all of these:
            ✔ visits is none   ← visits: 0
            ✔ visits is known  ← visits: 0
            ✔ true             ←
        """)


@pytest.mark.parametrize("visitor", [None, 7, "x", [], {1: 2}, {"visits": object()}])
def test_anything_can_be_explained(visitor: Any) -> None:
    assert "S3 🤑 Been here before: no" in str(explain(SALE, visitor))


def test_control_characters_in_a_label_do_not_get_out() -> None:
    said = str(explain('dimension n: integer\nsegment s "\\u{1b}[2J": n > 1\n', {}))
    assert "\x1b" not in said


def _deciding(reason: Reason) -> set[str]:
    return {one.text for _, one in reason.rows() if one.deciding and not one.parts}


@pytest.mark.parametrize(
    "condition", ["a and (b or not c)", "not (a and b) or c", "a or b and c", "not (a or (b and not c))"]
)
def test_changing_what_does_not_decide_changes_nothing(condition: str) -> None:
    """Whatever the other dimensions are, the deciding ones alone settle the answer."""
    program = loads(f"dimension a: boolean\ndimension b: boolean\ndimension c: boolean\nsegment s: {condition}").program
    segment = program.segments["s"]
    context = Context(NOW, dt.UTC)
    for values in product([True, False], repeat=3):
        visitor = dict(zip("abc", values, strict=True))
        reason = Reasons(visitor, context, {}).reason(segment.condition, True)
        fixed = {name for name in "abc" if name in _deciding(reason) or f"not {name}" in _deciding(reason)}
        assert fixed
        for others in product([True, False], repeat=3):
            changed = {
                name: visitor[name] if name in fixed else other for name, other in zip("abc", others, strict=True)
            }
            assert holds(segment.condition, changed, context) is reason.holds


def test_conditions_that_stand_in_no_file_are_put_into_words() -> None:
    visits = Dimension("visits", Integer(), ("visits",))
    few = ex.InState(visits, State("few", None, Region.of((1, 2))))
    condition = ex.Or((ex.And((few, ex.Not(ex.Known(ex.Read(visits))))), ex.Named("all", ex.Literal(True))))
    reason = Reasons({"visits": 1}, Context(NOW, dt.UTC), {}).reason(condition, True)
    assert reason.text == "((visits is few) and (not (visits is known))) or (all)"
    assert [one.text for _, one in reason.rows() if not one.parts] == ["visits is few", "not (visits is known)", "true"]
