"""The tables of `grammar/REFERENCE.md`, made from the registry of operators: `python -m segdsl.tools.reference`.

In: the page, which is written by hand between the tables. Out: the page with its tables as the code has them now. It
knows nothing of what operators mean beyond what their records say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segdsl.operators.comparison import IS_TRUE
from segdsl.operators.registry import FUNCTIONS, OPERATORS
from segdsl.program.declare import PLAIN_KINDS
from segdsl.text.codes import CODES
from segdsl.values.kinds import Distance, SetOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from segdsl.operators.operator import Example, Function, Operator

PAGE = Path(__file__).parents[2] / "grammar" / "REFERENCE.md"
_WORDS: dict[type[Any], str] = {
    **{type(kind): word for word, kind in PLAIN_KINDS.items()},
    SetOf: "set of text",
    Distance: "distance",
}


def reference_text() -> str:
    """The whole page."""
    page = PAGE.read_text(encoding="utf-8")
    tables = {
        "operators": "\n".join(map(_operator, (*OPERATORS, IS_TRUE))),
        "functions": "\n".join(map(_function, FUNCTIONS)),
        "messages": _messages(),
    }
    for name, table in tables.items():
        page = _with_table(page, name, table)
    return page


def _with_table(page: str, name: str, table: str) -> str:
    """The page with what stands between two marks replaced."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = page.partition(start)
    return f"{before}{start}\n{table}\n{end}{rest.partition(end)[2]}"


def _operator(operator: Operator) -> str:
    heading = "a dimension by itself" if operator is IS_TRUE else f"`{operator.name}`"
    return "\n".join(
        (
            f"### {heading}\n",
            f"{operator.prose}\n",
            f"Goes with: {_kinds(operator.subjects)}.\n",
            *_examples(operator.examples),
        )
    )


def _function(function: Function) -> str:
    takes = "; ".join(_kinds(kinds) for kinds in function.parameters)
    facts = f"Takes: {takes}."
    if not function.total:
        facts += " Can be unknown for known values."
    if function.reads_clock:
        facts += " Depends on now."
    return "\n".join((f"### `{function.usage}`\n", f"{function.prose}\n", f"{facts}\n", *_examples(function.examples)))


def _kinds(kinds: Iterable[type[Any]]) -> str:
    return ", ".join(_WORDS[kind] for kind in kinds)


def _examples(examples: tuple[Example, ...]) -> Iterator[str]:
    moving = any(example.now for example in examples)
    yield "| rule | visitor |" + (" now |" if moving else "") + " holds |"
    yield "| --- | --- |" + (" --- |" if moving else "") + " --- |"
    for example in examples:
        visitor = json.dumps(example.record, ensure_ascii=False)
        now = f" {example.now} |" if moving else ""
        yield f"| {_code(example.condition)} | {_code(visitor)} |{now} {'yes' if example.holds else 'no'} |"
    declared = dict.fromkeys(line for example in examples for line in example.declare.split("\n"))
    yield f"\nwhere {', '.join(f'`{line}`' for line in declared)}\n"


def _code(text: str) -> str:
    """Code within a cell of a table, which ends at any other bar."""
    return f"`{text}`".replace("|", "\\|")


def _messages() -> str:
    rows = (f"| {code.code} | {code.level.value} | {_plain(code.title)} |" for code in CODES.values())
    return "\n".join(("| code | level | about |", "| --- | --- | --- |", *rows, ""))


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Writes the page."""
    PAGE.write_text(reference_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
