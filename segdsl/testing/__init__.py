"""For property tests of one's own rules: strategies for the hypothesis library (`pip install "segdsl[testing]"`).

    @given(visitors(rules))
    def test_exactly_one(visitor):
        assert len(rules.matching(visitor)) == 1

`visitors` makes records that favour the places where the rules change their mind, `instants` the moments to look at
them. Nothing else in segdsl imports hypothesis.
"""

from __future__ import annotations

try:
    import hypothesis as _hypothesis  # noqa: F401  # only asked whether it is there
except ImportError as missing:
    raise ImportError('segdsl.testing needs hypothesis: pip install "segdsl[testing]"') from missing

from segdsl.testing.strategies import instants, visitors

__all__ = ["instants", "visitors"]
