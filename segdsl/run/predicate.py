"""Plain Python functions from kernels: as fast as what an engineer would write, and exact where that would not be.

In: a condition and its kernel. Out: a function of a visitor, made through `ast`, with its text in `.source`.

How it can be both. Each test of a dimension is turned round, if need be, so that unknown *misses* it. Then a miss is
right whatever strange thing the record holds, and nothing has to be checked on the way to it. A hit that decides the
answer is checked for the exact type and the declared domain (a `True` that passed for 1, a value that equals
everything); if the check fails, or anything raises, the visitor is given to the definition
(`segdsl.program.reference`). Nested `if` statements with constants inline are what CPython specialises best.

A dimension that is `required` is read with `visitor[…]`, as its host promised that it is there; a mapping that makes up
what it lacks (a defaultdict) makes it up then too. Every other dimension is read with `.get`, which never does.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from keyword import iskeyword
from typing import Any, Protocol, cast

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.reference import holds
from segdsl.run.emission import Emission
from segdsl.run.generated import compiled
from segdsl.run.leaves import context_at

_TAKEN = re.compile(
    r"(?:visitor|now|exactly|nothing|type|str|int|float|dict|isinstance|Exception|(?:int|value|test)_.*)$"
)
"""Names that generated code uses for itself."""


class Predicate(Protocol):
    """A generated function. `source` is its text, `dimensions` the names of those that it reads.

    Only one that reads the clock takes `now` as a second argument: a default that is never used would cost every call.
    """

    source: str
    reads_clock: bool
    dimensions: tuple[str, ...]

    def __call__(self, visitor: Any, now: dt.datetime | None = ..., /) -> bool:
        """Whether the condition holds. Never raises, whatever the visitor is."""


def predicate_of(name: str, condition: ex.Condition, kernel: k.Kernel, zone: dt.tzinfo) -> Predicate:
    """The predicate of a condition. `name` is what tracebacks and `.source` call it."""

    def exactly(visitor: Any, now: dt.datetime | None = None) -> bool:
        return holds(condition, visitor, context_at(now, zone))

    emission = Emission(zone)
    function = name if name.isidentifier() and not iskeyword(name) and not _TAKEN.match(name) else "predicate"
    try:
        text = ast.unparse(emission.module(function, kernel)) + "\n"
        code = compiled(name, text)
    except (RecursionError, SyntaxError, MemoryError):  # more brackets within each other than Python reads
        text = f"def {function}(visitor, now=None):\n    return exactly(visitor, now)\n"
        emission.reads_clock = True
        code = compiled(name, text)
    scope: dict[str, Any] = {**emission.names, "exactly": exactly}
    exec(code, scope)
    predicate = cast("Predicate", scope[function])
    predicate.source = text
    predicate.reads_clock = emission.reads_clock
    predicate.dimensions = tuple(
        dict.fromkeys(dimension.name for leaf in k.leaves(kernel) for dimension in _dimensions(leaf))
    )
    return predicate


def _dimensions(leaf: k.Leaf) -> tuple[Any, ...]:
    own = ex.dimensions_of(leaf.term)
    return (*own, *ex.dimensions_of(leaf.operand)) if isinstance(leaf, k.Moving) else own
