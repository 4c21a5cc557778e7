"""Slips of wording: what people write who know other languages, spreadsheets, or plain English.

In: nothing. Out: the habits, each with what rules say instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from segdsl.syntax.slip import Habit, Slip, replaced

_TEXT = r'"(?:\\.|[^"\\\n])*"'
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_VALUE = rf"(?:{_TEXT}|{_DATE}|{_NUMBER})"
_VALUES = rf"{_VALUE}(?:[ \t]*,[ \t]*{_VALUE})+"
_WORD = r"[A-Za-z_][A-Za-z0-9_]*"

_COMPARED = {
    "is not equal to": "!=",
    "is equal to": "==",
    "equals": "==",
    "is greater than": ">",
    "is more than": ">",
    "is less than": "<",
    "is at least": ">=",
    "is at most": "<=",
    "is not in": "not in",
    "is in": "in",
}
"""Phrases by the sign or word that rules have for them; `is` may be left out."""
_NOT = {"contain": "contains", "start with": "starts with", "end with": "ends with", "match": "matches", "have": "has"}


def _phrase(words: str) -> str:
    return words.replace("is ", "(?:is )?", 1).replace(" ", "[ \t]+") if words not in ("is in", "is not in") else words


def _compared(found: re.Match[str]) -> Slip | None:
    words = " ".join(found[0].split())
    meant = _COMPARED.get(words) or _COMPARED.get(f"is {words}")
    return replaced("S219", found, f'"{words}" is not how rules compare', meant) if meant else None


def _is_value(found: re.Match[str]) -> Slip:
    sign = "!=" if found["no"] else "=="
    words = " ".join(found["is"].split())
    message = f'after "{words}" comes the name of a state; a value is compared with {sign}'
    at = found.span("is")
    return Slip("S219", message, *at, ((*at, sign),), f"write {sign} {found['value']}")


def _negated(found: re.Match[str]) -> Slip:
    meant = f"not {_NOT[' '.join(found['verb'].split())]}"
    return replaced("S219", found, f'"{" ".join(found[0].split())}" is not how rules say it', meant)


def _between(found: re.Match[str]) -> Slip:
    meant = f"in {found['low']}..{found['high']}"
    return replaced("S219", found, "a range is written with two dots", meant, f"write {meant}, with both ends", False)


def _several(found: re.Match[str]) -> Slip:
    sign = "not in" if found["sign"] == "!=" else "in"
    at = found.span("sign")
    message = f"{found['sign']} compares with one value; for several there is {sign}"
    return Slip("S219", message, *at, ((*at, sign),), f"write {sign} {found['list']}")


def _bare_list(found: re.Match[str]) -> Slip:
    start, end = found.span("list")
    written = f"({found['list']})"
    return Slip("S201", "a list stands in brackets", start, end, ((start, end, written),), f"write {written}")


def _square(found: re.Match[str]) -> Slip:
    start, end = found.span()
    repairs = ((start, start + 1, "("), (end - 1, end, ")"))
    return Slip("S201", "a list stands in round brackets", start, end, repairs, f"write ({found[0][1:-1]})")


def _currency(found: re.Match[str]) -> Slip:
    amount = found["before"] or found["after"]
    message = "an amount is written without its currency"
    return replaced("S201", found, message, amount, certain=False)


def _thousand(found: re.Match[str]) -> Slip:
    whole, _, fraction = found["number"].partition(".")
    written = str(int(f"{whole}{fraction:0<3}")) if len(fraction) <= 3 else found["number"]
    return replaced("S201", found, "a number is written in full", written, certain=False)


def _point(found: re.Match[str]) -> Slip:
    meant = found[0].replace(",", ".")
    return replaced("S208", found, "a number is written with a point, not with a comma", meant, certain=False)


def _leading_point(found: re.Match[str]) -> Slip:
    return replaced("S201", found, "a number begins with a digit", f"0{found[0]}")


def _day(day: int, month: int) -> Callable[[re.Match[str]], Slip | None]:
    def make(found: re.Match[str]) -> Slip | None:
        numbers = [int(found[1]), int(found[2])]
        if not 1 <= numbers[month] <= 12 or not 1 <= numbers[day] <= 31:
            return None
        meant = f"{found[3]}-{numbers[month]:02}-{numbers[day]:02}"
        return replaced("S304", found, "a date is written year-month-day", meant, certain=False)

    return make


def _remark(found: re.Match[str]) -> Slip:
    return replaced("S201", found, "a remark begins with #", "#")


def _semicolon(found: re.Match[str]) -> Slip:
    return replaced("S201", found, "nothing marks the end of a statement", "", "leave it out")


def _label(found: re.Match[str]) -> Slip:
    start, end = found.span("label")
    repairs = ((found.start("colon"), end, f" {found['label']}:"),)
    advice = f"write {found['name']} {found['label']}:"
    return Slip("S201", "a label stands before the colon", start, end, repairs, advice)


def _one_word(found: re.Match[str]) -> Slip:
    start, end = found.span("name")
    meant = "_".join(re.split(r"[ \t-]+", found["name"]))
    repair = (start, end, meant)
    return Slip("S201", "a name is one word", start, end, (repair,), f"write {meant}", certain=False)


def _used(found: re.Match[str]) -> Slip:
    start, end = found.span("file")
    written = f'"{found["file"]}"'
    return Slip("S201", "the name of a file stands in quotes", start, end, ((start, end, written),), f"write {written}")


_NAMED = r"^\s*(?:segment|partition|priority|dimension|set|let)[ \t]+"
HABITS = (
    Habit(
        re.compile(rf"{_NAMED}(?P<name>{_WORD}(?:(?:[ \t]+|-){_WORD})+)(?=[ \t]*(?:{_TEXT}[ \t]*)?(?::|=(?!=)))"),
        _one_word,
    ),
    Habit(
        re.compile(rf"{_NAMED}(?P<name>{_WORD})[ \t]*(?P<colon>:)[ \t]*(?P<label>{_TEXT})(?=[ \t]*[A-Za-z(])"), _label
    ),
    Habit(re.compile(r'^\s*use[ \t]+(?P<file>[^\s"]+)'), _used),
    Habit(re.compile(rf"\bbetween[ \t]+(?P<low>{_VALUE})[ \t]+and[ \t]+(?P<high>{_VALUE})"), _between),
    Habit(re.compile("|".join(rf"\b{_phrase(words)}\b" for words in _COMPARED)), _compared),
    Habit(
        re.compile(rf"\b(?:does[ \t]+not|doesn['’]t)[ \t]+(?P<verb>{'|'.join(_NOT).replace(' ', '[ ]+')})\b"), _negated
    ),
    Habit(re.compile(rf"(?P<is>\bis(?P<no>[ \t]+not)?)(?=[ \t]+(?P<value>{_VALUE}))"), _is_value),
    Habit(re.compile(rf"(?P<sign>==|!=)[ \t]*(?P<list>\([ \t]*{_VALUES}[ \t]*\))"), _several),
    Habit(re.compile(rf"(?:\bin|\bof|\bhas only|^\s*set[ \t]+{_WORD}[ \t]*=)[ \t]+(?P<list>{_VALUES})"), _bare_list),
    Habit(re.compile(rf"\[[ \t]*{_VALUE}(?:[ \t]*,[ \t]*{_VALUE})*[ \t]*\]"), _square),
    Habit(re.compile(rf"[$€£¥][ \t]*(?P<before>{_NUMBER})|(?<![0-9.])(?P<after>{_NUMBER})[ \t]*[$€£¥]"), _currency),
    Habit(re.compile(r"(?<![0-9.-])([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?![0-9.])"), _day(0, 1)),
    Habit(re.compile(r"(?<![0-9.])(?P<number>[0-9]+(?:\.[0-9]+)?)[kK]\b"), _thousand),
    Habit(re.compile(r"(?<![0-9.,])[0-9]+,[0-9]+(?![0-9,])"), _point),
    Habit(re.compile(r"(?<![0-9A-Za-z_.\"\])])\.[0-9]+"), _leading_point),
    Habit(re.compile(r"//"), _remark),
    Habit(re.compile(r";+"), _semicolon),
)
