"""Files that other programs read, made from rules: `segdsl build`.

In: a rule file, and for whom. Out: for `conformance` a JSON text of visitors with the expected segments, as
`grammar/CONFORMANCE.md` describes it, each case on a line of its own; for `python` an artifact, as
`grammar/ARTIFACT.md` does. They say nothing of when or where they were made, so that the same rules always give the
same file.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, assert_never

from attrs import frozen

from segdsl import __version__
from segdsl.conform.conformance import MOST_CASES, Case, Conformance, conformance
from segdsl.program.declare import PLAIN_KINDS
from segdsl.program.program import Partition, Priority
from segdsl.run.pack import packed
from segdsl.tools.rule_files import ruleset
from segdsl.tools.whole_file import whole_file
from segdsl.values.kinds import Datetime, Integer, Kind, Number, SetOf, Text
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from segdsl.program.program import Program
    from segdsl.program.schema import Dimension

FORMAT, VERSION = "segdsl conformance", 1
MOST = MOST_CASES
_WORDS = {type(kind): word for word, kind in PLAIN_KINDS.items()}


@frozen
class Built:
    """What is to be written, what is in it, and what it leaves out, in words."""

    data: bytes
    contents: str
    left_out: tuple[str, ...] = ()


def conformance_file(path: str, most: int = MOST) -> Built:
    """The conformance file of a rule file. Raises Unusable and RuleError."""
    program = ruleset(path).program
    made = conformance(program, most)
    return Built(document(program, made).encode("utf-8"), f"{len(made.cases):,} visitors", made.left_out)


def artifact(path: str) -> Built:
    """The artifact of a rule file. Raises Unusable and RuleError."""
    program = ruleset(path).program
    data = packed(program, f"segdsl {__version__}")
    count = len(program.segments)
    return Built(data, f"{count:,} segment{'s' * (count != 1)} in {len(data):,} bytes")


def write(path: str, built: Built) -> None:
    """Writes it in one step. Raises Unusable."""
    with whole_file(path) as file:
        file.write(built.data)


def document(program: Program, made: Conformance) -> str:
    """The whole file as text."""
    main = program.files[-1].source.name
    claims: list[Partition | Priority] = [*program.partitions.values(), *program.priorities.values()]
    fields = {
        "format": _line(FORMAT),
        "version": _line(VERSION),
        "rules": _line(PurePath(main).name),
        "files": _lines(
            {"name": PurePath(one.source.name).name, "sha256": _hash(one.source.text)} for one in program.files
        ),
        "zone": _line(str(program.zone)),
        "clock": _line(made.clock),
        "dimensions": _lines(map(_dimension, program.dimensions.values())),
        "segments": _line(list(program.segments)),
        "partitions": _lines(map(_claim, claims)),
        "left_out": _line(list(made.left_out)),
        "cases": _lines(_case(one, made.clock) for one in made.cases),
    }
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in fields.items()) + "\n}\n"


def _line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # half a surrogate pair is written as an escape


def _lines(values: Iterable[Any]) -> str:
    """A list with each thing on a line of its own."""
    written = [_line(value) for value in values]
    return "[\n" + ",\n".join(written) + "\n]" if written else "[]"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _case(case: Case, clock: bool) -> dict[str, Any]:
    return {
        "visitor": json.loads(case.person.text),
        **({"now": raw(Datetime(), case.person.now)} if clock else {}),
        "segments": list(case.segments),
        "partitions": case.answers,
        "why": case.why,
    }


def _claim(claim: Partition | Priority) -> dict[str, Any]:
    shared = {"name": claim.name, "members": [one.name for one in claim.members]}
    match claim:
        case Partition(of=parent):
            return {**shared, "kind": "partition", **({"of": parent.name} if parent else {})}
        case Priority(otherwise=otherwise):
            return {**shared, "kind": "priority", "otherwise": otherwise}
        case _:
            assert_never(claim)


def _dimension(dimension: Dimension) -> dict[str, Any]:
    """What is declared of a dimension; what is not said is left out."""
    return {
        "name": dimension.name,
        "path": list(dimension.path),
        **_kind(dimension.kind),
        **({"required": True} if dimension.required else {}),
        **({} if dimension.default is UNKNOWN else {"default": raw(dimension.kind, dimension.default)}),
    }


def _kind(kind: Kind) -> dict[str, Any]:
    match kind:
        case Text(ignoring_case, choices):
            return {"kind": "text", **_choices(ignoring_case, choices)}
        case SetOf(member):
            return {"kind": "set of text", **_choices(member.ignoring_case, member.choices)}
        case Integer() | Number():
            return {"kind": _WORDS[type(kind)], **dict(_range(kind))}
        case _:
            return {"kind": _WORDS[type(kind)]}


def _choices(ignoring_case: bool, choices: tuple[str, ...] | None) -> dict[str, Any]:
    return {
        **({} if choices is None else {"choices": list(choices)}),
        **({"ignoring_case": True} if ignoring_case else {}),
    }


def _range(kind: Integer | Number) -> Iterator[tuple[str, Any]]:
    """In the words of JSON Schema."""
    if kind.low is not None:
        value, after = kind.low
        yield ("exclusiveMinimum" if after else "minimum"), raw(Number(), float(value))
    if kind.high is not None:
        value, after = kind.high
        yield ("maximum" if after else "exclusiveMaximum"), raw(Number(), float(value))
