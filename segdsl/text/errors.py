"""The one hierarchy of exceptions that segdsl raises."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from segdsl.text.diagnostic import Diagnostic


class SegdslError(Exception):
    """Everything that segdsl raises on purpose."""


class RuleError(SegdslError):
    """Rules that cannot be used. Carries every diagnostic, errors and warnings, in file order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        from segdsl.text.render import render_all

        return render_all(self.diagnostics).rstrip()


class DataError(SegdslError):
    """Data that cannot be read: a file, a row of it, or a record that is not a mapping."""


class ArtifactError(SegdslError):
    """An artifact that cannot be used: damaged, of another version, or no artifact at all."""
