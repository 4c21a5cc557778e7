"""What a visitor can be: dimensions and their states."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from segdsl.text.source import Span
from segdsl.values.kinds import Kind, domain
from segdsl.values.region import Region
from segdsl.values.unknown import UNKNOWN


@frozen(eq=False)
class Dimension:
    """Something that is known about a visitor, or not.

    `path` is where a record holds it. `default` is what unknown stands for; UNKNOWN where nothing was declared.
    """

    name: str
    kind: Kind
    path: tuple[str, ...]
    label: str | None = None
    required: bool = False
    default: Any = UNKNOWN
    personal: bool = False
    span: Span | None = field(default=None, repr=False)

    @property
    def can_be_unknown(self) -> bool:
        """Whether the proof has to count unknown among its values."""
        return not self.required and self.default is UNKNOWN

    @property
    def values(self) -> Region:
        """Everything that reading it can give, unknown included where it can be."""
        known = domain(self.kind)
        return known | Region.only_unknown() if self.can_be_unknown else known


@frozen
class State:
    """A named set of a dimension's values. `otherwise`: it takes what the dimension's other states leave."""

    name: str
    label: str | None
    region: Region
    otherwise: bool = field(default=False)
    span: Span | None = field(default=None, eq=False, repr=False)
