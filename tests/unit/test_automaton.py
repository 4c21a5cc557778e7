"""The automaton reads the texts that Lark reads with the same tables, and puts its nodes where Lark puts its."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Tree, UnexpectedInput

from segdsl.operators.registry import word_operators
from segdsl.syntax.automaton import TooDeep, automaton
from segdsl.syntax.build import Misspelt
from segdsl.syntax.load_grammar import grammar_text
from segdsl.syntax.load_grammar import statement_parser as parser
from segdsl.syntax.parse import MOST_LEVELS
from segdsl.text.source import Source, Span

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.seg"))
STATEMENTS = (
    'segment a "A": visits == 0 and (source == "x" or not country is unknown) with weight = 10%, name = "n"',
    "dimension visits: integer 0..9 required",
    'dimension last: datetime from "a.b" default 2026-01-01',
    'states visits: none "None" = 0, few = 1..3, many = otherwise',
    "segment b: seen within 30 days ago or spend * 2 - 1 >= -3 and x in (1, 2..<4,) and y not in @set",
    "priority p: a, b otherwise c",
    "assert a implies not b",
    'test "x": { visits: 3, source: unknown, } expect a, b',
)
PIECES = sorted({piece for statement in STATEMENTS for piece in statement.split(" ")} | set('(),.:+-*/<>"#@%{}=\n'))


def lark_reads(text: str) -> bool:
    try:
        parser(word_operators()).parse(text)
    except UnexpectedInput:
        return False
    return True


def automaton_reads(text: str) -> bool:
    source = Source("rules.seg", text)
    try:
        read = automaton(word_operators()).read(text, lambda start, end: Span(source, start, end), MOST_LEVELS)
    except (Misspelt, TooDeep):  # what the grammar lets through
        return True
    return read is not None


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_any_words_are_read_alike(text: str) -> None:
    assert automaton_reads(text) is lark_reads(text)


@given(
    st.sampled_from(STATEMENTS).flatmap(
        lambda text: st.tuples(
            st.just(text), st.integers(0, len(text)), st.integers(0, 8), st.sampled_from(["", *PIECES])
        )
    )
)
def test_statements_with_a_stretch_replaced_are_read_alike(drawn: tuple[str, int, int, str]) -> None:
    text, start, length, piece = drawn
    text = text[:start] + piece + text[start + length :]
    assert automaton_reads(text) is lark_reads(text)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_node_stands_where_lark_has_a_node(statement: str) -> None:
    source = Source("rules.seg", statement)
    read = automaton(word_operators()).read(statement, lambda start, end: Span(source, start, end), MOST_LEVELS)
    grammar = grammar_text().replace("/in(?", "/(?:in|within)(?")
    with_places = Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)
    places: set[tuple[int | None, int | None]] = set()
    for node in with_places.parse(statement).iter_subtrees():
        places.add((node.meta.start_pos, node.meta.end_pos))
        places |= {(one.start_pos, one.end_pos) for one in node.children if not isinstance(one, Tree)}
    found = set(spans(read))
    assert found
    assert found <= places


def spans(node: Any) -> list[tuple[int, int]]:
    """Where a node and everything below it stands."""
    if isinstance(node, tuple):
        return [place for part in node for place in spans(part)]
    if not attrs.has(type(node)) or isinstance(node, Span):
        return []
    below = [place for field in attrs.fields(type(node)) for place in spans(getattr(node, field.name))]
    return [(node.span.start, node.span.end), *below] if hasattr(node, "span") else below


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_whole_file_is_no_statement(example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    assert automaton_reads(text) is lark_reads(text)
