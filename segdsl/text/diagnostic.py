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
    edits: tuple[Edit, ...] = field(default=())
    """What `fmt --fix` does about it; empty when a person has to decide."""
    witness: dict[str, Any] | None = field(default=None, eq=False)

    @property
    def level(self) -> Level:
        return CODES[self.code].level

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, for `--format json`."""
        place = self.span and {
            "file": self.span.source.name,
            "line": self.span.line,
            "column": self.span.column,
            "start": self.span.start,
            "end": self.span.end,
        }
        return {
            "code": self.code,
            "level": self.level.value,
            "message": self.message,
            "place": place,
            "caret": self.caret,
            "labels": [
                {"file": label.span.source.name, "line": label.span.line, "column": label.span.column, "text": label.text}
                for label in self.labels
            ],
            "notes": [{"topic": note.topic, "text": note.text} for note in self.notes],
            "edits": [
                {
                    "file": edit.span.source.name,
                    "start": edit.span.start,
                    "end": edit.span.end,
                    "replacement": edit.replacement,
                }
                for edit in self.edits
            ],
            "witness": self.witness,
        }


def errors(diagnostics: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """Those that make a file unusable or a claim false."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.level is Level.ERROR]


def in_file_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repetitions, by file (in the order met) and place."""
    names: dict[str, int] = {}
    for diagnostic in diagnostics:
        if diagnostic.span is not None:
            names.setdefault(diagnostic.span.source.name, len(names))
    unique = list(dict.fromkeys((d.code, d.message, d.span) for d in diagnostics))
    first = {}
    for diagnostic in diagnostics:
        first.setdefault((diagnostic.code, diagnostic.message, diagnostic.span), diagnostic)
    kept = [first[key] for key in unique]
    return tuple(sorted(kept, key=lambda d: (names[d.span.source.name], d.span.start) if d.span else (-1, 0)))
