"""Finding the grammar file and making a parser of it.

The grammar lies in `grammar/` at the top of the project; a built package carries a copy beside its modules. An editable
install has only the first, a wheel or a zip only the second.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

    parser = Lark(
        grammar_text(),
        parser="lalr",
        strict=strict,
        propagate_positions=True,
        maybe_placeholders=True,
        edit_terminals=fill_in,
    )
    _pass_on(parser)
    return parser


def _pass_on(parser: Lark) -> None:
    """Lets rules that only pass one part on do nothing else.

    Most steps of reading are such (a name is an atom, a factor, a product, a sum, …), and copying positions from the
    part to itself takes Lark a third of its time.
    """
    from lark.grammar import NonTerminal

    for rule in parser._callbacks:
        passes_on = rule.options.expand1 and rule.alias is None and len(rule.expansion) == 1
        if passes_on and isinstance(rule.expansion[0], NonTerminal) and not rule.expansion[0].name.startswith("_"):
            parser._callbacks[rule] = _only


def _only(children: list[Any]) -> Any:
    return children[0]
