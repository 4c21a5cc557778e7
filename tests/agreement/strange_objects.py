"""Objects whose methods lie or raise: what a record may hold in the worst of cases."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from typing import Any


class EqualsAll:
    """Equal to everything, and in everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("a")

    def __lt__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__


class Raises:
    """Every method of it raises."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparison")

    def __hash__(self) -> int:
        raise RuntimeError("no hash")

    def __bool__(self) -> bool:
        raise RuntimeError("no truth")

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no order")

    __le__ = __gt__ = __ge__ = __lt__

    def __repr__(self) -> str:
        return "Raises()"


class NotAvailable:
    """Like pandas' NA: comparisons give itself, which has no truth."""

    def __eq__(self, other: object) -> Any:
        return self

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__

    def __hash__(self) -> int:
        return 7

    def __bool__(self) -> bool:
        raise TypeError("the truth of NA is ambiguous")


class StopsTheProgram:
    """A comparison that raises something that is still an Exception, but a strange one."""

    def __eq__(self, other: object) -> bool:
        raise StopIteration

    __hash__ = object.__hash__


class Shouting(str):
    """A text that prints as another one and lies about its length."""

    def __str__(self) -> str:
        return "a"

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("a")

    def startswith(self, *_: Any) -> bool:
        return True

    def endswith(self, *_: Any) -> bool:
        return True

    def __contains__(self, _: object) -> bool:
        return True

    def translate(self, _: Any) -> str:
        return "a"

    def islower(self) -> bool:
        return False


class Odd(int):
    """A whole number that equals and outranks every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self) -> int:
        return 0


class OddFloat(float):
    """The same for fractions."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Color(enum.StrEnum):
    A = "a"
    AB = "ab"


class Named(enum.StrEnum):
    A = "a"
    EMPTY = ""


class Level(enum.IntEnum):
    ZERO = 0
    TWO = 2


class Whole(enum.Enum):
    TWO = 2


class LyingSet(frozenset[str]):
    """A set that has everything and nothing."""

    def __contains__(self, _: object) -> bool:
        return True

    def __len__(self) -> int:
        return 0


class OtherDay(dt.date):
    """A date that equals every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class NoZone(dt.tzinfo):
    """A timezone that does not know its offset."""

    def dst(self, _: dt.datetime | None) -> None:
        return None

    def tzname(self, _: dt.datetime | None) -> None:
        return None

    def utcoffset(self, _: dt.datetime | None) -> None:
        return None


class BadZone(NoZone):
    """A timezone that raises."""

    def utcoffset(self, _: dt.datetime | None) -> None:
        raise ValueError("no offset")


class RaisingMapping(Mapping[str, Any]):
    """A mapping whose get raises."""

    def get(self, *_: Any) -> Any:
        raise KeyError("no get")

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("no item")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("no items")

    def __len__(self) -> int:
        raise RuntimeError("no length")


class Lazy(Mapping[str, Any]):
    """A mapping of the host's own that answers by its own rules: get is not what `[…]` is."""

    def __init__(self, inner: dict[str, Any]) -> None:
        self.inner = inner

    def get(self, key: str, default: Any = None) -> Any:
        return self.inner.get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self.inner[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


class LyingDict(dict[str, Any]):
    """A dict whose get says something else than its items."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default)

    def __missing__(self, key: str) -> Any:
        return "a"
