"""Plain data as bytes: the part of CBOR that artifacts need (RFC 8949, definite lengths, maps with texts as keys).

In: None, booleans, integers of any size, floats, texts, bytes, lists and dicts with texts as keys. Out: bytes, and the
other way round. Reading checks everything, makes nothing larger than what it is given, and runs nothing. Light, as
`segdsl.run.index`: libraries for this take longer to import than an artifact to answer.
"""

from __future__ import annotations

from struct import pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEEPEST = 500
"""Lists and maps within each other: rules have at most 200 parts within each other, each of which is two lists."""
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _TAG, _SIMPLE = range(8)
_FALSE, _TRUE, _NULL, _DOUBLE = 20, 21, 22, 27
_LARGE, _LARGE_NEGATIVE = 2, 3
"""Tags of integers that are written as bytes."""


class Unreadable(ValueError):
    """Bytes that are no such data."""


def dumps(value: Any) -> bytes:
    """The bytes of plain data."""
    out = bytearray()
    _write(value, out)
    return bytes(out)


def _write(value: Any, out: bytearray) -> None:
    if value is None or value is True or value is False:
        out.append(_SIMPLE << 5 | (_NULL if value is None else _TRUE if value else _FALSE))
    elif isinstance(value, int):
        _write_integer(value, out)
    elif isinstance(value, float):
        out += bytes([_SIMPLE << 5 | _DOUBLE]) + pack(">d", value)
    elif isinstance(value, str):
        text = value.encode("utf-8", "surrogatepass")
        _head(_TEXT, len(text), out)
        out += text
    elif isinstance(value, bytes):
        _head(_BYTES, len(value), out)
        out += value
    elif isinstance(value, dict):
        _head(_MAP, len(value), out)
        for key, one in value.items():
            _write(key, out)
            _write(one, out)
    else:
        _head(_LIST, len(value), out)
        for one in value:
            _write(one, out)


def _write_integer(value: int, out: bytearray) -> None:
    size = value if value >= 0 else -1 - value
    if size < 1 << 64:
        _head(_UNSIGNED if value >= 0 else _NEGATIVE, size, out)
        return
    _head(_TAG, _LARGE if value >= 0 else _LARGE_NEGATIVE, out)
    _write(size.to_bytes((size.bit_length() + 7) // 8, "big"), out)


def _head(kind: int, count: int, out: bytearray) -> None:
    if count < 24:
        out.append(kind << 5 | count)
        return
    length = next(length for length in range(4) if count < 1 << (8 << length))
    out.append(kind << 5 | 24 + length)
    out += count.to_bytes(1 << length, "big")


def loads(data: bytes) -> Any:
    """The data of some bytes. Raises Unreadable."""
    reader = _Reader(data)
    try:
        value = reader.value(0)
    except RecursionError:  # where little is left of the stack, or maps are within each other
        raise Unreadable("it is nested too deeply") from None
    if reader.place != len(data):
        raise Unreadable("something follows the end")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise Unreadable("it is nested too deeply")
        kind, small = divmod(self._taken(1)[0], 32)
        if kind == _SIMPLE:
            return self._simple(small)
        count = self._count(small)
        if kind == _UNSIGNED:
            return count
        if kind == _NEGATIVE:
            return -1 - count
        if kind == _BYTES:
            return self._taken(count)
        if kind == _TEXT:
            return self._text(count)
        if kind == _TAG:
            return self._large(count)
        if count > len(self.data) - self.place:  # each part takes a byte at least
            raise Unreadable("it is cut off")
        if kind == _LIST:
            parts = []
            for _ in range(count):
                parts.append(self.value(depth + 1))  # noqa: PERF401  # a comprehension takes a level of the stack more
            return parts
        return self._map(count, depth)

    def _taken(self, count: int) -> bytes:
        if count > len(self.data) - self.place:
            raise Unreadable("it is cut off")
        self.place += count
        return self.data[self.place - count : self.place]

    def _count(self, small: int) -> int:
        if small < 24:
            return small
        if small > 27:
            raise Unreadable("a length is not given")
        return int.from_bytes(self._taken(1 << small - 24), "big")

    def _simple(self, small: int) -> Any:
        if small == _DOUBLE:
            return unpack(">d", self._taken(8))[0]
        if small not in (_FALSE, _TRUE, _NULL):
            raise Unreadable("there is something that is not known")
        return None if small == _NULL else small == _TRUE

    def _text(self, count: int) -> str:
        try:
            return self._taken(count).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Unreadable("a text is not UTF-8") from None

    def _large(self, tag: int) -> int:
        kind, small = divmod(self._taken(1)[0], 32)
        if tag not in (_LARGE, _LARGE_NEGATIVE) or kind != _BYTES:
            raise Unreadable("there is something that is not known")
        size = int.from_bytes(self._taken(self._count(small)), "big")
        return size if tag == _LARGE else -1 - size

    def _map(self, count: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(count):
            key = self.value(depth + 1)
            if not isinstance(key, str) or key in found:
                raise Unreadable("a name is broken or stands there twice")
            found[key] = self.value(depth + 1)
        return found
