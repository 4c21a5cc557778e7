"""Characters, and the columns that they take in a terminal.

In: text of any origin. Out: how it is shown, how wide that is, and rows that fit. Knows nothing of messages.
No control character gets out: a terminal obeys those.
"""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

_JOINERS = "\u200c\u200d"
_EMOJI_STYLE = "\ufe0f"


def cells_of(text: str) -> list[tuple[str, int]]:
    """How each character is shown, and in how many columns. Those of one emoji are shown in two columns together."""
    cells: list[tuple[str, int]] = []
    together = 0
    for position, character in enumerate(text):
        if " " <= character <= "~":
            shown, columns, extends = character, 1, False
        else:
            before, after = text[position - 1 : position], text[position + 1 : position + 2]
            shown, columns, extends = _cell(character, before, after, together)
        together = together + columns if extends else columns
        cells.append((shown, columns))
    return cells


def _cell(character: str, before: str, after: str, together: int) -> tuple[str, int, bool]:
    """How a character is shown, in how many columns, and whether it only alters the one before it."""
    if character == "\t":
        return "    ", 4, False
    if character in _JOINERS and before > "~" and after > "~":
        return character, 0, True
    if "\U000e0020" <= character <= "\U000e007f" and (before == "🏴" or "\U000e0020" <= before <= "\U000e007f"):
        return character, 0, True  # the flags of England, Scotland, Wales
    kind = category(character)
    emoji = "\U0001f300" <= character <= "\U0001faff"  # with those that this Python is too old to know
    if not (character.isprintable() or (emoji and kind == "Cn")):
        escaped = f"\\u{{{ord(character):x}}}"
        return escaped, len(escaped), False
    if character == _EMOJI_STYLE or "🏻" <= character <= "🏿":
        if together == 1 and not before.isalpha():
            return character, 1, True
        if together == 2 or character == _EMOJI_STYLE:
            return character, 0, True
    if before == _JOINERS[1] and (emoji or kind.startswith("S")):
        return character, 0, True
    if kind in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":  # accents; the vowels of a Korean syllable
        return character, 0, True
    wide = east_asian_width(character) in "WF" or (emoji and kind == "Cn")
    return character, 2 if wide else 1, False


def columns_of(text: str) -> int:
    """How many columns a text takes in a terminal."""
    return sum(columns for _, columns in cells_of(text))


def harmless(text: str) -> str:
    """The text with everything that a terminal would obey, or that nobody could see, written as an escape."""
    return "".join(shown for shown, _ in cells_of(text))


def wrapped(text: str, room: int) -> list[str]:
    """Rows of at most `room` columns, broken at spaces; a longer word stays whole, an indented text stays indented."""
    shown = harmless(text)
    indent = shown[: len(shown) - len(shown.lstrip(" "))]
    rows = [""]
    for gap, word in re.findall(r"( *)([^ ]+)", shown):
        longer = rows[-1] + gap + word
        if rows[-1] and columns_of(longer) > room:
            rows.append(indent + word)
        else:
            rows[-1] = longer
    return rows
