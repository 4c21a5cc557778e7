"""The one value that stands for "not known"."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class Unknown:
    """Whatever is absent, of another type, or outside the declared domain. There is one: copied, it is itself."""

    __slots__ = ()

    def __new__(cls) -> Unknown:
        return UNKNOWN if "UNKNOWN" in globals() else super().__new__(cls)

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
