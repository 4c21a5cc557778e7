"""The exception that ends the reading of something that is wrong, with what is to be said about it."""

from __future__ import annotations

from typing import Any

from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.source import Span


class Wrong(Exception):
    """What is written cannot be read; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def wrong(
    code: str,
    node: Any,
    message: str,
    *,
    caret: str = "",
    why: str = "",
    advice: str = "",
    labels: tuple[Label, ...] = (),
    instead: str | None = None,
) -> Wrong:
    """A diagnostic at a node or span, ready to be raised. `instead`: what a reader may put in place of all of it."""
    span = node if isinstance(node, Span) else node.span
    notes = tuple(Note(topic, text) for topic, text in (("why", why), ("try", advice)) if text)
    edits = () if instead is None else (Edit(span, instead),)
    return Wrong(Diagnostic(code, message, span, caret=caret, labels=labels, notes=notes, edits=edits))
