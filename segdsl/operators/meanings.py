"""What every function means in plain Python, and its meaning by its name.

In: a context, of which only `now` and `zone` are looked at, and known values. Out: a value, or UNKNOWN. The records of
the functions refer to these; compiled rules find them by name (`meaning_of`) without the records. Units of time are
words here. Whatever is slow to import is imported when a function needs it.
"""

from __future__ import annotations

import datetime as dt
from math import asin, cos, isfinite, radians, sin, sqrt

from segdsl.values.late_pattern import LatePattern
from segdsl.values.reading import fold
from segdsl.values.unknown import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Context(Protocol):
        """What an evaluation may know beside the visitor."""

        @property
        def now(self) -> dt.datetime: ...

        @property
        def zone(self) -> dt.tzinfo: ...


# Numbers


def compare(_context: Context, left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def _finite(rule: Callable[[float, float], float]) -> Callable[[Context, Any, Any], Any]:
    def meaning(_context: Context, left: Any, right: Any) -> Any:
        try:
            value = rule(float(left), float(right))
        except ZeroDivisionError:
            return UNKNOWN
        return value if isfinite(value) else UNKNOWN

    return meaning


add = _finite(lambda left, right: left + right)
multiply = _finite(lambda left, right: left * right)
divide = _finite(lambda left, right: left / right)
_subtract_numbers = _finite(lambda left, right: left - right)


def subtract(context: Context, left: Any, right: Any) -> Any:
    """The difference of numbers, or of times in seconds."""
    match left:
        case dt.datetime():
            return float((left - right).total_seconds())
        case dt.date():
            return float((left - right).days * 86400)
        case _:
            return _subtract_numbers(context, left, right)


# Texts


def lower(_context: Context, text: str) -> str:
    return fold(text)


_WRITTEN_NUMBER = LatePattern(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")


def number(_context: Context, text: str) -> Any:
    value = float(text) if _WRITTEN_NUMBER.fullmatch(text) else float("nan")
    return value if isfinite(value) else UNKNOWN


def bucket(_context: Context, value: Any, salt: str) -> float:
    import hashlib

    text = f"{salt}:{value}".encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


# Times


def _last_day(year: int, month: int) -> int:
    """Of a month in the calendar that goes on forever both ways."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def shift_date(day: dt.date, amount: int, unit: str) -> dt.date:
    """A civil date moved by whole days, weeks, months or years; OverflowError or ValueError outside years 1 to 9999."""
    if unit == "day":
        return day + dt.timedelta(days=amount)
    if unit == "week":
        return day + dt.timedelta(weeks=amount)
    months = day.year * 12 + day.month - 1 + amount * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, _last_day(year, month + 1)))


def shift(moment: dt.datetime, amount: float, unit: str, zone: dt.tzinfo) -> Any:
    """A moment in UTC moved by an amount of a unit; UNKNOWN outside years 1 to 9999."""
    try:
        if unit in EXACT_UNITS:
            moved = moment + dt.timedelta(**{unit + "s": amount})
            moved.astimezone(zone)  # a moment without a date there is none
            return moved
        local = moment.astimezone(zone)
        day = shift_date(local.date(), int(amount), unit)
        return dt.datetime.combine(day, local.timetz(), zone).replace(fold=local.fold).astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return UNKNOWN


EXACT_UNITS = ("second", "minute", "hour")
"""A fixed number of seconds wherever it is counted from."""
UNITS = (*EXACT_UNITS, "day", "week", "month", "year")


def civil_date(moment: dt.datetime, zone: dt.tzinfo) -> Any:
    """The date on the wall calendar; UNKNOWN outside years 1 to 9999."""
    try:
        return moment.astimezone(zone).date()
    except (OverflowError, ValueError):
        return UNKNOWN


def date(context: Context, moment: dt.datetime) -> Any:
    return civil_date(moment, context.zone)


def move(amount: float, unit: str) -> Callable[[Context, Any], Any]:
    """A time moved by an amount of a unit, backward if negative; a date by whole days."""

    def meaning(context: Context, time: Any) -> Any:
        if isinstance(time, dt.datetime):
            return shift(time, amount, unit, context.zone)
        try:
            return shift_date(time, int(amount), unit)
        except (OverflowError, ValueError):
            return UNKNOWN

    return meaning


def window(amount: float, unit: str, forward: bool, dates: bool) -> Callable[[Context, dt.datetime], Any]:
    """The window that reaches back (or forward) from now, as a pair of moments or dates."""

    def meaning(context: Context, now: dt.datetime) -> Any:
        other = shift(now, amount if forward else -amount, unit, context.zone)
        pair = (now, other) if forward else (other, now)
        if UNKNOWN in pair:
            return UNKNOWN
        return tuple(civil_date(time, context.zone) for time in pair) if dates else pair

    return meaning


def _part(rule: Callable[[Any], int]) -> Callable[[Context, Any], Any]:
    def meaning(context: Context, time: Any) -> Any:
        if isinstance(time, dt.datetime):
            try:
                time = time.astimezone(context.zone)
            except (OverflowError, ValueError):
                return UNKNOWN
        return rule(time)

    return meaning


year = _part(lambda time: int(time.year))
month = _part(lambda time: int(time.month))
week = _part(lambda time: int(time.isocalendar().week))
day = _part(lambda time: int(time.day))
weekday = _part(lambda time: int(time.isoweekday()))
hour = _part(lambda time: int(time.hour))
minute = _part(lambda time: int(time.minute))


def anniversary(context: Context, day: dt.date) -> Any:
    """The next day, today included, with the month and day of a date."""
    today = civil_date(context.now, context.zone)
    if today is UNKNOWN:
        return UNKNOWN
    for year in (today.year, today.year + 1):
        if year > dt.MAXYEAR:
            break
        occurrence = dt.date(year, day.month, min(day.day, _last_day(year, day.month)))
        if occurrence >= today:
            return occurrence
    return UNKNOWN


# Places

MEAN_RADIUS = 6371.0088
"""Of the Earth in kilometres (International Union of Geodesy and Geophysics, R1)."""


def haversine(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres between two places in degrees, on a sphere (R. W. Sinnott, "Virtues of the haversine", 1984)."""
    latitude, other = radians(here[0]), radians(there[0])
    half = sin((other - latitude) / 2) ** 2
    half += cos(latitude) * cos(other) * sin(radians(there[1] - here[1]) / 2) ** 2
    return 2 * MEAN_RADIUS * asin(sqrt(min(1.0, half)))


def distance(_context: Context, here: tuple[float, float], latitude: float, longitude: float) -> float:
    return haversine(here, (latitude, longitude))


# By name


_BY_NAME: dict[str, Callable[..., Any]] = {
    "compare": compare,
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "lower": lower,
    "number": number,
    "bucket": bucket,
    "date": date,
    "year": year,
    "month": month,
    "week": week,
    "day": day,
    "weekday": weekday,
    "hour": hour,
    "minute": minute,
    "anniversary": anniversary,
    "distance": distance,
}


def _in_window(value: Any, window: tuple[Any, Any]) -> bool:
    """Later than the first moment, up to and with the second."""
    return bool(window[0] < value <= window[1])


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "before": lambda left, right: left < right,
    "after": lambda left, right: left > right,
    "within": _in_window,
    "within next": _in_window,
}


def meaning_of_operator(name: str) -> Callable[[Any, Any], bool] | None:
    """What an operator between values says, for those that can stand between a value and now; None for any other."""
    return _OPERATORS.get(name)


_LONGEST_NAME = 100
"""More than any amount that a rule can say needs."""


def name_of_move(amount: float, unit: str) -> str:
    return f"move {amount} {unit}"


def name_of_window(amount: float, unit: str, forward: bool, dates: bool) -> str:
    return f"window {amount} {unit} {forward} {dates}"


def meaning_of(name: str) -> Callable[..., Any] | None:
    """The meaning of the function that has exactly this name, or None; raises nothing, whatever the name is."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return None
    match name.split(" "):
        case ["move", written, unit] if unit in UNITS:
            amount = _amount(written)
            if amount is not None and name == name_of_move(amount, unit):
                return move(amount, unit)
        case ["window", written, unit, forward, dates] if unit in UNITS:
            amount, directed, whole = _amount(written), forward == "True", dates == "True"
            if amount is not None and name == name_of_window(amount, unit, directed, whole):
                return window(amount, unit, directed, whole)
    return _BY_NAME.get(name)


def _amount(written: str) -> float | None:
    try:
        return int(written)
    except ValueError:
        pass
    try:
        amount = float(written)
    except ValueError:
        return None
    return amount if isfinite(amount) else None
