"""Which segments hold for a visitor: a set whose names are only made when asked for. Light, as `segdsl.run.index`."""

from __future__ import annotations

from _collections_abc import Set  # where collections.abc has it from: that takes a fifth of an artifact's start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

_NOTHING: frozenset[object] = frozenset()


class Layout:
    """Which bit stands for which segment. Segments without a bit never hold."""

    __slots__ = ("bits", "names", "payloads")

    def __init__(
        self, names: Sequence[str], bits: Sequence[int | None], payloads: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.bits = {name: bit for name, bit in zip(names, bits, strict=True) if bit is not None}
        self.names = {bit: name for name, bit in self.bits.items()}
        self.payloads = payloads


class Matching(Set[str]):
    """The segments that hold for a visitor: a set of their names, in file order. It cannot be changed.

    Truth, `in`, `len` and `first` cost no names; neither do `&`, `|`, `-`, `^` and `<=` with another one of the same
    rules.
    """

    __slots__ = ("_held", "_layout")

    def __init__(self, held: int, layout: Layout) -> None:
        self._held, self._layout = held, layout

    def __contains__(self, name: object) -> bool:
        try:
            bit = self._layout.bits.get(name)  # type: ignore[call-overload]
        except TypeError:
            return name in _NOTHING  # what has no hash: as any set takes it, TypeError, or False of a set
        return bit is not None and bool(self._held >> bit & 1)

    def __iter__(self) -> Iterator[str]:
        names, held = self._layout.names, self._held
        while held:
            lowest = held & -held
            yield names[lowest.bit_length() - 1]
            held ^= lowest

    def __len__(self) -> int:
        return self._held.bit_count()

    def __bool__(self) -> bool:
        return self._held != 0

    @property
    def first(self) -> str | None:
        """The first of them in the file; None when none holds."""
        held = self._held
        return self._layout.names[(held & -held).bit_length() - 1] if held else None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self)

    @property
    def payloads(self) -> Mapping[str, Mapping[str, Any]]:
        """What each of them carries (`with banner = "deal"`), by name."""
        from types import MappingProxyType

        found = ((name, self._layout.payloads[name]) for name in self)
        return MappingProxyType(
            {
                name: payload if isinstance(payload, MappingProxyType) else MappingProxyType(payload)
                for name, payload in found
            }
        )

    # As sets: with another one of the same rules it stays what it is, with others it becomes a plain set.

    __hash__ = Set._hash

    @classmethod
    def _from_iterable(cls, names: Iterable[Any]) -> Set[Any]:
        return frozenset(names)

    def __and__(self, other: Any) -> Any:
        return self._with(self._held & other._held) if self._alike(other) else super().__and__(other)

    def __or__(self, other: Any) -> Any:
        return self._with(self._held | other._held) if self._alike(other) else super().__or__(other)

    def __sub__(self, other: Any) -> Any:
        return self._with(self._held & ~other._held) if self._alike(other) else super().__sub__(other)

    def __xor__(self, other: Any) -> Any:
        return self._with(self._held ^ other._held) if self._alike(other) else super().__xor__(other)

    def __le__(self, other: Any) -> bool:
        return not self._held & ~other._held if self._alike(other) else super().__le__(other)

    def _with(self, held: int) -> Matching:
        return Matching(held, self._layout)

    def __eq__(self, other: Any) -> bool:
        return self._held == other._held if self._alike(other) else super().__eq__(other)

    def _alike(self, other: object) -> bool:
        return isinstance(other, Matching) and other._layout is self._layout

    def __repr__(self) -> str:
        return f"Matching({', '.join(self)})"


def counted(names: Iterable[str], matchings: Iterable[Matching]) -> dict[str, int]:
    """For how many visitors each segment holds."""
    found = dict.fromkeys(names, 0)
    alike: dict[int, int] = {}
    layout = None
    for one in matchings:
        layout = one._layout
        alike[one._held] = alike.get(one._held, 0) + 1
    for held, times in alike.items():
        for name in Matching(held, layout) if layout else ():
            found[name] += times
    return found
