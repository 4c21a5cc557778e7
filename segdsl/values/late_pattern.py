"""Regular expressions that cost nothing until a text is held against them: `re` takes longer to import than we do."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable


class LatePattern:
    """A regular expression, compiled when `fullmatch` is first called."""

    __slots__ = ("_written", "fullmatch")

    def __init__(self, written: str) -> None:
        self._written = written
        self.fullmatch: Callable[[str], re.Match[str] | None] = self._compile_and_match

    def _compile_and_match(self, text: str) -> re.Match[str] | None:
        import re

        self.fullmatch = re.compile(self._written).fullmatch
        return self.fullmatch(text)
