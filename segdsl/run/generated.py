"""Python functions from text, such that tracebacks show it."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any, Protocol


class Lines(Protocol):
    """Makes the statements that answer for `visitor`, a dict; `deliver` makes those that hand an answer over."""

    def __call__(self, deliver: Callable[[str], list[str]]) -> Iterable[str]: ...


def compiled(name: str, text: str) -> CodeType:
    """The code of a text, under a file name that no other text has."""
    lines = text.splitlines(keepends=True)
    file, count = f"<segdsl {name}>", 1
    while file in linecache.cache and linecache.getlines(file) != lines:
        count += 1
        file = f"<segdsl {name} {count}>"
    linecache.cache[file] = (len(text), None, lines, file)
    return compile(text, file, "exec")


def indented(lines: Iterable[str], levels: int) -> list[str]:
    return ["    " * levels + line for line in lines]


def of_one(name: str, lines: Lines) -> list[str]:
    """A function of a visitor. What is no dict, and whatever raises, is left to `exactly`."""
    return [
        f"def {name}(visitor, now=None):",
        "    try:",
        "        if type(visitor) is dict:",
        *indented(lines(lambda answer: [f"return {answer}"]), 3),
        "    except Exception:",
        "        pass",
        "    return exactly(visitor, now)",
    ]


def of_many(name: str, lines: Lines) -> list[str]:
    """The same for many visitors: one call, one instant, and a list of answers in their order."""
    return [
        f"def {name}(visitors, now=None):",
        "    now = instant(now)",
        "    found = []",
        "    add = found.append",
        "    for visitor in visitors:",
        "        try:",
        "            if type(visitor) is dict:",
        *indented(lines(lambda answer: [f"add({answer})", "continue"]), 4),
        "        except Exception:",
        "            pass",
        "        add(exactly(visitor, now))",
        "    return found",
    ]


def function(name: str, title: str, lines: list[str], scope: dict[str, Any]) -> Callable[..., Any]:
    """The function of this name that the lines define. `title` is what tracebacks call it; `source` is its text."""
    text = "\n".join(lines) + "\n"
    own = dict(scope)
    exec(compiled(title, text), own)
    made: Callable[..., Any] = own[name]
    made.source = text  # type: ignore[attr-defined]
    return made
