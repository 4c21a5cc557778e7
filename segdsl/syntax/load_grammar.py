"""Finding the grammar file and making a parser of it.

The grammar lies in `grammar/` at the top of the project; a built package carries a copy beside its modules. An editable
install has only the first, a wheel or a zip only the second.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark


def grammar_text() -> str:
    """The text of `segdsl.lark`."""
    packaged = files("segdsl") / "grammar" / "segdsl.lark"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "grammar" / "segdsl.lark").read_text(encoding="utf-8")


@cache
def statement_parser(word_operators: tuple[str, ...], strict: bool = False) -> Lark:
    """The parser of one statement. `word_operators` are the operators that are words, longest first.

    `strict` makes Lark refuse any conflict; it needs the package interegular, and is for tests.
    """
    from lark import Lark
    from lark.lexer import TerminalDef

    alternatives = "|".join(operator.replace(" ", r"[ \t\r\n]+") for operator in word_operators)

    def fill_in(terminal: TerminalDef) -> TerminalDef:
        if terminal.name == "WORD_OPERATOR":
            terminal.pattern.value = f"(?:{alternatives})(?![A-Za-z0-9_])"
        return terminal

    return Lark(
        grammar_text(),
        parser="lalr",
        strict=strict,
        maybe_placeholders=True,
        edit_terminals=fill_in,
    )
