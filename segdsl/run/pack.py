"""Rules as an artifact: data alone, from which `segdsl.run.artifact` answers without the rules' text.

In: a program. Out: bytes. `grammar/ARTIFACT.md` says what is in them.
"""

from __future__ import annotations

import datetime as dt
from binascii import crc32
from hashlib import sha256
from pathlib import PurePath
from typing import Any, assert_never

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.program import Partition, Priority, Program
from segdsl.program.schema import Dimension
from segdsl.run.artifact import MAGIC, VERSION
from segdsl.run.cbor import dumps
from segdsl.run.index import Axis
from segdsl.run.indexing import Indexed, indexed
from segdsl.run.rows import one_dimension
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    Version,
)
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN


def packed(program: Program, made_by: str) -> bytes:
    """The artifact of a program. `made_by` names the version of segdsl."""
    body = dumps(_contents(program, made_by))
    header = MAGIC % VERSION
    return header + crc32(header + body).to_bytes(4, "big") + body


def _contents(program: Program, made_by: str) -> dict[str, Any]:
    segments = list(program.segments.values())
    made = indexed([segment.kernel for segment in segments], program.zone)
    numbers = {dimension: number for number, dimension in enumerate(made.dimensions)}
    numbered = {segment.name: number for number, segment in enumerate(segments)}
    claims: list[Partition | Priority] = [*program.partitions.values(), *program.priorities.values()]
    return {
        "made by": made_by,
        "sources": [
            {
                "name": PurePath(file.source.name).name,
                "sha256": sha256(file.source.text.encode("utf-8", "surrogatepass")).digest(),
            }
            for file in program.files
        ],
        "timezone": str(program.zone) if program.zone is not dt.UTC else "UTC",
        "dimensions": [_dimension(dimension) for dimension in made.dimensions],
        "axes": [
            {"dimension": numbers[dimension], **_axis(axis), "tests": _tests(made, numbers, dimension)}
            for dimension, axis in zip(made.on_axis, made.index.axes, strict=True)
        ],
        "tests": _tests(made, numbers, None),
        "rows": made.index.all,
        "carry": made.index.carry,
        "marks": made.index.marks,
        "segments": [
            {"name": segment.name, "label": segment.label, "payload": dict(segment.payload), "bit": bit}
            for segment, bit in zip(segments, made.held, strict=True)
        ],
        "partitions": [
            {
                "name": claim.name,
                "label": claim.label,
                "members": [numbered[member.name] for member in claim.members],
                "otherwise": claim.otherwise if isinstance(claim, Priority) else None,
            }
            for claim in claims
        ],
    }


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _dimension(dimension: Dimension) -> dict[str, Any]:
    found: dict[str, Any] = {"name": dimension.name, "path": list(dimension.path), "kind": _kind(dimension.kind)}
    if dimension.default is not UNKNOWN:
        found["default"] = plain(dimension.default)
    return found


def _kind(kind: Kind) -> list[Any]:
    match kind:
        case Text(ignoring_case, choices):
            return ["text", ignoring_case, None if choices is None else list(choices)]
        case Integer(low, high):
            return ["integer", plain(low), plain(high)]
        case Number(low, high):
            return ["number", plain(low), plain(high)]
        case SetOf(Text(ignoring_case, choices)):
            return ["set", ignoring_case, None if choices is None else list(choices)]
        case Boolean() | Date() | Datetime() | Duration() | Version() | Ip() | Point():
            return [type(kind).__name__.lower()]
        case Distance():
            raise AssertionError("no dimension is declared as a distance")
        case _:
            assert_never(kind)


def plain(value: Any) -> Any:
    """A value of the language as plain data: a date by its day, a moment by its microseconds, sets in order."""
    match value:
        case dt.datetime():
            return {"moment": (value - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)}
        case dt.date():
            return {"date": value.toordinal()}
        case frozenset():
            return {"set": sorted(value)}
        case tuple():
            return [plain(part) for part in value]
        case _:
            return value


def _axis(axis: Axis) -> dict[str, Any]:
    edges = axis.edges
    kept = [place for place, edge in enumerate(edges) if place + 1 == len(edges) or edge != edges[place + 1]]
    return {
        "edges": [plain(edges[place]) for place in kept],  # nothing lies between two that are the same
        "cuts": axis.cuts,
        "left": [axis.left[0], *(axis.left[place + 1] for place in kept)],
        "unknown": axis.unknown,
    }


def _tests(made: Indexed, numbers: dict[Dimension, int], dimension: Dimension | None) -> list[dict[str, Any]]:
    """The tests that are asked of one dimension's value beside its place; of None, those of no single dimension."""
    return [
        {"holds": _asked(part, None if dimension else numbers), "lost": lost}
        for part, lost in made.parts
        if one_dimension(part) is dimension and not (isinstance(part, k.Test) and isinstance(part.term, ex.Read))
    ]


def _asked(part: k.Kernel, numbers: dict[Dimension, int] | None) -> list[Any]:
    match part:
        case k.Always() | k.Never():
            return ["constant", isinstance(part, k.Always)]
        case k.All(parts):
            return ["all", [_asked(one, numbers) for one in parts]]
        case k.Any(parts):
            return ["any", [_asked(one, numbers) for one in parts]]
        case k.Test(term, region):
            return ["between", _value(term, numbers), *_region(region), region.unknown]
        case k.TextTest(term, pattern, wanted):
            return ["text", _value(term, numbers), pattern.shape.value, pattern.text, wanted]
        case k.MemberTest(term, members, wanted):
            return ["member", _value(term, numbers), *_region(members), wanted]
        case k.Moving(term, operator, operand, wanted):
            return ["compared", _value(term, numbers), operator.name, _value(operand, numbers), wanted]
        case _:
            assert_never(part)


def _region(region: Region) -> tuple[list[Any], bool]:
    return [plain(cut) for cut in region.cuts], region.below


def _value(term: ex.Term, numbers: dict[Dimension, int] | None) -> list[Any]:
    match term:
        case ex.Read(dimension):
            return ["value"] if numbers is None else ["dimension", numbers[dimension]]
        case ex.Constant(value=value):
            return ["constant", plain(value)]
        case ex.Now():
            return ["now"]
        case ex.Apply(function, arguments):
            return ["apply", function.name, [_value(one, numbers) for one in arguments]]
        case _:
            assert_never(term)
