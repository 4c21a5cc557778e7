"""`compile` without rules: each dimension's kind from what stands beside it; and with rules that declare them."""

from __future__ import annotations

import datetime as dt

import pytest

import segdsl
from segdsl.operators.registry import word_operators
from segdsl.program.infer import inferred_declarations
from segdsl.syntax.format import format_statement
from segdsl.syntax.parse import parse_condition
from segdsl.text.source import Source

RULES = """\
dimension visits "Previous visits": integer 0.. default 0
dimension source: text ignoring case
states visits: none = 0, some = 1..
set ads = ("sale_ad", "spring_ad")
segment newcomer: visits == 0
segment rule: visits > 100
"""


def declared(condition: str) -> list[str]:
    """The declarations that a condition is given, as a rule file would write them."""
    parsed, _ = parse_condition(Source("rule", condition), word_operators())
    assert parsed is not None
    return [format_statement(one).removeprefix("dimension ") for one in inferred_declarations(parsed)]


@pytest.mark.parametrize(
    ("condition", "declarations"),
    [
        ('source == "sale_ad"', ["source: text"]),
        ('"sale_ad" == source', ["source: text"]),
        ("visits > 3", ["visits: number"]),
        ("visits > -3", ["visits: number"]),
        ("rate <= 10%", ["rate: number"]),
        ("visits > 3 + 4", ["visits: number"]),
        ("member", ["member: boolean"]),
        ("not member", ["member: boolean"]),
        ("member == true", ["member: boolean"]),
        ("signup < 2026-01-01", ["signup: date"]),
        ("signup == today", ["signup: date"]),
        ("signup < today - 3 days", ["signup: date"]),
        ("seen < 2026-01-01T00:00Z", ["seen: datetime"]),
        ("seen < now", ["seen: datetime"]),
        ("seen < 30 days ago", ["seen: datetime"]),
        ("seen within 30 days", ["seen: datetime"]),
        ("stay > 10 minutes", ["stay: duration"]),
        ("stay > now - 2026-01-01T00:00Z", ["stay: duration"]),
        ('app >= version("12.1")', ["app: version"]),
        ('tags has "vip"', ["tags: set of text"]),
        ('tags has any of ("vip", "new")', ["tags: set of text"]),
        ("tags is empty", ["tags: set of text"]),
        ('page starts with "/blog/"', ["page: text"]),
        ('country in ("SE", "NO")', ["country: text"]),
        ("visits in 3..5", ["visits: number"]),
        ("visits in ..5", ["visits: number"]),
        ("visits in (1, 3..5)", ["visits: number"]),
        ("signup in 2026-01-01..", ["signup: date"]),
        ('client in "10.0.0.0/8"', ["client: ip"]),
        ("country is known", ["country: text"]),
        ("country is unknown and country > 3", ["country: number"]),
        ("spend + visits > 3", ["spend: number", "visits: number"]),
        ("-spend > 3", ["spend: number"]),
        ("seen + 3 days < now", ["seen: datetime"]),
        ("today - order > 30 days", ["order: date"]),
        ("signup + 3 days < today", ["signup: date"]),
        ("2026-01-01 <= signup - 1 month", ["signup: date"]),
        ("stay + 10 minutes > 1 hour", ["stay: duration"]),
        ("(a > 3) == b", ["b: text", "a: number"]),
        ("distance(here, 59.9, 10.7) < 25 km", ["here: point"]),
        ("month(signup) == 12", ["signup: date"]),
        ('bucket(visitor_id, "salt") < 10%', ["visitor_id: text"]),
        ('lower(name) == "ann"', ["name: text"]),
        ("number(size) > 3", ["size: text"]),
        ("a == b and b > 3", ["a: number", "b: number"]),
        ("a == b and b == c and c == d and d is known and a == 2026-01-01", [f"{one}: date" for one in "abcd"]),
        ('geo.country == "SE" or url.param["utm"] == "x"', ["geo.country: text", "url.param.utm: text"]),
        ("signup before 2026-01-01", ["signup: date"]),
    ],
)
def test_a_kind_is_that_of_what_stands_beside(condition: str, declarations: list[str]) -> None:
    assert declared(condition) == declarations


