"""What of a visitor cannot be read: every reason in plain words, and never an exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.program.record import raw_at
from segdsl.ruleset import loads
from segdsl.values.kinds import read
from segdsl.values.unknown import UNKNOWN

RULES = loads(
    """\
dimension name: text
dimension device: one of ("mobile", "tablet")
dimension age: integer 0..120
dimension visits: integer 0.. default 0
dimension spend: number 0..<1000
dimension share: number
dimension member: boolean
dimension signup: date
dimension seen: datetime
dimension stay: duration
dimension app: version
dimension client: ip
dimension tags: set of one of ("vip", "new")
dimension home: point
dimension geo.country: text required
"""
)
FIGURES = "is text, not {}; send the figures without quotes"


def reason(name: str, raw: Any) -> str:
    """What is said of one value; "" when it can be read."""
    return next((one.reason for one in RULES.validate({name: raw}) if one.dimension == name), "")


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("name", None, "is empty (none)"),
        ("name", 7, "is a number, not text"),
        ("name", True, "is true or false, not text"),
        ("name", ["a"], "is a list, not text"),
        ("name", {"a": 1}, "is a group of values, not text"),
        ("name", dt.date(2026, 1, 1), "is a date, not text"),
        ("name", b"x", "is something else (bytes), not text"),
        ("device", "phone", 'is "phone", which is none of "mobile", "tablet"'),
        ("device", 1, "is a number, not one of a fixed list of texts"),
        ("age", "3", FIGURES.format("a whole number")),
        ("age", "many", "is text, not a whole number"),
        ("age", True, "is true or false, not a whole number"),
        ("age", np.True_, "is true or false, not a whole number"),
        ("age", 2.5, "is 2.5, which has a fraction; only whole numbers are declared"),
        ("age", -1, "is -1, below 0, where the declared range begins"),
        ("age", 121, "is 121, beyond 120, where the declared range ends"),
        ("age", np.int64(121), "is 121, beyond 120, where the declared range ends"),
        ("age", float("nan"), "is not a number (NaN)"),
        ("age", 2**53, "is too large to be exact"),
        ("age", 10**400, "is too large to be exact"),
        ("spend", 1000, "is 1000, beyond 1000 (itself left out), where the declared range ends"),
        ("share", float("nan"), "is not a number (NaN)"),
        ("share", np.float32("nan"), "is not a number (NaN)"),
        ("share", Decimal("sNaN"), "is not a number (NaN)"),
        ("share", float("-inf"), "is infinite"),
        ("share", False, "is true or false, not a number"),
        ("share", "0.5", FIGURES.format("a number")),
        ("member", 1, "is a number, not true or false"),
        ("member", "true", "is text, not true or false"),
        ("signup", "31.1.2026", 'is "31.1.2026", not a date; send it like 2026-01-31'),
        ("signup", "2026-02-31", 'is "2026-02-31", not a date; send it like 2026-01-31'),
        ("signup", "2026-01-31T10:00", "is a date with a time, not a date; send the day alone, like 2026-01-31"),
        ("seen", "2026-01-31", "is a date without a time; send it like 2026-01-31T12:00:00Z"),
        ("seen", "yesterday", 'is "yesterday", not a date with a time; send it like 2026-01-31T12:00:00Z'),
        ("seen", 1767225600, "is a number, not a date with a time"),
        ("stay", "10 min", 'is "10 min", not a length of time; send it in seconds, or like "PT10M"'),
        ("stay", True, "is true or false, not a length of time"),
        ("seen", dt.date(2026, 1, 31), "is a date without a time; send it like 2026-01-31T12:00:00Z"),
        ("name", dt.datetime(2026, 1, 1), "is a date with a time, not text"),
        ("stay", float("inf"), "is infinite"),
        ("app", "new", 'is "new", not a version; send it like "12.1.0"'),
        ("client", "localhost", 'is "localhost", not an internet address; send it like "192.0.2.1"'),
        ("tags", "vip", "is text, not a set of texts"),
        ("tags", ["vip", "old"], 'has something in it that is "old", which is none of "vip", "new"'),
        ("tags", [3], "has something in it that is a number, not one of a fixed list of texts"),
        ("home", (91, 0), "is no latitude from -90 to 90 and longitude from -180 to 180"),
        ("home", "London", "is text, not a place (latitude, longitude)"),
    ],
)
def test_the_reason_in_words(name: str, raw: Any, said: str) -> None:
    assert reason(name, raw) == said


def test_what_is_not_there() -> None:
    found = {one.dimension: one for one in RULES.validate({"geo": {}})}
    assert len(found) == len(RULES.dimensions)
    assert found["name"].reason == "is not there"
    assert found["name"].absent
    assert str(found["visits"]) == "visits is not there; taken as 0"
    assert found["geo.country"].reason == "is not there, although it is declared as required"


def test_a_way_that_ends_early() -> None:
    (found,) = (one for one in RULES.validate({"geo": "SE"}) if one.dimension == "geo.country")
    assert found.reason == 'is not there, as "geo" is text, not a group of values'
    assert found.raw == "SE"


@pytest.mark.parametrize(("visitor", "what"), [(None, "is empty (none)"), ([], "is a list"), ("x", "is text")])
def test_a_visitor_that_is_no_record(visitor: Any, what: str) -> None:
    found = RULES.validate(visitor)
    assert len(found) == len(RULES.dimensions)
    assert {one.reason for one in found} == {f"is not there, as the visitor {what}, not a record of names and values"}


class Failing(Mapping[str, Any]):
    """A record that fails whatever it is asked."""

    def __getitem__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError


def test_a_record_that_fails() -> None:
    assert {one.reason for one in RULES.validate(Failing())} == {
        "cannot be looked at, the record fails when asked for it"
    }


def test_plain_data() -> None:
    found = [one for one in RULES.validate({"visits": -1}) if one.dimension == "visits"]
    assert [one.to_dict() for one in found] == [
        {
            "dimension": "visits",
            "reason": "is -1, below 0, where the declared range begins",
            "default": "0",
            "absent": False,
        }
    ]


RAW = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=12)
    | st.dates()
    | st.datetimes()
    | st.timedeltas()
    | st.sampled_from(["mobile", "2026-01-31", "PT1H", "1.2.3", "192.0.2.1", "vip", 3 + 4j]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*RULES.dimensions, "geo"]), RAW))
def test_exactly_what_reads_as_unknown_is_listed(visitor: dict[str, Any]) -> None:
    unknown = {name for name, one in RULES.dimensions.items() if read(one.kind, raw_at(visitor, one.path)) is UNKNOWN}
    found = RULES.validate(visitor)
    assert {one.dimension for one in found} == unknown
    assert all(one.reason for one in found)
    assert not any("fails when asked" in one.reason for one in found)
