"""The one value that stands for "not known"."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Unknown(Enum):
    """Whatever is absent, of another type, or outside the declared domain."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
