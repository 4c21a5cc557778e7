"""What is compared: partitions, priority lists and single segments, as segments that are asked in order.

In: a program. Out: its `Choice`s by name, and what differs between those of two programs though it moves nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from segdsl.compare.difference import Remark
from segdsl.program.program import Partition, Priority, Program, Segment


@frozen(eq=False)
class Choice:
    """A partition or priority list; or a segment by itself, which is given or not."""

    what: str
    name: str
    label: str | None
    members: tuple[Segment, ...]
    first_wins: bool
    otherwise: str | None = None
    of: str | None = None

    @classmethod
    def of_segment(cls, segment: Segment) -> Choice:
        return cls("segment", segment.name, segment.label, (segment,), True)


def choices(program: Program) -> dict[str, Choice]:
    """In file order of each, partitions first."""
    found: dict[str, Choice] = {}
    for one in (*program.partitions.values(), *program.priorities.values()):
        match one:
            case Partition(name, label, of, members):
                found[name] = Choice("partition", name, label, members, False, of=None if of is None else of.name)
            case Priority(name, label, members, otherwise):
                found[name] = Choice("priority", name, label, members, True, otherwise)
    return found


# What moves nobody


def remarks(
    old: Program, new: Program, pairs: Mapping[str, Choice], choices: Mapping[str, Choice], called: Mapping[str, str]
) -> Iterator[Remark]:
    for name, choice in choices.items():
        before = pairs.get(name)
        if before is None:
            continue
        if before.what != choice.what:
            yield Remark(choice.what, name, f"was a {_CLAIMS[before.what]} before, and is a {_CLAIMS[choice.what]} now")
        yield from _labels(choice.what, name, before.label, choice.label)
        if (before.of and called.get(before.of, before.of)) != choice.of:
            yield Remark(choice.what, name, f"divides {choice.of or 'everybody'} now, not {before.of or 'everybody'}")
    for name, segment in old.segments.items():
        after = new.segments.get(called.get(name, name))
        if after is not None:
            yield from _labels("segment", after.name, segment.label, after.label)
            for key in {**segment.payload, **after.payload}:
                if key not in segment.payload:
                    yield Remark("segment", after.name, f'hands out "{key}" now')
                elif key not in after.payload:
                    yield Remark("segment", after.name, f'no longer hands out "{key}"')
                elif segment.payload[key] != after.payload[key]:
                    yield Remark("segment", after.name, f'hands out another "{key}" now')
    for name, dimension in old.dimensions.items():
        if name in new.dimensions:
            yield from _labels("dimension", name, dimension.label, new.dimensions[name].label)


_CLAIMS = {"partition": "partition", "priority": "priority list"}


def _labels(what: str, name: str, before: str | None, after: str | None) -> Iterator[Remark]:
    if before != after:
        there, here = (f'"{label}"' if label is not None else "nothing" for label in (before, after))
        yield Remark(what, name, f"is labelled {here} now, not {there}")
