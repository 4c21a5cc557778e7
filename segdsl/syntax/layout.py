"""Text that knows where it may break.

In: pieces, and the comments that stand in them. Out: lines, broken where they are wider than a page or where a comment
needs it. Knows nothing of what a statement says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from segdsl.syntax.remarks import INDENT, token_ends

if TYPE_CHECKING:
    from collections.abc import Iterable

    from segdsl.syntax.remarks import Remark

WIDTH = 100


@frozen
class Row:
    """Pieces side by side."""

    parts: tuple[Piece, ...]


@frozen
class Group:
    """Items on one line, apart by a space, or one a line. `lead` comes after the opening when all is on one line;
    `comma` follows the last item when it is not. A comment that ends what `holds` its items, a list, stays inside.
    """

    opening: str
    items: tuple[Piece, ...]
    closing: str = ""
    lead: str = ""
    comma: bool = False
    holds: bool = False


Piece = str | Row | Group


def flat(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Row(parts):
            return "".join(flat(part) for part in parts)
        case Group():
            return piece.opening + piece.lead + " ".join(flat(item) for item in piece.items) + piece.closing
        case _:
            assert_never(piece)


def listed(items: Iterable[Piece]) -> tuple[Piece, ...]:
    """A comma after each item but the last."""
    *most, last = items
    return (*(Row((item, ",")) for item in most), last)


class Printer:
    """Writes one statement's piece. `remarks` are its comments: what they stand in is broken."""

    def __init__(self, remarks: tuple[Remark, ...]) -> None:
        self._remarks = remarks
        self._written: list[str] = []
        self._column = 0
        self._tokens = 0

    def printed(self, piece: Piece) -> str:
        self._put(piece, 0, 0)
        return "".join(self._written)

    def _put(self, piece: Piece, indent: int, after: int) -> None:
        """Writes a piece that `after` more characters follow on the line."""
        match piece:
            case str():
                self._write(piece)
            case Row(parts):
                widths = [len(flat(part)) for part in parts]
                rest = sum(widths) + after
                for part, width in zip(parts, widths, strict=True):
                    rest -= width
                    self._put(part, indent, rest)
            case Group(items=items):
                whole = flat(piece)
                fits = self._column + len(whole) + after <= WIDTH
                if not items or (fits and not self._has_remark(piece, whole)):
                    self._write(whole)
                else:
                    self._break(piece, indent)
            case _:
                assert_never(piece)

    def _break(self, group: Group, indent: int) -> None:
        inner = indent + INDENT if group.opening else indent
        self._write(group.opening)
        for number, item in enumerate(group.items):
            if number or group.opening:
                self._new_line(inner)
            self._put(item, inner, int(group.comma))
        if group.comma:
            self._write(",")
        if group.closing:
            self._new_line(indent)
            self._write(group.closing)

    def _has_remark(self, group: Group, whole: str) -> bool:
        if not self._remarks:
            return False
        opened = len(token_ends(group.opening))
        first = self._tokens + (opened if group.holds else max(opened, 1))
        ends = token_ends(whole)
        last = self._tokens + len(ends)
        closed = whole.count(")", ends[-1], -1) if group.holds else -1  # by brackets of the last item itself
        return any(
            first <= remark.after < last or (remark.after == last and remark.closed <= closed)
            for remark in self._remarks
        )

    def _write(self, text: str) -> None:
        self._written.append(text)
        self._column += len(text)
        if self._remarks:
            self._tokens += len(token_ends(text))

    def _new_line(self, indent: int) -> None:
        self._written.append("\n" + " " * indent)
        self._column = indent