@pytest.mark.parametrize(
    ("condition", "visitor", "holds"),
    [
        ('source == "sale_ad" and visits == 0', {"source": "sale_ad", "visits": 0}, True),
        ('source == "sale_ad" and visits == 0', {"source": "sale_ad", "visits": 1}, False),
        ('source == "sale_ad" and visits == 0', {"source": "sale_ad"}, False),
        ("visits > 2.5", {"visits": 3}, True),
        ("member or vip", {"vip": True}, True),
        ("signup >= 2026-01-01", {"signup": "2026-01-01"}, True),
        ('app >= version("12.1")', {"app": "12.1.0"}, True),
        ('tags has "vip"', {"tags": ["vip"]}, True),
        ('client in "10.0.0.0/8"', {"client": "10.1.2.3"}, True),
        ("today - order > 30 days", {"order": "2025-12-01"}, True),
        ("true", {}, True),
    ],
)
def test_a_condition_is_a_function(condition: str, visitor: dict[str, object], holds: bool) -> None:
    predicate = segdsl.compile(condition)
    now = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    assert (predicate(visitor, now) if predicate.reads_clock else predicate(visitor)) is holds


def test_a_function_says_what_it_reads() -> None:
    predicate = segdsl.compile('visits > 3 and geo.country == "SE" and visits < 9')
    assert predicate.dimensions == ("visits", "geo.country")
    assert not predicate.reads_clock
    assert predicate.source.startswith("def rule(visitor):\n")
    assert segdsl.compile("seen within 30 days").reads_clock


@pytest.mark.parametrize("schema", [RULES, segdsl.loads(RULES)], ids=["text", "rules"])
def test_rules_declare_the_dimensions(schema: str | segdsl.Ruleset) -> None:
    hot = segdsl.compile("newcomer and source in @ads and visits is none", schema=schema)
    assert hot({"source": "SALE_AD"})
    assert not hot({"source": "SALE_AD", "visits": 1})
    assert hot.dimensions == ("visits", "source")


def test_a_name_of_the_rules_is_not_taken() -> None:
    predicate = segdsl.compile("rule or visits == 1", schema=RULES)
    assert [predicate({"visits": visits}) for visits in (0, 1, 100, 101)] == [False, True, False, True]
    assert predicate.source.startswith("def rule_(visitor):\n")


@pytest.mark.parametrize(
    ("condition", "schema", "codes"),
    [
        ("visits >", None, ["S201"]),
        ('visits > 3 and visits == "a"', None, ["S302"]),
        ("visit > 3", RULES, ["S101"]),
        ("visits > 3", "dimension visits: integr", ["S312"]),
        ("", None, ["S201"]),
    ],
)
def test_what_is_wrong_is_said(condition: str, schema: str | None, codes: list[str]) -> None:
    with pytest.raises(segdsl.RuleError) as caught:
        segdsl.compile(condition, schema=schema)
    assert [one.code for one in caught.value.diagnostics] == codes


def test_what_is_only_doubtful_is_no_hindrance() -> None:
    predicate = segdsl.compile("a and b or c")  # a warning in a file: who reads it may not know which comes first
    assert [predicate(visitor) for visitor in ({"c": True}, {"a": True}, {"a": True, "b": True})] == [True, False, True]


def test_two_names_that_nothing_explains_are_refused() -> None:
    with pytest.raises(segdsl.RuleError) as raised:
        segdsl.compile("a < b")
    assert [(one.code, one.message) for one in raised.value.diagnostics] == [
        ("S303", 'nothing says what "a" and "b" are')
    ]
    declared = segdsl.compile("a < b", schema="dimension a: number\ndimension b: number")
    assert declared({"a": 1, "b": 2})
