"""Answers from an artifact: rules that were compiled to data (`segdsl build --target python`).

In: bytes. Out: an `Artifact`, which answers as the rules do. What is read is checked and never run. Light: neither Lark
nor attrs is needed, nor the text of the rules. `grammar/ARTIFACT.md` says what is in an artifact.
"""

from __future__ import annotations

import datetime as dt
from binascii import crc32
from itertools import pairwise

from segdsl.operators.meanings import meaning_of, meaning_of_operator
from segdsl.run import computed
from segdsl.run.cbor import Unreadable, loads
from segdsl.run.index import Axis, Index, Reading, Test
from segdsl.run.matching import Layout, Matching, counted
from segdsl.text.errors import ArtifactError, SegdslError
from segdsl.values import globs, reading
from segdsl.values.unknown import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    T = TypeVar("T")
    Read = Callable[[Any], Any]

VERSION = (1, 0)
"""Another first number is another form, which is refused; a larger second one has more in it, which is left aside."""
MAGIC = b"segdsl artifact %d.%d\n"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LONGEST_HEADER = 40


class Instant:
    """What answers may know beside the visitor."""

    __slots__ = ("now", "zone")

    def __init__(self, now: dt.datetime, zone: dt.tzinfo) -> None:
        self.now, self.zone = now, zone


