"""Syntax trees as a rule file can hold them: every kind of statement and expression, with hostile names and texts.

Comes out: hypothesis strategies. Places are all the same made-up one, since trees are compared without them.
"""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from segdsl.operators.registry import word_operators
from segdsl.syntax import tree
from segdsl.syntax.slips import RESERVED
from segdsl.text.source import Source, Span

Strategy = st.SearchStrategy
T = TypeVar("T")

NOWHERE = Span(Source("made up", ""), 0, 0)

HOSTILE_NAMES = (
    "ismobile",
    "notx",
    "inside",
    "order",
    "orders",
    "android",
    "andy",
    "ago",
    "days",
    "minutes",
    "km",
    "m",
    "truest",
    "falsehood",
    "unknowns",
    "settle",
    "lettuce",
    "user",
    "tested",
    "within",
    "before",
    "after",
    "has",
    "any",
    "all",
    "only",
    "starts",
    "ends",
    "contains",
    "matches",
    "one",
    "case",
    "ignoring",
    "required",
    "default",
    "from",
    "personal",
    "E1",
    "e5",
    "_",
    "__",
    "AND",
    "Not",
    "T00",
    "source",
    "S1",
    "count",
    "text",
    "integer",
    "empty",
    "none",
)
HOSTILE_TEXTS = (
    "",
    '"',
    "\\",
    '\\"',
    "# no comment",
    "a, b",
    "tab\tand\nline\r\n",
    "\u00a0\u200b\ufeff\u202e",
    "“curly”",
    "it's",
    "🎯 Née",
    "\\u{41}",
    "segment x: y",
    "(",
    "\x00\x7f\x85\u2028",
)


