"""The kernel: the tiny closed language that everything behind the checker reads.

There is no `Not`: the complement of a set of values is exact, so negation is pushed to the tests once, when a condition
is lowered. Each test is decided by the value of one term:

- `Test`: the value, or its being unknown, lies in a Region;
- `Moving`: the same where the Region is only settled by now;
- `TextTest`, `MemberTest`: the value is known and has the pattern (a member in the Region), exactly if `wanted`; so
  with `wanted=False` an unknown value passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from segdsl.operators.operator import Operator
from segdsl.program.expression import Term
from segdsl.program.expression import reads_clock as term_reads_clock
from segdsl.values.region import Region
from segdsl.values.words import TextPattern


@frozen(cache_hash=True)
class Test:
    term: Term
    region: Region


@frozen(cache_hash=True)
class Moving:
    """`operator` holds between the term and the value that `operand` has at the time of evaluation, if `wanted`."""

    term: Term
    operator: Operator
    operand: Term
    wanted: bool


@frozen(cache_hash=True)
class TextTest:
    term: Term
    pattern: TextPattern
    wanted: bool


@frozen(cache_hash=True)
class MemberTest:
    term: Term
    members: Region
    wanted: bool


@frozen(cache_hash=True)
class All:
    parts: tuple[Kernel, ...]


@frozen(cache_hash=True)
class Any:
    parts: tuple[Kernel, ...]


@frozen
class Always:
    pass


@frozen
class Never:
    pass


Leaf = Test | Moving | TextTest | MemberTest
Kernel = Leaf | All | Any | Always | Never


def every(parts: Iterable[Kernel]) -> Kernel:
    """All of them, flattened; tests of one term become one test of what their regions share."""
    flat: dict[Kernel, None] = {}
    regions: dict[Term, Region] = {}
    for part in parts:
        match part:
            case Never():
                return part
            case Always():
                continue
            case All(inner):
                for one in inner:
                    _keep(one, flat, regions, joint=True)
            case _:
                _keep(part, flat, regions, joint=True)
    kept = tuple(_merged(flat, regions))
    return Always() if not kept else kept[0] if len(kept) == 1 else All(kept)


def some(parts: Iterable[Kernel]) -> Kernel:
    """At least one of them, flattened; tests of one term become one test of their regions together."""
    flat: dict[Kernel, None] = {}
    regions: dict[Term, Region] = {}
    for part in parts:
        match part:
            case Always():
                return part
            case Never():
                continue
            case Any(inner):
                for one in inner:
                    _keep(one, flat, regions, joint=False)
            case _:
                _keep(part, flat, regions, joint=False)
    kept = tuple(_merged(flat, regions))
    return Never() if not kept else kept[0] if len(kept) == 1 else Any(kept)


def _keep(part: Kernel, flat: dict[Kernel, None], regions: dict[Term, Region], joint: bool) -> None:
    if not isinstance(part, Test):
        flat[part] = None
    elif part.term not in regions:
        flat[part] = None  # holds its term's place
        regions[part.term] = part.region
    else:
        before = regions[part.term]
        regions[part.term] = before & part.region if joint else before | part.region


def _merged(flat: dict[Kernel, None], regions: dict[Term, Region]) -> Iterator[Kernel]:
    for part in flat:
        yield Test(part.term, regions[part.term]) if isinstance(part, Test) else part


def leaves(kernel: Kernel) -> Iterable[Leaf]:
    """Its tests, in order, each as often as it stands there."""
    pending = [kernel]
    while pending:
        one = pending.pop()
        match one:
            case All(parts) | Any(parts):
                pending += reversed(parts)
            case Always() | Never():
                continue
            case _:
                yield one


def distinct_leaves(kernels: Iterable[Kernel]) -> tuple[Leaf, ...]:
    """The tests of some kernels, in order, each once."""
    met: dict[int, Kernel] = {}
    for kernel in kernels:  # what is equal is mostly the same object (`alike`), and objects are compared faster
        parts = kernel.parts if isinstance(kernel, All) else (kernel,)
        met.update(zip(map(id, parts), parts, strict=True))
    return tuple(dict.fromkeys(leaf for part in met.values() for leaf in leaves(part)))


def alike(kernel: Kernel, known: dict[Kernel, Kernel]) -> Kernel:
    """The same kernel, with one object for what is equal to something in `known`, which learns the rest."""
    if kernel in known:
        return known[kernel]
    match kernel:
        case All(parts):
            kernel = All(tuple(alike(part, known) for part in parts))
        case Any(parts):
            kernel = Any(tuple(alike(part, known) for part in parts))
        case _:
            pass
    known[kernel] = kernel
    return kernel


def reads_clock(kernel: Kernel) -> bool:
    """Whether anything that it asks depends on now."""
    return any_reads_clock(leaves(kernel))


def any_reads_clock(leaves: Iterable[Leaf]) -> bool:
    """Whether one of these tests depends on now."""
    return any(isinstance(leaf, Moving) or term_reads_clock(leaf.term) for leaf in leaves)