class PackedChoice:
    """A partition or priority list of an artifact."""

    __slots__ = ("_artifact", "_bits", "label", "members", "name", "otherwise")

    def __init__(
        self, artifact: Artifact, name: str, label: str | None, members: tuple[str, ...], otherwise: str | None
    ) -> None:
        self._artifact, self.name, self.label, self.members, self.otherwise = artifact, name, label, members, otherwise
        self._bits = [(artifact.layout.bits[one], one) for one in members if one in artifact.layout.bits]

    def assign(self, visitor: Any, now: dt.datetime | None = None) -> str | None:
        """The name of the first member that holds for a visitor; else what `otherwise` says; else None."""
        held = self._artifact.held(visitor, self._artifact.instant(now))
        for bit, name in self._bits:
            if held >> bit & 1:
                return name
        return self.otherwise

    def assign_many(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> list[str | None]:
        """What `assign` says of each visitor, all at one instant."""
        instant = self._artifact.instant(now).now
        return [self.assign(visitor, instant) for visitor in visitors]

    def counts(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> dict[str | None, int]:
        """How many visitors each member is given, those in none under `otherwise` or None."""
        instant = self._artifact.instant(now).now
        found: dict[str | None, int] = dict.fromkeys([*self.members, self.otherwise], 0)
        for visitor in visitors:
            found[self.assign(visitor, instant)] += 1
        return found


class Artifact:
    """Compiled rules. `sources` are the rule files they were made of, each by name with the SHA-256 of its text.

    `segments` are the segments' labels by name.
    """

    __slots__ = ("_index", "_zone", "layout", "made_by", "partitions", "segments", "sources")

    def __init__(
        self, index: Index, zone: dt.tzinfo, layout: Layout, segments: Mapping[str, str | None], contents: _Reader
    ) -> None:
        self._index, self._zone, self.layout, self.segments = index, zone, layout, segments
        self.made_by = contents.text("made by")
        self.sources = tuple((one.text("name"), one.bytes("sha256").hex()) for one in contents.parts("sources"))
        self.partitions = {one.text("name"): _choice(self, one) for one in _named(contents, "partitions")}

    def instant(self, now: dt.datetime | None) -> Instant:
        """When an answer is given: now, or at an instant (without an offset: in the rules' timezone)."""
        if now is None:
            return Instant(dt.datetime.now(dt.UTC), self._zone)
        return Instant((now if now.tzinfo else now.replace(tzinfo=self._zone)).astimezone(dt.UTC), self._zone)

    def held(self, visitor: Any, instant: Instant) -> int:
        """The segments that hold, as bits of `layout`."""
        try:
            return self._index.held(visitor, instant)
        except Exception as error:  # an index that was made by segdsl never raises
            raise ArtifactError(f"the artifact asks what cannot be asked: {error}") from error

    def matching(self, visitor: Any, now: dt.datetime | None = None) -> Matching:
        """Every segment that holds for a visitor, as a set of names in file order."""
        return Matching(self.held(visitor, self.instant(now)), self.layout)

    def matching_many(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> list[Matching]:
        """What `matching` says of each visitor, all at one instant."""
        instant = self.instant(now)
        return [Matching(self.held(visitor, instant), self.layout) for visitor in visitors]

    def counts(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> dict[str, int]:
        """How many visitors each segment holds for."""
        instant = self.instant(now)
        return counted(self.segments, (Matching(self.held(visitor, instant), self.layout) for visitor in visitors))

    def assign(self, visitor: Any, now: dt.datetime | None = None) -> str | None:
        """What the only partition or priority list gives a visitor. Raises SegdslError when there is not one."""
        return self._only.assign(visitor, now)

    def assign_many(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> list[str | None]:
        """What `assign` says of each visitor, all at one instant."""
        return self._only.assign_many(visitors, now)

    @property
    def _only(self) -> PackedChoice:
        if len(self.partitions) != 1:
            names = ", ".join(self.partitions) or "none"
            raise SegdslError(
                f"assign needs exactly one partition or priority; here are: {names}. Ask partitions[name].assign"
            )
        return next(iter(self.partitions.values()))


def unpacked(data: bytes) -> Artifact:
    """The artifact of some bytes. Raises ArtifactError."""
    try:
        return _artifact(_Reader(loads(_body(data))))
    except Unreadable as error:
        raise ArtifactError(f"this artifact is damaged: {error}") from None
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ArtifactError(f"this artifact holds what does not fit: {str(error) or type(error).__name__}") from None


def _body(data: bytes) -> bytes:
    """What follows the header, whose version and checksum are looked at."""
    header, newline, _ = data[:_LONGEST_HEADER].partition(b"\n")
    words = header.split(b" ")
    if not newline or words[:2] != [b"segdsl", b"artifact"] or len(words) != 3:
        raise ArtifactError("this is no artifact of segdsl; make one with: segdsl build --target python")
    major, _, minor = words[2].partition(b".")
    if not (major.isdigit() and minor.isdigit() and len(words[2]) < 12):
        raise ArtifactError("this artifact is damaged: its version cannot be read")
    if int(major) != VERSION[0]:
        raise ArtifactError(
            f"this artifact has form {int(major)}, and this segdsl reads form {VERSION[0]}; build it anew"
        )
    start = len(header) + 5
    body = data[start:]
    if len(data) < start or crc32(header + newline + body) != int.from_bytes(data[start - 4 : start], "big"):
        raise ArtifactError("this artifact is damaged: its checksum is another one; copy or build it anew")
    return body


class _Reader:
    """A part of an artifact: what is in it by name, of the type that is asked for. Raises ValueError."""

    __slots__ = ("_found",)

    def __init__(self, found: Any) -> None:
        if type(found) is not dict:
            raise ValueError("a list of names was expected")
        self._found = found

    def any(self, name: str) -> Any:
        if name not in self._found:
            raise ValueError(f"{name} is missing")
        return self._found[name]

    def has(self, name: str) -> bool:
        return name in self._found

    def text(self, name: str) -> str:
        return _typed(self.any(name), str)

    def text_or_none(self, name: str) -> str | None:
        found = self.any(name)
        return None if found is None else _typed(found, str)

    def bytes(self, name: str) -> bytes:
        return _typed(self.any(name), bytes)

    def truth(self, name: str) -> bool:
        return _typed(self.any(name), bool)

    def number(self, name: str, most: int) -> int:
        """An integer from 0 to `most`."""
        return _number(self.any(name), most)

    def list(self, name: str) -> Any:
        return _typed(self.any(name), list)

    def parts(self, name: str) -> Any:
        return [_Reader(one) for one in self.list(name)]


def _typed(value: Any, kind: type[T]) -> T:
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} was expected instead of {type(value).__name__}")
    return value


def _number(value: Any, most: int | None) -> int:
    if type(value) is not int or value < 0 or (most is not None and value > most):
        raise ValueError("a number is out of range")
    return value


def _artifact(contents: _Reader) -> Artifact:
    zone = _zone(contents.text("timezone")) if _asks_for_zone(contents) else dt.UTC
    context = Instant(_EPOCH, zone)
    rows = _number(contents.any("rows"), None)
    readings = [_reading(one, zone) for one in _named(contents, "dimensions")]
    axes = [_axis(one, readings, rows, context) for one in contents.parts("axes")]
    tests = [_test(one, rows, len(readings)) for one in contents.parts("tests")]
    widest = (1 << rows.bit_length() + 1) - 1
    index = Index(
        [reading for reading, _ in readings],
        axes,
        tests,
        rows,
        contents.number("carry", widest),
        contents.number("marks", widest),
    )
    segments = _named(contents, "segments")
    names = [one.text("name") for one in segments]
    bits = [None if one.any("bit") is None else one.number("bit", widest.bit_length()) for one in segments]
    held = [bit for bit in bits if bit is not None]
    if not _in_order(held) or index.marks != sum(1 << bit for bit in held):
        raise ValueError("the bits of segments are not those that are marked")
    payloads = {one.text("name"): _typed(one.any("payload"), dict) for one in segments}
    labels = {one.text("name"): one.text_or_none("label") for one in segments}
    return Artifact(index, zone, Layout(names, bits, payloads), labels, contents)


def _named(contents: _Reader, name: str) -> list[_Reader]:
    """Parts that all have different names."""
    parts: list[_Reader] = contents.parts(name)
    if len({one.text("name") for one in parts}) != len(parts):
        raise ValueError(f"a name stands twice in {name}")
    return parts


def _in_order(values: list[Any]) -> bool:
    """Whether each is less than the next."""
    return all(low < high for low, high in pairwise(values))


def _choice(artifact: Artifact, found: _Reader) -> PackedChoice:
    names = list(artifact.segments)
    members = tuple(names[_number(one, len(names) - 1)] for one in found.list("members"))
    return PackedChoice(
        artifact, found.text("name"), found.text_or_none("label"), members, found.text_or_none("otherwise")
    )


def _asks_for_zone(contents: _Reader) -> bool:
    """Whether any answer depends on the timezone; looking one up takes longer than everything else."""
    kinds = [one.list("kind")[:1] for one in contents.parts("dimensions")]
    tests = [*contents.list("tests"), *(test for one in contents.parts("axes") for test in one.list("tests"))]
    return ["datetime"] in kinds or bool(tests)


def _zone(name: str) -> dt.tzinfo:
    if name == "UTC":
        return dt.UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no timezone {name} on this machine") from None


# Dimensions


def _reading(found: _Reader, zone: dt.tzinfo) -> tuple[Reading, str]:
    """How a dimension is read, and the word for its kind."""
    path = tuple(_typed(part, str) for part in found.list("path"))
    kind = found.list("kind")
    word = _typed(kind[0], str)
    read = _guarded(_read_of(word, kind[1:], zone))
    default = _value(found.any("default")) if found.has("default") else UNKNOWN
    if default is not UNKNOWN and type(default) not in _TYPES[word]:
        raise ValueError("a default is of another kind")
    return Reading(path, read, default), word


_TYPES: dict[str, tuple[type[Any], ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (float, int),
    "boolean": (bool,),
    "date": (dt.date,),
    "datetime": (dt.datetime,),
    "duration": (float, int),
    "version": (tuple,),
    "ip": (tuple,),
    "set": (frozenset,),
    "point": (tuple,),
}
"""What the values of a kind are."""


def _read_of(word: str, rest: list[Any], zone: dt.tzinfo) -> Read:
    match word:
        case "text":
            ignoring, choices = _typed(rest[0], bool), _choices(rest[1])
            return lambda raw: _among(reading.text(raw, ignoring), choices)
        case "set":
            ignoring, choices = _typed(rest[0], bool), _choices(rest[1])
            return lambda raw: reading.text_set(raw, ignoring, choices)
        case "integer":
            return _ranged(reading.integer, _cut(rest[0]), _cut(rest[1]))
        case "number":
            return _ranged(reading.number, _cut(rest[0]), _cut(rest[1]))
        case "datetime":
            return lambda raw: reading.datetime(raw, zone)
        case _:
            return _PLAIN[word]


_PLAIN: dict[str, Read] = {
    "boolean": reading.boolean,
    "date": reading.date,
    "duration": reading.duration,
    "version": reading.version,
    "ip": reading.ip,
    "point": reading.point,
}


def _guarded(read: Read) -> Read:
    """Never raises: what cannot be read is unknown (`segdsl.values.kinds.read`)."""

    def guarded(raw: Any) -> Any:
        if raw is None:
            return UNKNOWN
        try:
            return read(reading.plain(raw))
        except Exception:
            return UNKNOWN

    return guarded


def _choices(found: Any) -> tuple[str, ...] | None:
    return None if found is None else tuple(_typed(one, str) for one in _typed(found, list))


def _among(value: Any, choices: tuple[str, ...] | None) -> Any:
    return value if choices is None or value in choices else UNKNOWN


def _ranged(read: Read, low: Any, high: Any) -> Read:
    def ranged(raw: Any) -> Any:
        value = read(raw)
        if (
            value is UNKNOWN
            or (low is not None and (value, False) < low)
            or (high is not None and high < (value, True))
        ):
            return UNKNOWN
        return value

    return ranged


def _cut(found: Any) -> Any:
    if found is None:
        return None
    value, after = found
    if type(value) not in (int, float):
        raise ValueError("a range is of no numbers")
    return value, _typed(after, bool)


# What values leave


def _axis(found: _Reader, readings: list[tuple[Reading, str]], rows: int, context: Instant) -> Axis:
    own, word = readings[found.number("dimension", len(readings) - 1)]
    cuts = found.truth("cuts")
    edges = _edges(found.list("edges"), cuts)
    for value in (edge[0] if cuts else edge for edge in edges):
        if type(value) not in _TYPES[word]:
            raise ValueError("a value is of another kind")
    left = [_number(one, rows) for one in found.list("left")]
    if len(left) != len(edges) + 1:
        raise ValueError("there are more or fewer stretches than values between them")
    tests = [_test(one, rows, None) for one in found.parts("tests")]
    return Axis(own, edges, left, found.number("unknown", rows), cuts, tests, context)


def _edges(found: Any, cuts: bool) -> list[Any]:
    """Values in order; where they are `cuts`, pairs of a value and whether it lies before the cut."""
    edges = [_value(one) for one in _typed(found, list)]
    for _, after in edges if cuts else ():
        _typed(after, bool)
    if not _in_order(edges):
        raise ValueError("values are not in order")
    return edges


def _value(found: Any) -> Any:
    """A value of the language from plain data (`segdsl.run.pack.plain`)."""
    if type(found) is list:
        return tuple(_value(part) for part in found)
    if type(found) is not dict:
        return found
    ((form, written),) = found.items()
    match form:
        case "date":
            return dt.date.fromordinal(_typed(written, int))
        case "moment":
            return _EPOCH + dt.timedelta(microseconds=_typed(written, int))
        case "set":
            return frozenset(_typed(one, str) for one in _typed(written, list))
        case _:
            raise ValueError(f"values of the form {form} are not known")


# Tests


def _test(found: _Reader, rows: int, dimensions: int | None) -> Test:
    return Test(_asked(found.list("holds"), dimensions), found.number("lost", rows))


def _asked(found: Any, dimensions: int | None) -> Any:
    """A test as a function: of so many dimensions, or of the one value of an axis (None)."""
    form, *rest = _typed(found, list)
    match form, rest:
        case "constant", [truth]:
            return computed.constant(_typed(truth, bool))
        case "all", [parts]:
            return computed.every([_asked(one, dimensions) for one in _typed(parts, list)])
        case "any", [parts]:
            return computed.some([_asked(one, dimensions) for one in _typed(parts, list)])
        case "between", [term, cuts, below, unknown]:
            edges = _edges(cuts, True)
            return computed.within(_term(term, dimensions), edges, _typed(below, bool), _typed(unknown, bool))
        case "text", [term, shape, pattern, wanted]:
            return computed.of_known(_term(term, dimensions), _pattern(shape, pattern), _typed(wanted, bool))
        case "member", [term, cuts, below, wanted]:
            among = computed.within(computed.itself(), _edges(cuts, True), _typed(below, bool), False)
            rule = computed.any_of(among)
            return computed.of_known(_term(term, dimensions), rule, _typed(wanted, bool))
        case "compared", [term, operator, operand, wanted]:
            meaning = meaning_of_operator(_typed(operator, str))
            if meaning is None:
                raise ValueError(f"there is no operator {operator}")
            return computed.compared(_term(term, dimensions), meaning, _term(operand, dimensions), _typed(wanted, bool))
        case _:
            raise ValueError("a test is of no known form")


_SHAPES: dict[str, Callable[[str, str], bool]] = {
    "starts with": globs.starts_with,
    "ends with": globs.ends_with,
    "contains": globs.contains,
}


def _pattern(shape: Any, pattern: Any) -> Callable[[str], bool]:
    written = _typed(pattern, str)
    if shape == "matches":
        glob = globs.parse(written)
        return lambda text: globs.holds(glob, text)
    rule = _SHAPES[shape]
    return lambda text: rule(text, written)


def _term(found: Any, dimensions: int | None) -> Any:
    form, *rest = _typed(found, list)
    match form, rest:
        case "value", [] if dimensions is None:
            return computed.itself()
        case "dimension", [number] if dimensions is not None:
            return computed.reading(_number(number, dimensions - 1))
        case "constant", [value]:
            return computed.constant(_value(value))
        case "now", []:
            return computed.now()
        case "apply", [name, arguments]:
            meaning = meaning_of(name)
            if meaning is None:
                raise ValueError(f"there is no function {name}")
            return computed.applied(meaning, [_term(one, dimensions) for one in _typed(arguments, list)])
        case _:
            raise ValueError("a value is of no known form")