def _tuples(items: Strategy[T], least: int = 0, most: int = 4) -> Strategy[tuple[T, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


# `next` is left out: after `within` it is a part of the operator `within next`, as the language has it
words = st.one_of(st.sampled_from(HOSTILE_NAMES), st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,30}", fullmatch=True)).filter(
    lambda word: word not in RESERVED and word != "next"
)
texts = st.one_of(
    st.sampled_from(HOSTILE_TEXTS),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.text("ab c", min_size=20, max_size=60),
)
names = st.one_of(
    words.map(lambda word: tree.Name((word,), span=NOWHERE)),
    st.builds(
        lambda first, others: tree.Name((first, *others), span=NOWHERE),
        words,
        _tuples(st.one_of(words, st.sampled_from(("and", "segment", "next")), texts), most=2),
    ),
)
labels = st.none() | texts

# Literals

_whole_numbers = st.integers(0, 10**12).map(str)
_fractions = st.builds(
    lambda whole, digits, last: f"{whole}.{digits}{last}",
    st.integers(0, 999),
    st.sampled_from(("", "0", "00", "12")),
    st.integers(1, 9),
)
plain_numbers = _whole_numbers | _fractions
numbers = st.builds(
    lambda sign, text: tree.NumberLiteral(sign + text, span=NOWHERE), st.sampled_from(("", "-")), plain_numbers
)
durations = st.builds(
    lambda text, unit: tree.DurationLiteral(text, unit, span=NOWHERE),
    st.just("1") | plain_numbers,
    st.sampled_from(("second", "minute", "hour", "day", "week", "month", "year")),
)
_days = st.dates().map(lambda day: day.isoformat())
_moments = st.builds(
    lambda day, seconds, zone: f"{day}T23:59{seconds}{zone}",
    _days,
    st.sampled_from(("", ":00", ":59.5", ":07.000001")),
    st.sampled_from(("", "Z", "+05:30", "-11:00")),
)
text_literals = texts.map(lambda text: tree.TextLiteral(text, span=NOWHERE))
literals: Strategy[tree.Literal] = st.one_of(
    text_literals,
    numbers,
    durations,
    plain_numbers.map(lambda text: tree.PercentLiteral(text, span=NOWHERE)),
    st.builds(
        lambda text, unit: tree.LengthLiteral(text, unit, span=NOWHERE),
        st.just("1") | plain_numbers,
        st.sampled_from(("km", "m", "mile")),
    ),
    _days.map(lambda text: tree.DateLiteral(text, span=NOWHERE)),
    _moments.map(lambda text: tree.DatetimeLiteral(text, span=NOWHERE)),
    st.booleans().map(lambda value: tree.BooleanLiteral(value, span=NOWHERE)),
)


def ranges(ends: Strategy[tree.Expression]) -> Strategy[tree.Range]:
    """Closed, half-open and open ranges between such ends."""
    return st.one_of(
        st.builds(lambda low: tree.Range(low, None, span=NOWHERE), ends),
        st.builds(
            lambda low, high, below: tree.Range(low, high, below, span=NOWHERE), st.none() | ends, ends, st.booleans()
        ),
    )


def lists(items: Strategy[tree.Expression]) -> Strategy[tree.ListOf]:
    """Lists of such items and of ranges between them."""
    return _tuples(items | ranges(items), least=1).map(lambda members: tree.ListOf(members, span=NOWHERE))


# Conditions


def _negative(operand: tree.Expression) -> tree.Expression:
    """A minus sign before a number belongs to the number."""
    if isinstance(operand, tree.NumberLiteral) and not operand.text.startswith("-"):
        return tree.NumberLiteral("-" + operand.text, span=NOWHERE)
    return tree.Negative(operand, span=NOWHERE)


def _word_test(
    operator: str,
    negated: bool,
    left: tree.Expression,
    right: tree.Expression | tree.Range | tree.ListOf | tree.SetName,
) -> tree.WordTest:
    """After a word operator, brackets around a test make a list of one, so a bare test cannot stand there."""
    if isinstance(right, tree.Not | tree.Comparison | tree.WordTest | tree.IsTest):
        right = tree.ListOf((right,), span=NOWHERE)
    return tree.WordTest(operator, negated, left, right, span=NOWHERE, operator_span=NOWHERE)


def _larger(inner: Strategy[tree.Expression]) -> Strategy[tree.Expression]:
    set_names = words.map(lambda word: tree.SetName(word, span=NOWHERE))
    operands = st.one_of(inner, ranges(inner), lists(inner), set_names)
    return st.one_of(
        _tuples(inner, least=2).map(lambda parts: tree.And(parts, span=NOWHERE)),
        _tuples(inner, least=2).map(lambda parts: tree.Or(parts, span=NOWHERE)),
        inner.map(lambda operand: tree.Not(operand, span=NOWHERE)),
        st.builds(
            lambda operator, left, right: tree.Comparison(operator, left, right, span=NOWHERE, operator_span=NOWHERE),
            st.sampled_from(("==", "!=", "<", "<=", ">", ">=")),
            inner,
            inner,
        ),
        st.builds(_word_test, st.sampled_from(word_operators()), st.booleans(), inner, operands),
        st.builds(
            lambda subject, negated, word: tree.IsTest(subject, negated, word, span=NOWHERE),
            inner,
            st.booleans(),
            names | st.just(tree.Name(("unknown",), span=NOWHERE)),
        ),
        st.builds(
            lambda operator, left, right: tree.Arithmetic(operator, left, right, span=NOWHERE),
            st.sampled_from("+-*/"),
            inner,
            inner,
        ),
        inner.map(_negative),
        st.builds(lambda name, arguments: tree.Call(name, arguments, span=NOWHERE), names, _tuples(inner)),
    )


_atoms: Strategy[tree.Expression] = st.one_of(
    names, literals, durations.map(lambda length: tree.Ago(length, span=NOWHERE))
)
expressions: Strategy[tree.Expression] = st.recursive(_atoms, _larger, max_leaves=10)

# Statements

_fixed_ranges = ranges(literals)
_fixed_lists = lists(literals)
_unknown = st.just(tree.UnknownWord(span=NOWHERE))
_members = _tuples(names, least=1)

_element_types: Strategy[tree.NamedType | tree.OneOf] = st.one_of(
    st.builds(lambda name, limits: tree.NamedType(name, limits, span=NOWHERE), names, st.none() | _fixed_ranges),
    _fixed_lists.map(lambda values: tree.OneOf(values, span=NOWHERE)),
)
_types: Strategy[tree.TypeExpression] = st.one_of(
    _element_types, _element_types.map(lambda member: tree.SetType(member, span=NOWHERE))
)
_clauses: Strategy[tree.Clause] = st.one_of(
    st.just(tree.Required(span=NOWHERE)),
    literals.map(lambda value: tree.Default(value, span=NOWHERE)),
    st.just(tree.IgnoringCase(span=NOWHERE)),
    texts.map(lambda path: tree.FromPath(path, span=NOWHERE)),
    st.just(tree.Personal(span=NOWHERE)),
)
_states = st.builds(
    lambda name, label, values: tree.State(name, label, values, span=NOWHERE),
    names,
    labels,
    st.one_of(
        literals,
        _fixed_ranges,
        _fixed_lists,
        words.map(lambda word: tree.SetName(word, span=NOWHERE)),
        _unknown,
        st.just(tree.OtherwiseWord(span=NOWHERE)),
    ),
)
_pairs = st.builds(lambda key, value: tree.Pair(key, value, span=NOWHERE), names, literals)
_fields = st.builds(
    lambda name, value: tree.RecordField(name, value, span=NOWHERE), names, st.one_of(literals, _fixed_lists, _unknown)
)

statements: Strategy[tree.Statement] = st.one_of(
    texts.map(lambda path: tree.Use(path, span=NOWHERE)),
    texts.map(lambda name: tree.Timezone(name, span=NOWHERE)),
    st.builds(
        lambda name, label, kind, clauses: tree.Dimension(name, label, kind, clauses, span=NOWHERE),
        names,
        labels,
        _types,
        _tuples(_clauses),
    ),
    st.builds(lambda name, states: tree.States(name, states, span=NOWHERE), names, _tuples(_states, least=1)),
    st.builds(lambda name, values: tree.SetDefinition(name, values, span=NOWHERE), names, _fixed_lists),
    st.builds(lambda name, value: tree.Let(name, value, span=NOWHERE), names, expressions),
    st.builds(
        lambda name, label, condition, payload: tree.Segment(name, label, condition, payload, span=NOWHERE),
        names,
        labels,
        expressions,
        _tuples(_pairs),
    ),
    st.builds(
        lambda name, label, of, members: tree.Partition(name, label, of, members, span=NOWHERE),
        names,
        labels,
        st.none() | names,
        _members,
    ),
    st.builds(
        lambda name, label, members, rest: tree.Priority(name, label, members, rest, span=NOWHERE),
        names,
        labels,
        _members,
        st.none() | names,
    ),
    st.builds(
        lambda condition, conclusion: tree.Assertion(condition, conclusion, span=NOWHERE),
        expressions,
        st.none() | expressions,
    ),
    st.builds(
        lambda name, record, expected: tree.Test(name, record, expected, span=NOWHERE),
        texts,
        _tuples(_fields),
        _members,
    ),
)
rule_files: Strategy[tree.RuleFile] = _tuples(statements, least=1, most=3).map(
    lambda several: tree.RuleFile(several, NOWHERE.source)
)
