"""One kernel test for one visitor, without generated code: slow, exact, and all that unusual kinds need."""

from __future__ import annotations

import datetime as dt
from typing import Any, assert_never

from segdsl.operators.operator import Context
from segdsl.program import kernel as k
from segdsl.program.lower import at
from segdsl.program.reference import value_of
from segdsl.values.unknown import UNKNOWN


def leaf_holds(leaf: k.Leaf, visitor: Any, context: Context) -> bool:
    """Whether a single test holds. Raises nothing."""
    match leaf:
        case k.Test(term, region):
            return value_of(term, visitor, context) in region
        case k.TextTest(term, pattern, wanted):
            text = value_of(term, visitor, context)
            return (text is not UNKNOWN and pattern.holds(text)) is wanted
        case k.MemberTest(term, members, wanted):
            found = value_of(term, visitor, context)
            return (found is not UNKNOWN and any(member in members for member in found)) is wanted
        case k.Moving():
            return kernel_holds(at(leaf, context), visitor, context)
        case _:
            assert_never(leaf)


def kernel_holds(kernel: k.Kernel, visitor: Any, context: Context) -> bool:
    """Whether a whole kernel holds."""
    match kernel:
        case k.Always():
            return True
        case k.Never():
            return False
        case k.All(parts):
            return all(kernel_holds(part, visitor, context) for part in parts)
        case k.Any(parts):
            return any(kernel_holds(part, visitor, context) for part in parts)
        case _:
            return leaf_holds(kernel, visitor, context)


def context_at(now: dt.datetime | None, zone: dt.tzinfo) -> Context:
    """What an evaluation may know at `now` (None: the current instant; naive: in the rules' timezone)."""
    if now is None:
        return Context(dt.datetime.now(dt.UTC), zone)
    return Context((now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(dt.UTC), zone)
