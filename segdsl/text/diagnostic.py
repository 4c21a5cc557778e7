"""A diagnostic: what is wrong, where, why, and what to do next, as a value.

Made anywhere, drawn only by `segdsl.text.render`. Codes are described in `segdsl.text.codes`.
"""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from segdsl.text.codes import CODES, Level
from segdsl.text.source import Span


@frozen
class Label:
    """A second place that has to do with it, and what it has to do with it."""

    span: Span
    text: str


@frozen
class Edit:
    """Replace the text of a span."""

    span: Span
    replacement: str


@frozen
class Note:
    """A line below the picture: `why`, `visitor`, `missing`, `both hold where`, `try`, …"""

    topic: str
    text: str


@frozen
class Diagnostic:
    """One thing that is wrong. `span` is None when no place in a text is to blame (a missing file)."""

    code: str
    message: str
    span: Span | None = None
    caret: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[Note, ...] = ()
    edits: tuple[Edit, ...] = ()
    """What `fmt --fix` does about it; empty when a person has to decide."""
    witness: dict[str, Any] | None = field(default=None, eq=False)

    @property
    def level(self) -> Level:
        return CODES[self.code].level

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, for `--format json`."""
        return {
            "code": self.code,
            "level": self.level.value,
            "title": CODES[self.code].title,
            "message": self.message,
            "place": None if self.span is None else _place(self.span),
            "caret": self.caret,
            "labels": [{**_place(label.span), "text": label.text} for label in self.labels],
            "notes": [{"topic": note.topic, "text": note.text} for note in self.notes],
            "edits": [{**_place(edit.span), "replacement": edit.replacement} for edit in self.edits],
            "witness": self.witness,
        }


def _place(span: Span) -> dict[str, Any]:
    end = Span(span.source, span.end, span.end)
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "end_line": end.line,
        "end_column": end.column,
        "start": span.start,
        "end": span.end,
    }


def errors(diagnostics: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """Those that make a file unusable or a claim false."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.level is Level.ERROR]


def in_file_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repetitions, by file (in the order met) and place; first those that have no place."""
    first: dict[tuple[str, str, Span | None, tuple[Note, ...]], Diagnostic] = {}
    files: dict[str, int] = {}
    for diagnostic in diagnostics:
        first.setdefault((diagnostic.code, diagnostic.message, diagnostic.span, diagnostic.notes), diagnostic)
        if diagnostic.span is not None:
            files.setdefault(diagnostic.span.source.name, len(files))

    def place(diagnostic: Diagnostic) -> tuple[int, int]:
        span = diagnostic.span
        return (-1, 0) if span is None else (files[span.source.name], span.start)

    return tuple(sorted(first.values(), key=place))
