"""The reference says what the code does: tables made from it, rules that load, nothing left out."""

from __future__ import annotations

import re

import pytest

import segdsl
from segdsl.advise.report import word
from segdsl.operators.registry import FUNCTIONS, OPERATORS
from segdsl.program.declare import PLAIN_KINDS
from segdsl.syntax.load_grammar import grammar_text
from segdsl.syntax.slips import RESERVED, STATEMENTS
from segdsl.text.codes import CODES
from segdsl.tools.reference import PAGE, main, reference_text

TEXT = PAGE.read_text(encoding="utf-8")
RULES = re.findall(r"^```seg\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)


def test_the_tables_are_those_of_the_code() -> None:
    assert reference_text() == TEXT, "run: python -m segdsl.tools.reference"


def test_writing_the_page_changes_nothing_when_it_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(type(PAGE), "write_text", lambda _path, text, **_: written.append(text))
    main()
    assert written == [TEXT]


def test_the_rules_on_the_page_are_proved() -> None:
    assert RULES
    for text in RULES:
        report = segdsl.loads(text).check()
        assert report.findings == ()
        assert {word(one.covering) for one in report.partitions.values()} == {"proved"}


@pytest.mark.parametrize("statement", sorted({*STATEMENTS} - {"events"}))
def test_every_statement_is_described(statement: str) -> None:
    assert f"| `{statement} " in TEXT


@pytest.mark.parametrize("kind", PLAIN_KINDS)
def test_every_kind_is_described(kind: str) -> None:
    assert f"| `{kind}`" in TEXT


def test_every_reserved_word_is_listed() -> None:
    spelling = TEXT[TEXT.index("## Spelling") : TEXT.index("## Kinds")]
    listed = re.search(r"Statement words and `([^`]+)`", spelling)
    assert listed is not None
    assert {*listed[1].split(), *STATEMENTS} == RESERVED


@pytest.mark.parametrize("clause", ["required", "default", "ignoring case", "from", "personal"])
def test_every_clause_is_described(clause: str) -> None:
    assert f"| `{clause}" in TEXT
    assert clause.split()[0] in grammar_text()


def test_every_operator_function_and_message_is_listed() -> None:
    assert all(f"### `{operator.name}`" in TEXT for operator in OPERATORS)
    assert all(f"### `{function.usage}`" in TEXT for function in FUNCTIONS)
    assert all(f"| {code} |" in TEXT for code in CODES)
