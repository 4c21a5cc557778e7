"""What is written in a rule file as a value of a kind.

In: a literal's node and the kind that stands beside it. Out: the value, or a diagnostic that says what to write
instead.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from decimal import Decimal
from typing import Any, assert_never

from segdsl.operators.temporal import Unit, civil_date
from segdsl.program.advice import mismatch
from segdsl.program.wrong import wrong
from segdsl.syntax import tree
from segdsl.text.diagnostic import Label
from segdsl.text.suggest import nearest
from segdsl.values.kinds import (
    Boolean,
    Date,
    Datetime,
    Distance,
    Duration,
    Integer,
    Ip,
    Kind,
    Number,
    Point,
    SetOf,
    Text,
    Version,
    fold,
    words,
)
from segdsl.values.region import Interval
from segdsl.values.version import parse_version
from segdsl.values.written import UNITS, quoted

DIGITS = 15
"""Significant digits that every IEEE double keeps (its decimal precision)."""
MOST_CHOICES = 8
"""Of a fixed list of texts that a message shows."""
KILOMETRES = {"km": 1.0, "m": 0.001, "mile": 1.609344}


def number_of(node: tree.NumberLiteral | tree.PercentLiteral | tree.DurationLiteral | tree.LengthLiteral) -> float:
    """The number as written; more digits than a double keeps are an error."""
    digits = re.sub(r"[^0-9]", "", node.text).strip("0")
    if len(digits) > DIGITS:
        shorter = format(Decimal(format(Decimal(node.text), f".{DIGITS}g")), "f")
        message = f"this number has more than {DIGITS} digits, which is the most that can be kept exactly"
        raise wrong("S306", node, message, advice=f"write {shorter}", instead=shorter)
    return int(node.text) if "." not in node.text else float(node.text)


def natural_kind(node: tree.Literal) -> Kind:
    """The kind that a literal has when nothing stands beside it."""
    match node:
        case tree.TextLiteral():
            return Text()
        case tree.NumberLiteral() | tree.PercentLiteral():
            return Number()
        case tree.DurationLiteral():
            return Duration()
        case tree.LengthLiteral():
            return Distance()
        case tree.DateLiteral():
            return Date()
        case tree.DatetimeLiteral():
            return Datetime()
        case tree.BooleanLiteral():
            return Boolean()
        case _:
            assert_never(node)


def as_kind(node: tree.Literal, kind: Kind, subject: str, labels: tuple[Label, ...], zone: dt.tzinfo) -> Any:
    """The literal as a value of the kind; raises Wrong. `subject` is what stands beside it, for the message."""
    match kind, node:
        case Text(), tree.TextLiteral(value):
            return fold(value) if kind.ignoring_case else value
        case Integer() | Number(), tree.NumberLiteral():
            return number_of(node)
        case Integer() | Number(), tree.PercentLiteral():
            return number_of(node) / 100
        case Boolean(), tree.BooleanLiteral(value):
            return value
        case Date(), tree.DateLiteral():
            return _date(node)
        case Date(), tree.DatetimeLiteral():
            return civil_date(_datetime(node, zone), zone)
        case Datetime(), tree.DatetimeLiteral():
            return _datetime(node, zone)
        case Duration(), tree.DurationLiteral():
            return seconds(node)
        case Distance(), tree.LengthLiteral():
            return number_of(node) * KILOMETRES[node.unit]
        case Version(), tree.TextLiteral(value):
            return version_of(node)
        case Ip(), tree.TextLiteral(value):
            network = _network(node)
            if network.low != (network.high and (network.high[0], False)):
                raise wrong(
                    "S305", node, f"{quoted(value)} is a whole network", advice=f"write {subject} in {quoted(value)}"
                )
            return network.low and network.low[0]
        case _:
            raise mismatch(node, natural_kind(node), kind, subject, labels)


def _date(node: tree.DateLiteral) -> dt.date:
    try:
        return dt.date.fromisoformat(node.text)
    except ValueError:
        raise wrong(
            "S304", node, f"there is no day {node.text}", advice="write year-month-day, as 2026-01-31"
        ) from None


def _datetime(node: tree.DatetimeLiteral, zone: dt.tzinfo) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(node.text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise wrong(
            "S304",
            node,
            f"there is no moment {node.text}",
            advice="write year-month-dayThour:minute, as 2026-01-31T18:00Z",
        ) from None


def seconds(node: tree.DurationLiteral) -> float:
    """A length of time in seconds; raises Wrong for months and years, which have no fixed length."""
    if node.unit not in UNITS:
        message = f"a {node.unit} is not always equally long, so nothing can be measured in {node.unit}s"
        raise wrong(
            "S310",
            node,
            message,
            advice=f"count in days, or compare the time itself, as: … before {node.span.text} ago",
        )
    return number_of(node) * UNITS[node.unit]


_SMALLER = {"day": "hours", "week": "days", "month": "days", "year": "months"}


def amount_of(node: tree.DurationLiteral) -> tuple[float, Unit]:
    """A length of time to move by; days and longer come whole."""
    amount, unit = number_of(node), Unit(node.unit)
    if not unit.exact and amount != int(amount):
        raise wrong(
            "S304",
            node,
            f"{node.span.text} is not a whole number of {node.unit}s",
            advice=f"write a whole number, or count in {_SMALLER[node.unit]}",
        )
    return amount, unit


def version_of(node: tree.TextLiteral) -> Any:
    version = parse_version(node.value)
    if version is None:
        raise wrong(
            "S304",
            node,
            f"{quoted(node.value)} is not a version",
            advice='write numbers with dots between, as "12.1" or "2.0.0-beta"',
        )
    return version


def _network(node: tree.TextLiteral) -> Interval:
    try:
        network = ipaddress.ip_network(node.value, strict=False)
    except ValueError:
        advice = 'write an address, as "10.0.0.1"; "in" takes networks too, as "10.0.0.0/8"'
        raise wrong("S304", node, f"{quoted(node.value)} is not an internet address", advice=advice) from None
    first, last = int(network.network_address), int(network.broadcast_address)
    return Interval(((network.version, first), False), ((network.version, last), True))


def intervals(
    node: tree.ListOf | tree.Range | tree.Literal, kind: Kind, subject: str, labels: tuple[Label, ...], zone: dt.tzinfo
) -> tuple[Interval, ...]:
    """A list, a range or a single value, as intervals of values of the kind; raises Wrong. The items are literals."""
    match node:
        case tree.ListOf(items):
            return tuple(one for item in items for one in intervals(item, kind, subject, labels, zone))  # type: ignore[arg-type]  # the resolver has put literals there
        case tree.Range():
            return (_range(node, kind, subject, labels, zone),)
        case tree.TextLiteral() if isinstance(kind, Ip):
            return (_network(node),)
        case tree.DateLiteral() if isinstance(kind, Datetime):
            raise mismatch(node, natural_kind(node), kind, subject, labels)
        case _:
            value = as_kind(node, kind, subject, labels, zone)
            check_choice(value, node, kind, subject, labels)
            return (Interval((value, False), (value, True)),)


def _range(node: tree.Range, kind: Kind, subject: str, labels: tuple[Label, ...], zone: dt.tzinfo) -> Interval:
    if isinstance(kind, (Boolean, SetOf, Point)):
        raise wrong(
            "S305", node, f"{words(kind)} has no ranges", advice="list the values in brackets, with commas between them"
        )
    low = None if node.low is None else (as_kind(node.low, kind, subject, labels, zone), False)  # type: ignore[arg-type]  # as above
    high = None if node.high is None else (as_kind(node.high, kind, subject, labels, zone), not node.below)  # type: ignore[arg-type]  # as above
    if low is not None and high is not None and low >= high:
        assert node.low is not None
        assert node.high is not None
        empty = f"{node.span.text} holds nothing"
        if low[0] == high[0]:
            instead = f"{node.low.span.text}..{node.high.span.text}"
            raise wrong("S307", node, empty, advice=f"take in the upper end: {instead}", instead=instead)
        dots = "..<" if node.below else ".."
        instead = f"{node.high.span.text}{dots}{node.low.span.text}"
        raise wrong("S307", node, empty, advice=f"write the smaller end first: {instead}", instead=instead)
    return Interval(low, high)


def check_choice(value: Any, node: tree.Literal, kind: Kind, subject: str, labels: tuple[Label, ...]) -> None:
    """Raises Wrong when a closed kind of text does not have the value."""
    if not isinstance(kind, Text) or kind.choices is None or value in kind.choices:
        return
    near = nearest(value, kind.choices)
    message = f'{quoted(value)} is not one of the values of "{subject}"'
    why = "no visitor could ever have it"
    if near is not None:
        instead = quoted(near)
        raise wrong("S104", node, message, labels=labels, why=why, advice=f"change it to {instead}", instead=instead)
    shown = [quoted(choice) for choice in kind.choices[:MOST_CHOICES]]
    left = len(kind.choices) - len(shown)
    advice = f"one of {', '.join(shown)}" + (f", or one of {left} others" if left else "")
    raise wrong("S104", node, message, labels=labels, why=why, advice=advice)
