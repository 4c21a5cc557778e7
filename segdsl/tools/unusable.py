"""What ends a command early: input that cannot be used, or options that do not go together."""

from __future__ import annotations

from segdsl.files import why_not
from segdsl.text.diagnostic import Diagnostic, Note
from segdsl.text.errors import DataError, SegdslError


class Unusable(DataError):
    """A file or some data that cannot be used, described as findings are."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        from segdsl.text.render import render_all

        return render_all(self.diagnostics)


class Misused(SegdslError):
    """Options that name something that is not there, or that do not go together."""


def unreadable(name: str, error: OSError | ValueError) -> Unusable:
    """A file that the system would not let us read or write."""
    return Unusable(_of_system(f'the file "{name}" cannot be read', error))


def unwritable(name: str, error: OSError | ValueError) -> Unusable:
    """A file that the system would not let us write."""
    return Unusable(_of_system(f'the file "{name}" cannot be written', error))


def _of_system(message: str, error: OSError | ValueError) -> Diagnostic:
    notes = (Note("why", why_not(error)), Note("try", "check the name and the folder"))
    return Diagnostic("S501", message, notes=notes)


def bad_data(message: str, advice: str, *reasons: str) -> Unusable:
    """Data whose form is wrong as a whole."""
    notes = (*(Note("why", reason) for reason in reasons), Note("try", advice))
    return Unusable(Diagnostic("S503", message, notes=notes))
