"""What the text tests mean for plain texts, and the patterns of `matches`.

In: a text and the text of a pattern. Out: whether the one has the other. A pattern can be taken apart once (`parse`)
and asked often (`holds`).
"""

from __future__ import annotations

ANY_RUN = "any run"
ANY_ONE = "any one"
"""What a glob can hold beside characters. Longer than a character, so that it is none."""

_WILDCARDS = {"*": ANY_RUN, "?": ANY_ONE}


def starts_with(text: str, pattern: str) -> bool:
    return text.startswith(pattern)


def ends_with(text: str, pattern: str) -> bool:
    return text.endswith(pattern)


def contains(text: str, pattern: str) -> bool:
    return pattern in text


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text fits a pattern of `matches`."""
    return holds(parse(pattern), text)


def parse(pattern: str) -> tuple[str, ...]:
    """The characters and wildcards of a pattern.

    `*` is any run, `?` one character, a backslash before either (or before itself) the character itself.
    """
    parts: list[str] = []
    escaped = False
    for character in pattern:
        if not escaped and character == "\\":
            escaped = True
            continue
        part = character if escaped else _WILDCARDS.get(character, character)
        if part != ANY_RUN or parts[-1:] != [ANY_RUN]:
            parts.append(part)
        escaped = False
    if escaped:
        parts.append("\\")
    return tuple(parts)


def holds(glob: tuple[str, ...], text: str) -> bool:
    """Whether the whole text matches, in at most len(glob) * len(text) steps.

    Only the last `*` is ever tried again: when the rest fails, giving an earlier one more characters cannot help.
    """
    at, position, star, resume = 0, 0, -1, 0
    while position < len(text):
        if at < len(glob) and glob[at] == ANY_RUN:
            star, resume, at = at, position, at + 1
        elif at < len(glob) and glob[at] in (ANY_ONE, text[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            resume += 1
            at, position = star + 1, resume
        else:
            return False
    return all(part == ANY_RUN for part in glob[at:])
