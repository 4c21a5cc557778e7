"""Tests of a set's members: is there one among these?"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from segdsl.values.region import Region


@frozen
class MemberTest:
    """Whether some member lies in a Region of texts (`wanted`), or none does (not `wanted`)."""

    members: Region
    wanted: bool = True

    def holds(self, members: frozenset[Any]) -> bool:
        return any(member in self.members for member in members) is self.wanted
