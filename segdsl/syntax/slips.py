"""Common slips of spelling: recognised by name, never silently accepted, repaired by `fmt --fix`.

In: a statement's text and the position at which reading it failed. Out: the slip there, with its repair.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from segdsl.syntax.slip import Habit, Slip
from segdsl.syntax.wording import HABITS as WORDING

KEYWORDS = frozenset(
    ("and", "or", "not", "is", "in", "true", "false", "with", "of", "expect", "implies", "otherwise", "unknown", "ago")
)
"""Words that stand inside statements."""

STATEMENTS = (
    "use",
    "timezone",
    "dimension",
    "states",
    "events",
    "set",
    "let",
    "segment",
    "partition",
    "priority",
    "assert",
    "test",
)
"""Words that begin one. `events` is kept for behaviour over lists of records, which this version does not have."""

RESERVED = KEYWORDS.difference(("ago",)) | frozenset(STATEMENTS) | frozenset(("now", "today"))


def _whole(code: str, message: str, replacement: str, advice: str) -> Callable[[re.Match[str]], Slip]:
    def make(found: re.Match[str]) -> Slip:
        repair = (found.start(), found.end(), replacement)
        return Slip(code, message, found.start(), found.end(), (repair,), advice)

    return make


def _sign(meant: str) -> Callable[[re.Match[str]], Slip]:
    return lambda found: _whole("S219", f'"{found[0]}" is not how rules compare', meant, f"write {meant}")(found)


def _curly(found: re.Match[str]) -> Slip:
    repairs = ((found.start(), found.start() + 1, '"'), (found.end() - 1, found.end(), '"'))
    message = "these are curly quotes, as word processors and e-mail write them"
    return Slip("S202", message, found.start(), found.end(), repairs, f'use straight quotes: "{found[1]}"')


def _lone_curly(found: re.Match[str]) -> Slip:
    message = "this is a curly quote, as word processors and e-mail write them"
    return Slip(
        "S202", message, found.start(), found.end(), ((found.start(), found.end(), '"'),), 'use a straight quote: "'
    )


def _single(found: re.Match[str]) -> Slip:
    inner = found[1].replace('"', '\\"')
    return Slip(
        "S210",
        "a text stands in double quotes",
        found.start(),
        found.end(),
        ((found.start(), found.end(), f'"{inner}"'),),
        f'write "{inner}"',
    )


def _capital(found: re.Match[str]) -> Slip | None:
    lower = found[0].lower()
    if lower == found[0] or lower not in KEYWORDS | _OPERATOR_WORDS:
        return None
    return Slip(
        "S206",
        f'"{found[0]}" is written in small letters here',
        found.start(),
        found.end(),
        ((found.start(), found.end(), lower),),
        f"write {lower}",
    )


_OPERATOR_WORDS = frozenset(
    ("contains", "starts", "ends", "matches", "has", "within", "before", "after", "any", "all", "only", "next")
)
_GLUED = re.compile(r"(and|or|not|is|in|contains|matches|has|before|after)(?=[A-Za-z0-9_\"])")


def _glued(found: re.Match[str]) -> Slip | None:
    word = found[0]
    if word.lower() in KEYWORDS | _OPERATOR_WORDS:
        return None
    front = _GLUED.match(word)
    number = re.match(r"[0-9]+(?:\.[0-9]+)?(?=and|or|is|not)", word)
    cut = front.end() if front else number.end() if number else None
    if cut is None:
        return None
    apart = f"{word[:cut]} {word[cut:]}"
    at = found.start() + cut
    message = f'"{word}" runs two words together'
    advice = f"write {apart}, with a space between"
    certain = front is None  # "island" may be a name that stands in a wrong place; no name begins with a figure
    return Slip("S209", message, found.start(), found.end(), ((at, at, " "),), advice, certain)


def _unclosed(found: re.Match[str]) -> Slip:
    end = found.start() + len(found[0].rstrip())
    return Slip(
        "S207",
        "this text has no closing quote",
        found.start(),
        end,
        ((end, end, '"'),),
        'put " where the text ends',
        certain=False,
    )


def _thousands(found: re.Match[str]) -> Slip:
    digits = found[0].replace(",", "")
    return Slip(
        "S208",
        f"{found[0]} is written without commas here",
        found.start(),
        found.end(),
        ((found.start(), found.end(), digits),),
        f"write {digits}",
    )


def _chained(found: re.Match[str]) -> Slip:
    middle = found["middle"]
    return Slip(
        "S220",
        "two comparisons in a row",
        found.start(),
        found.end(),
        ((found.start("second"), found.end("second"), ""),),
        f"compare one thing at a time: {found['first'].strip()} and {middle} {found['second'].strip()}",
        certain=False,
    )


INVISIBLE = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_VALUE = r"[A-Za-z0-9_.\"-]+"
_SIGN = r"[ \t]*(?:<=|>=|<|>|==)[ \t]*"
_HABITS = (
    Habit(re.compile(r"[“”„‟«»″]([^“”„‟«»″\"\n]*)[“”„‟«»″]"), _curly),
    Habit(re.compile(r"[“”„‟«»″]"), _lone_curly),
    Habit(re.compile(r"['‘’‛`´]((?:[^'‘’‛`´\n]|(?<=\w)['’](?=\w))*)['‘’‛`´]"), _single),
    Habit(
        re.compile(f"[{INVISIBLE}]+"),
        _whole(
            "S211", "there is an invisible character here, pasted from elsewhere", " ", "put a plain space in its place"
        ),
    ),
    Habit(re.compile(r"={3,}"), _whole("S203", "equality is written with two equals signs", "==", "write ==")),
    Habit(re.compile(r"<>|=!"), _sign("!=")),
    Habit(re.compile(r"=<|≤"), _sign("<=")),
    Habit(re.compile(r"=>|≥"), _sign(">=")),
    Habit(re.compile(r"≠"), _sign("!=")),
    Habit(
        re.compile(r"(?<![=<>!])=(?![=<>])"),
        _whole("S203", "one equals sign does not compare", "==", 'write ==, which asks "is it the same?"'),
    ),
    Habit(re.compile(r"&&?"), _whole("S204", '"and" is written as a word here', " and ", "write and")),
    Habit(re.compile(r"\|\|?"), _whole("S204", '"or" is written as a word here', " or ", "write or")),
    Habit(re.compile(r"!(?!=)"), _whole("S204", '"not" is written as a word here', "not ", "write not")),
    Habit(re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])"), _thousands),
    *WORDING,
    Habit(re.compile(r"[A-Za-z_][A-Za-z0-9_]*"), _capital),
    Habit(re.compile(r"[A-Za-z0-9_]+"), _glued),
    Habit(
        re.compile(
            # beginning where a value begins, or a long word would be tried from each of its letters
            rf"(?<![A-Za-z0-9_.\"-])(?P<first>{_VALUE}{_SIGN}(?P<middle>{_VALUE}))[ \t]*(?P<second>{_SIGN}{_VALUE})"
        ),
        _chained,
    ),
)
_QUOTED = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*')
_UNCLOSED = re.compile(r'"[^\n]*')


_LIST_OF_NUMBERS = re.compile(r"\([ \t\r\n]*[0-9][0-9., \t\r\n]*\)")
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?!,?[0-9])")


def grouped_in_list(text: str) -> Slip | None:
    """A number such as 1,000 in a list, where its comma would make two numbers of it and nothing would fail.

    What gives it away is a group that begins with 0, or that all numbers are like that and only the list's own commas
    have a space behind them.
    """
    if _LIST_OF_NUMBERS.search(text) is None:
        return None
    quoted = [(found.start(), found.end()) for found in _QUOTED.finditer(text)]
    for listed in _LIST_OF_NUMBERS.finditer(text):
        if _inside(quoted, listed.start()):
            continue
        items = re.split(r",\s+", listed[0][1:-1].strip())
        grouped = len(items) > 1 and all(_GROUPED.fullmatch(item) or re.match("[0-9]{4}", item) for item in items)
        for found in _GROUPED.finditer(text, listed.start(), listed.end()):
            if grouped or ",0" in found[0]:
                return _thousands(found)
    return None


def slip_at(text: str, position: int) -> Slip | None:
    """The slip that explains why reading `text` failed at `position`: it covers that place or ends just before it."""
    quoted = [(found.start(), found.end()) for found in _QUOTED.finditer(text)]
    before = len(text[:position].rstrip(" \t\r\n"))
    open_quote = _unclosed_quote(text, quoted, position)
    if open_quote is not None:
        return open_quote
    for place in (position, before):
        for habit in _HABITS:
            for found in habit.pattern.finditer(text):
                if _inside(quoted, found.start()):
                    continue
                if found.start() <= place < found.end() or (place == before and found.end() == before):
                    slip = habit.make(found)
                    if slip is not None:
                        return slip
    return None


def _inside(quoted: list[tuple[int, int]], position: int) -> bool:
    """Whether a position lies in one of these stretches, which are in order."""
    before = bisect_right(quoted, (position, position)) - 1
    candidates = quoted[max(before, 0) : before + 2]
    return any(start <= position < end for start, end in candidates)


def _unclosed_quote(text: str, quoted: list[tuple[int, int]], position: int) -> Slip | None:
    """A quote at or before the position that nothing closes on its line, curly quotes not being to blame."""
    for found in _UNCLOSED.finditer(text):
        if _inside(quoted, found.start()):
            continue
        if found.start() <= position:
            return _unclosed(found)
    return None
