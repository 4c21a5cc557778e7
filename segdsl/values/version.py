"""Versions in the precedence of Semantic Versioning 2.0 (semver.org, item 11), missing parts being 0.

A version is a tuple whose order is that precedence: the numbers without trailing zeros, then 1 for a release or 0 for
a pre-release, then the pre-release's identifiers, numbers before words. Build metadata has no part in the order.
"""

from __future__ import annotations

from segdsl.values.late_pattern import LatePattern

Version = tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]

_SHAPE = LatePattern(
    r"[vV]?(?P<numbers>[0-9]{1,15}(?:\.[0-9]{1,15}){0,15})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
_NUMBER = LatePattern(r"[0-9]{1,15}")

LOWEST: Version = ((), 0, ((0, 0, ""),))
"""`0-0`: no version comes before it."""


def parse_version(text: str) -> Version | None:
    """`"v12.1-beta.2"` as a comparable tuple; None where the text is not a version."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    numbers = [int(part) for part in found["numbers"].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    pre = found["pre"]
    return tuple(numbers), int(pre is None), tuple(_identifier(part) for part in pre.split(".")) if pre else ()


def _identifier(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if _NUMBER.fullmatch(part) else (1, 0, part)


def show_version(version: Version) -> str:
    """The plainest way to write it."""
    numbers, release, identifiers = version
    padded = [*numbers, *[0] * (2 - len(numbers))]
    text = ".".join(map(str, padded))
    if release:
        return text
    return text + "-" + ".".join(word if is_word else str(number) for is_word, number, word in identifiers)


def versions_near(low: Version | None, high: Version | None) -> list[Version]:
    """Plain candidates around two bounds, with one strictly between them whenever there is one."""
    found: list[Version] = [((1,), 1, ()), ((2,), 1, ()), ((10,), 1, ())]
    if low is not None:
        numbers, release, identifiers = low
        found.append(low)
        if not release:
            found += [(numbers, 1, ()), (numbers, 0, (*identifiers, (0, 0, "")))]
        depth = max(len(numbers), len(high[0]) if high else 0)
        padded = (*numbers, *[0] * (2 - len(numbers)))
        found += [((*padded[:-1], padded[-1] + 1), 1, ()), ((*padded, 1), 1, ())]
        found.append(((*numbers, *[0] * (depth + 1 - len(numbers)), 1), 0, ((0, 0, ""),)))
    if high is not None:
        found += [high, ((), 1, ())]
        if high[1]:
            found.append((high[0], 0, ((1, 0, "beta"),)))
    return [*found, LOWEST]
