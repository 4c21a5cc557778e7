"""Comments inside a statement: found after a number of its tokens, and put back after as many of them.

In: a statement's text in its source, and its new text. Out: the new text with its comments. The canonical form never
reorders, adds or drops a token other than brackets and commas, so a token is known by its number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from segdsl.text.source import Span

INDENT = 4


@frozen
class Remark:
    """A comment inside a statement: after how many of its tokens, how many brackets closed since then, and whether it
    has a line of its own.
    """

    text: str
    after: int
    closed: int
    alone: bool


_TOKEN = re.compile(
    r'(?P<comment>#[^\n]*)|"(?:\\.|[^"\\\n])*"|[0-9]+(?:\.[0-9]+)?|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\["(?:\\.|[^"\\\n])*"\])*|[^\s(),\ufeff]',
    re.ASCII,
)
_BRACKETS = re.compile(r"(?:\(\))?[),]*(?: ?\((?=\n))?")
_BRACKETS_BELOW = re.compile(r"\n *\)[),]*")


def token_ends(text: str) -> list[int]:
    """Where each token ends; brackets and commas are none."""
    return [found.end() for found in _TOKEN.finditer(text) if found["comment"] is None]


def remarks_in(statement: Span) -> tuple[int, tuple[Remark, ...]]:
    """How many tokens the statement has in the source, and the comments among them."""
    text, remarks = statement.text, list[Remark]()
    tokens, last, closed = 0, 0, 0
    for found in _TOKEN.finditer(text):
        between = text[last : found.start()]
        last = found.end()
        if found["comment"] is None:
            tokens, closed = tokens + 1, 0
        else:
            closed += between.count(")")
            alone = not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()
            remarks.append(Remark(found[0].rstrip(), tokens, closed, alone))
    return tokens, tuple(remarks)


def woven(text: str, ends: list[int], remarks: tuple[Remark, ...]) -> tuple[str, list[str]]:
    """The text with its remarks; and those that came to stand behind it, because only brackets followed them."""
    written, done, behind = "", 0, list[str]()
    for remark in remarks:
        point = _point(text, ends[remark.after - 1], remark.closed)
        if point == len(text):
            behind.append(remark.text)
            continue
        below = remark.alone or point == done
        if point > done:
            written += _resumed(text, done, point)
        written += f"\n{' ' * _depth(text, point)}{remark.text}" if below else f"  {remark.text}"
        done = point
    return written + _resumed(text, done, len(text)), behind


def _point(text: str, token_end: int, closed: int) -> int:
    """Where a comment goes in: behind the brackets and commas on the token's line, and as many brackets as it was."""
    found = _BRACKETS.match(text, token_end)
    point = token_end
    while found:
        point = found.end()
        found = _BRACKETS_BELOW.match(text, point) if text.count(")", token_end, point) < closed else None
    return point


def _resumed(text: str, start: int, end: int) -> str:
    """The text from `start` on, where a comment was put in, so that it goes on below the comment."""
    if start == 0 or text[start] == "\n":
        return text[start:end]
    return "\n" + " " * _depth(text, start) + text[start:end].lstrip(" ")


_MARGIN = re.compile(r"\n? *")


def _depth(text: str, point: int) -> int:
    """The indent of a new line at a place: that of its own line or, at a line's end, of the next one if deeper."""
    own = _MARGIN.match(text, text.rfind("\n", 0, point) + 1)
    following = _MARGIN.match(text, point) if text[point] == "\n" else None
    return max(INDENT, len(own[0]) if own else 0, len(following[0]) - 1 if following else 0)
