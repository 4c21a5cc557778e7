"""Artifacts and the bytes they are made of: round trips, damage, versions, and contents that nobody packed.

Whatever bytes are loaded, there is an artifact, whose answers are names, or an ArtifactError; nothing in them is run.
"""

from __future__ import annotations

import ast
import copy
import datetime as dt
import math
import os
import subprocess
import sys
import tracemalloc
from binascii import crc32
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

import segdsl
from segdsl.run import cbor
from segdsl.run.pack import packed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/*.seg"))
HEADER = b"segdsl artifact 1.0\n"
NOW = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)

RICH = """\
timezone "Europe/London"
dimension source: text
dimension page: text ignoring case
dimension level: one of ("low", "high") default "low"
dimension visits: integer 0.. default 0
dimension spend: number 0..<1000
dimension member: boolean
dimension signup: date
dimension seen: datetime
dimension stay: duration
dimension app: version
dimension address: ip
dimension tags: set of text
dimension home: point

segment ad "From the ad": source == "sale_ad" or page starts with "/sale" with banner = "deal", discount = 10%
segment glob: page matches "*/cart?" and not (page contains "x" or page ends with "y")
segment rich: spend > 9.99 and level == "high"
segment more: visits > spend or visits + spend > 7
segment lately: seen within 7 days and member == true
segment birthday: signup == today
segment weekend: weekday(seen) in (6, 7)
segment tagged: tags has "vip" or tags has any of ("a", "b")
segment near: distance(home, 59.91, 10.75) < 10 km
segment new_app: app >= version("2.1") and stay > 10 minutes
segment inside: address in "10.0.0.0/8"
segment nobody: visits < 3 and visits > 5

partition listed "All of them": ad, glob, rich
priority in_turn: nobody, tagged, lately, near, more otherwise rest
"""
"""Something of all that an artifact can hold."""

VISITORS: tuple[Any, ...] = (
    {},
    None,
    {"source": "sale_ad", "page": "/SALE/cart1", "level": "high", "visits": 2, "spend": 10, "member": True},
    {"page": "/a/cart2", "signup": "2026-03-29", "seen": "2026-03-28T12:00", "stay": "PT1H", "app": "2.2.0"},
    {"address": "10.1.2.3", "tags": ["vip", "a"], "home": [59.9, 10.7], "visits": 9, "spend": 1.5, "level": "low"},
    {"source": "\ud800", "visits": 10**30, "spend": math.nan, "tags": [[]], "home": "here", "seen": 3, "app": []},
)


def made(text: str) -> bytes:
    return packed(segdsl.loads(text).program, "these tests")


@cache
def rich() -> bytes:
    return made(RICH)


@cache
def sale() -> bytes:
    return packed(segdsl.load(ROOT / "examples" / "sale" / "sale.seg").program, "these tests")


def contents(data: bytes) -> Any:
    """What is in an artifact, to be changed."""
    return cbor.loads(data[len(HEADER) + 4 :])


def again(found: Any, header: bytes = HEADER) -> bytes:
    """An artifact of such contents, with the right checksum."""
    body = cbor.dumps(found)
    return header + crc32(header + body).to_bytes(4, "big") + body


Place = tuple[str | int, ...]


def places(found: Any, here: Place = ()) -> Iterator[Place]:
    """Every place in some contents, the whole first."""
    yield here
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, one in inner:
        yield from places(one, (*here, key))


def at(found: Any, place: Place) -> Any:
    for key in place:
        found = found[key]
    return found


def changed(found: Any, place: Place, new: Any) -> Any:
    """A copy of some contents in which something else lies at a place."""
    if not place:
        return new
    other = copy.deepcopy(found)
    at(other, place[:-1])[place[-1]] = new
    return other


def answers_or_says_why(data: bytes) -> bool:
    """Whether an artifact can be loaded; what it then answers is looked at."""
    try:
        artifact = segdsl.load_artifact(data)
    except segdsl.ArtifactError:
        return False
    for visitor in VISITORS:
        try:
            assert set(artifact.matching(visitor, NOW)) <= set(artifact.segments)
            for choice in artifact.partitions.values():
                given_one = choice.assign(visitor, NOW)
                assert given_one in (*choice.members, choice.otherwise, None)
                assert given_one is None or type(given_one) is str
        except segdsl.ArtifactError:
            continue
    return True


# Plain data as bytes

texts = st.text(st.characters())
"""With halves of surrogate pairs, too."""
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-70, 70).flatmap(lambda bits: st.integers(-1, 1).map(lambda more: (1 << abs(bits)) * bits + more)),
    st.floats(),
    texts,
    st.binary(),
)
plain_data = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)


@given(plain_data)
def test_plain_data_is_read_back_as_it_was(data: Any) -> None:
    assert repr(cbor.loads(cbor.dumps(data))) == repr(data)  # which tells 1 from True, 0.0 from -0.0; NaN is itself


@pytest.mark.parametrize(
    ("data", "written"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (2**64 - 1, "1bffffffffffffffff"),
        (2**64, "c249010000000000000000"),
        (-(2**64), "3bffffffffffffffff"),
        (-(2**64) - 1, "c349010000000000000000"),
        (-1, "20"),
        (1.1, "fb3ff199999999999a"),
        (False, "f4"),
        (True, "f5"),
        (None, "f6"),
        ("\u00fc", "62c3bc"),
        (b"\x01\x02\x03\x04", "4401020304"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    ],
)
def test_bytes_are_those_of_the_standard(data: Any, written: str) -> None:
    """RFC 8949, appendix A."""
    assert cbor.dumps(data).hex() == written
    assert cbor.loads(bytes.fromhex(written)) == data


def readable(data: bytes) -> bool:
    """Whether bytes are plain data; Unreadable is all that may be raised."""
    try:
        found = cbor.loads(data)
    except cbor.Unreadable:
        return False
    assert repr(cbor.loads(cbor.dumps(found))) == repr(found)
    return True


@given(st.binary(max_size=60), st.integers(0, 255))
def test_any_bytes_are_data_or_unreadable(data: bytes, first: int) -> None:
    readable(bytes([first]) + data)
    assert not readable(data[:0])


@given(plain_data, st.data())
def test_data_that_is_damaged_is_other_data_or_unreadable(data: Any, draw: st.DataObject) -> None:
    written = bytearray(cbor.dumps(data))
    place = draw.draw(st.integers(0, len(written) - 1))
    assert not readable(bytes(written[:place]))
    assert not readable(bytes(written) + b"\0")
    written[place] = draw.draw(st.integers(0, 255))
    readable(bytes(written))


MUCH = b"\x7f" + b"\xff" * 7
"""A count of eight bytes that is very large."""


@pytest.mark.parametrize(
    "data",
    [
        b"\x5b" + MUCH,
        b"\x7b" + MUCH,
        b"\x9b" + MUCH,
        b"\xbb" + MUCH,
        b"\xc2\x5b" + MUCH,
        b"\x9b" + MUCH + b"\0" * 1000,
        b"\x9a\x00\x00\xff\xff" * 200,
        b"\xba\x00\x00\xff\xff\x60" * 200,
        b"\x81" * 100_000,
        b"\xa1\x60" * 100_000,
        b"\xc2" * 100_000,
        b"\xc2\xc2\x41\x01",
        b"\xc2\x01",
        b"\xc1\x41\x01",
        b"\x9f\x01\xff",
        b"\x5f\x41\x01\xff",
        b"\x18",
        b"\x1c",
        b"\xf7",
        b"\xf9\x00\x00",
        b"\xff",
        b"\x61\xff",
        b"\xa1\x01\x02",
        b"\xa2\x60\x01\x60\x02",
        b"\x00\x00",
    ],
    ids=lambda data: data[:12].hex(),
)
def test_what_promises_too_much_is_unreadable_and_takes_no_room(data: bytes) -> None:
    tracemalloc.start()
    try:
        assert not readable(data)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


# Whole artifacts


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_can_be_packed_and_loaded(path: Path) -> None:
    rules = segdsl.load(path)
    artifact = segdsl.load_artifact(packed(rules.program, "these tests"))
    assert dict(artifact.segments) == {name: one.label for name, one in rules.segments.items()}
    assert list(artifact.partitions) == list(rules.partitions)
    for visitor in VISITORS:
        assert artifact.matching(visitor, NOW) == rules.matching(visitor, NOW)
        assert artifact.matching(visitor, NOW).payloads == rules.matching(visitor, NOW).payloads


def test_what_an_artifact_says_of_itself() -> None:
    artifact, rules = segdsl.load_artifact(rich()), segdsl.loads(RICH)
    assert artifact.made_by == "these tests"
    assert [name for name, _ in artifact.sources] == ["rules"]
    assert artifact.segments["ad"] == "From the ad"
    listed, in_turn = artifact.partitions["listed"], artifact.partitions["in_turn"]
    assert (listed.name, listed.label, listed.otherwise) == ("listed", "All of them", None)
    assert (in_turn.members, in_turn.otherwise) == (("nobody", "tagged", "lately", "near", "more"), "rest")
    for visitor in VISITORS:
        assert artifact.matching(visitor, NOW).names == rules.matching(visitor, NOW).names
    with pytest.raises(segdsl.SegdslError, match="here are: listed, in_turn"):
        artifact.assign({})
    assert segdsl.load_artifact(sale()).assign_many([{"visits": 0}, {"visits": 1}, {}]) == ["S2", "S3", None]


def test_the_deepest_rules_there_are_can_be_loaded() -> None:
    """Rules may have 200 parts within each other (`segdsl.program.growth`), each of which is two lists."""
    total = "dimension a: number\ndimension b: number\nsegment S: a" + " + b" * 197 + " > 3\npartition p: S\n"
    nested = ["dimension a: number", "dimension b: number", "let x0 = a + b > 1"]
    nested += [f"let x{i} = a - b > {i} {'and' if i % 2 else 'or'} x{i - 1}" for i in range(1, 98)]
    for text in (total, "\n".join([*nested, "segment S: x97", "partition p: S\n"])):
        assert segdsl.load_artifact(made(text)).assign({"a": 500, "b": 1}) == "S"


@pytest.mark.parametrize(
    ("kind", "low", "high", "raws"),
    [
        ("datetime", "2025-12-31T23:59:59.999999Z", "2026-01-01T00:00Z", ()),
        ("date", "2025-12-31", "2026-01-01", ()),
        ("integer", "2", "3", (2, 3)),
        ("number", "0.1", "0.2", (0.1, 0.2)),
        ("duration", "1 second", "2 seconds", (1, 2)),
    ],
)
def test_neighbours_between_which_nothing_lies(kind: str, low: str, high: str, raws: tuple[Any, ...]) -> None:
    """What is just above the one is the other."""
    text = f"dimension x: {kind}\nsegment one: x == {low}\nsegment other: x == {high}\npriority p: one, other\n"
    artifact = segdsl.load_artifact(made(text))
    assert [artifact.assign({"x": raw}) for raw in raws or (low, high)] == ["one", "other"]


def test_the_same_rules_give_the_same_bytes() -> None:
    code = (
        "import sys, segdsl, segdsl.run.pack as pack;"
        "print(pack.packed(segdsl.loads(sys.stdin.read()).program, 'these tests').hex())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=RICH,
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert bytes.fromhex(done.stdout) == rich() == made(RICH)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.segc", tmp_path, str(tmp_path / "a\0b")):
        with pytest.raises(segdsl.ArtifactError, match="cannot be read"):
            segdsl.load_artifact(path)
    for path in EXAMPLES:
        with pytest.raises(segdsl.ArtifactError, match="no artifact of segdsl"):
            segdsl.load_artifact(path)


# Damage


def test_every_bit_that_is_flipped_is_told() -> None:
    data = sale()
    for place in range(len(data)):
        for pattern in (1, 2, 4, 8, 16, 32, 64, 128, 0xFF, 0x55):
            other = bytearray(data)
            other[place] ^= pattern
            with pytest.raises(segdsl.ArtifactError):
                segdsl.load_artifact(bytes(other))


def test_an_artifact_that_is_cut_off_or_goes_on_is_told() -> None:
    data = sale()
    for length in range(len(data)):
        with pytest.raises(segdsl.ArtifactError):
            segdsl.load_artifact(data[:length])
    with pytest.raises(segdsl.ArtifactError, match="checksum"):
        segdsl.load_artifact(data + b"\0")
    body = cbor.dumps(contents(data)) + b"\0"
    with pytest.raises(segdsl.ArtifactError, match="damaged: something follows the end"):
        segdsl.load_artifact(HEADER + crc32(HEADER + body).to_bytes(4, "big") + body)


@given(st.binary(max_size=80))
def test_any_bytes_with_a_right_header_are_an_artifact_or_told(body: bytes) -> None:
    assert not answers_or_says_why(body)
    assert not answers_or_says_why(HEADER + crc32(HEADER + body).to_bytes(4, "big") + body)


# Versions


@pytest.mark.parametrize("version", [b"2.0", b"0.0", b"10.0"])
def test_another_form_is_refused_in_words(version: bytes) -> None:
    """Before anything else is looked at: what follows may be of any form."""
    with pytest.raises(
        segdsl.ArtifactError, match=rf"has form {version.decode()[:-2]}, .* reads form 1; build it anew"
    ):
        segdsl.load_artifact(b"segdsl artifact " + version + b"\nanything")


@pytest.mark.parametrize(
    "version", [b"", b"1", b"1.", b".0", b"1.x", b"one.0", b"-1.0", b"1.0.0", b"1.00000000000", b"1 0"]
)
def test_a_version_that_is_none_is_told(version: bytes) -> None:
    with pytest.raises(segdsl.ArtifactError):
        segdsl.load_artifact(b"segdsl artifact " + version + b"\n" + sale()[len(HEADER) :])


def test_what_a_newer_version_adds_is_left_aside() -> None:
    found = contents(rich())
    for place in list(places(found)):
        inside = at(found, place)
        if isinstance(inside, dict) and "payload" not in place and not inside.keys() & {"date", "moment", "set"}:
            inside["added later"] = {"what": [1, 2.5, None, b"x"]}
    newer = segdsl.load_artifact(again(found, b"segdsl artifact 1.9\n"))
    older = segdsl.load_artifact(rich())
    for visitor in VISITORS:
        assert newer.matching(visitor, NOW).names == older.matching(visitor, NOW).names


# Contents that nobody packed

WRONG: tuple[Any, ...] = (None, True, 7, -1, 10**30, 1.5, "\ud800", b"?", [], {}, [[]], ["date"], {"date": "x"})

FIELDS: dict[str, tuple[Place, ...]] = {
    "str": (
        ("made by",),
        ("timezone",),
        ("sources", 0, "name"),
        ("dimensions", 0, "name"),
        ("dimensions", 0, "path", 0),
        ("dimensions", 0, "kind", 0),
        ("segments", 0, "name"),
        ("partitions", 0, "name"),
    ),
    "bytes": (("sources", 0, "sha256"),),
    "bool": (("axes", 0, "cuts"),),
    "int": (
        ("rows",),
        ("carry",),
        ("marks",),
        ("axes", 0, "dimension"),
        ("axes", 0, "unknown"),
        ("axes", 0, "left", 0),
        ("tests", 0, "lost"),
        ("partitions", 0, "members", 0),
    ),
    "list": (
        ("sources",),
        ("dimensions",),
        ("axes",),
        ("tests",),
        ("segments",),
        ("partitions",),
        ("dimensions", 0, "path"),
        ("dimensions", 0, "kind"),
        ("axes", 0, "edges"),
        ("axes", 0, "left"),
        ("axes", 0, "tests"),
        ("tests", 0, "holds"),
        ("partitions", 0, "members"),
    ),
    "dict": (
        (),
        ("sources", 0),
        ("dimensions", 0),
        ("axes", 0),
        ("tests", 0),
        ("segments", 0),
        ("partitions", 0),
        ("segments", 0, "payload"),
    ),
    "str or NoneType": (("segments", 0, "label"), ("partitions", 0, "label"), ("partitions", 0, "otherwise")),
    "int or NoneType": (("segments", 0, "bit"),),
}


def test_a_field_of_another_type_is_told() -> None:
    found = contents(rich())
    for right, fields in FIELDS.items():
        for place in fields:
            for wrong in WRONG:
                if type(wrong).__name__ in right.split(" or "):
                    continue
                with pytest.raises(segdsl.ArtifactError, match="holds what does not fit"):
                    segdsl.load_artifact(again(changed(found, place, wrong)))


def test_a_field_that_is_missing_is_told() -> None:
    found = contents(rich())
    named = [place for place in places(found) if place and isinstance(place[-1], str) and "payload" not in place[:-1]]
    told = 0
    for place in named:
        if place[-1] == "default":
            continue
        other = copy.deepcopy(found)
        del at(other, place[:-1])[place[-1]]
        with pytest.raises(segdsl.ArtifactError):
            segdsl.load_artifact(again(other))
        told += 1
    assert told > 100


def one_test(holds: Any) -> dict[str, Any]:
    return {"holds": holds, "lost": 1}


V, D = ["value"], ["dimension", 0]


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (("rows",), -1),
        (("rows",), 1),
        (("carry",), 1 << 500),
        (("marks",), 1 << 500),
        (("marks",), 0),
        (("axes", 0, "dimension"), 999),
        (("axes", 0, "unknown"), 1 << 500),
        (("axes", 0, "left", 0), 1 << 500),
        (("axes", 0, "left"), [0]),
        (("axes", 0, "left"), [0] * 50),
        (("tests", 0, "lost"), 1 << 500),
        (("segments", 0, "bit"), 1 << 500),
        (("segments", 0, "bit"), 500),
        (("segments", 0, "bit"), None),
        (("partitions", 0, "members"), [99]),
        (("partitions", 0, "members"), [-1]),
        (("partitions", 0, "members"), ["ad"]),
        (("timezone",), "Europe/Londonium"),
        (("timezone",), "Europe"),
        (("timezone",), ""),
        (("timezone",), "../../etc/passwd"),
        (("timezone",), "/etc/passwd"),
        (("timezone",), "a\0b"),
        (("timezone",), "os"),
        (("timezone",), "..a/b"),
        (("timezone",), "Europe/__init__.py"),
        (("dimensions", 0, "kind"), []),
        (("dimensions", 0, "kind"), ["colour"]),
        (("dimensions", 0, "kind"), ["distance"]),
        (("dimensions", 0, "kind"), ["text"]),
        (("dimensions", 0, "kind"), ["text", 1, None]),
        (("dimensions", 0, "kind"), ["text", False, [1]]),
        (("dimensions", 0, "kind"), ["text", False, "choices"]),
        (("dimensions", 0, "kind"), ["set", False]),
        (("dimensions", 0, "kind"), ["integer", 0, None]),
        (("dimensions", 0, "kind"), ["integer", ["0", False], None]),
        (("dimensions", 0, "kind"), ["integer", [0, 1], None]),
        (("dimensions", 0, "kind"), ["number", [0, False, 1], None]),
        (("dimensions", 0, "kind"), ["number", [0, False]]),
        (("dimensions", 0, "kind"), ["date"]),
        (("dimensions", 0, "default"), 5),
        (("dimensions", 0, "default"), None),
        (("dimensions", 0, "default"), {"date": 1}),
        (("axes", 0, "edges"), [1]),
        (("axes", 0, "edges"), [[1, 2], [3, 4]]),
        (("axes", 0, "edges"), [{"date": 10**30}, {"date": 2}]),
        (("axes", 0, "edges"), [{"date": 0}, {"date": 2}]),
        (("axes", 0, "edges"), [{"moment": 10**30}, {"date": 2}]),
        (("axes", 0, "edges"), [{"moment": "0"}, {"date": 2}]),
        (("axes", 0, "edges"), [{"set": [1]}, {"date": 2}]),
        (("axes", 0, "edges"), [{"set": "ab"}, {"date": 2}]),
        (("axes", 0, "edges"), [{"month": 1}, {"date": 2}]),
        (("axes", 0, "edges"), [{}, {"date": 2}]),
        (("axes", 0, "edges"), [{"date": 1, "moment": 1}, {"date": 2}]),
        (("axes", 0, "edges"), ["b", "a"]),
        (("axes", 0, "edges"), ["a", "a"]),
        (("axes", 0, "edges"), ["a", 1]),
        (("axes", 0, "tests"), [one_test(["text", D, "contains", "x", True])]),
        (("tests",), [one_test(["text", V, "contains", "x", True])]),
        *(
            (("axes", 0, "tests"), [one_test(holds)])
            for holds in (
                [],
                ["sometimes"],
                ["constant"],
                ["constant", 1],
                ["constant", True, True],
                ["all", True],
                ["all", [True]],
                ["any", [["constant", 1]]],
                ["between", V, [], True],
                ["between", V, [], 1, True],
                ["between", V, [], True, 1],
                ["between", V, True, True, True],
                ["between", V, [1], True, True],
                ["between", V, [[1, 1]], True, True],
                ["between", V, [[1, True], [1, False]], True, True],
                ["between", V, [["a", True], [1, False]], True, True],
                ["between", ["value", 1], [], True, True],
                ["between", "value", [], True, True],
                ["between", ["nothing"], [], True, True],
                ["text", V, "contains", 1, True],
                ["text", V, "contains", "x", 1],
                ["text", V, "resembles", "x", True],
                ["text", V, None, "x", True],
                ["text", V, [], "x", True],
                ["text", V, "eval", "x", True],
                ["member", V, [["a", False]], True, 1],
                ["member", V, ["a"], True, True],
                ["compared", V, "!=", V, True],
                ["compared", V, "matches", V, True],
                ["compared", V, "__eq__", V, True],
                ["compared", V, 1, V, True],
                ["compared", V, "==", V, 1],
                ["compared", V, "==", ["apply", "+", V], True],
                ["compared", V, "==", ["apply", "eval", [V]], True],
                ["compared", V, "==", ["apply", "os.system", [V]], True],
                ["compared", V, "==", ["apply", "haversine", [V]], True],
                ["compared", V, "==", ["apply", "__class__", [V]], True],
                ["compared", V, "==", ["apply", "move 1 fortnight", [V]], True],
                ["compared", V, "==", ["apply", "move one day", [V]], True],
                ["compared", V, "==", ["apply", "move nan day", [V]], True],
                ["compared", V, "==", ["apply", "move 1e999 day", [V]], True],
                ["compared", V, "==", ["apply", "move " + "9" * 200 + " day", [V]], True],
                ["compared", V, "==", ["apply", ["+"], [V]], True],
                ["compared", V, "==", ["apply", 1, [V]], True],
                ["compared", V, "==", ["apply", "+"], True],
                ["compared", V, "==", ["constant"], True],
                ["compared", V, "==", ["now", 1], True],
            )
        ),
    ],
    ids=lambda one: ascii(one)[:60],
)
def test_contents_that_do_not_fit_are_told(place: Place, new: Any) -> None:
    found = contents(rich())
    if place == ("axes", 0, "edges"):
        found["axes"][0]["left"] = [0] * (len(new) + 1)
    with pytest.raises(segdsl.ArtifactError, match="holds what does not fit"):
        segdsl.load_artifact(again(changed(found, place, new)))


@pytest.mark.parametrize("name", ["dimensions", "segments", "partitions"])
def test_a_name_that_stands_there_twice_is_told(name: str) -> None:
    found = contents(rich())
    found[name][1]["name"] = found[name][0]["name"]
    with pytest.raises(segdsl.ArtifactError, match=f"a name stands twice in {name}"):
        segdsl.load_artifact(again(found))


def test_segments_that_share_a_bit_are_told() -> None:
    found = contents(rich())
    found["segments"][1]["bit"] = found["segments"][0]["bit"]
    with pytest.raises(segdsl.ArtifactError, match="the bits of segments"):
        segdsl.load_artifact(again(found))


def test_a_mark_that_stands_for_no_segment_is_told() -> None:
    """A visitor would be in a segment that has no name."""
    found = contents(rich())
    found["marks"] = (1 << found["rows"].bit_length()) - 1
    with pytest.raises(segdsl.ArtifactError, match="the bits of segments"):
        segdsl.load_artifact(again(found))


def nest(times: int, outside: str) -> Any:
    found: Any = ["constant", True]
    for _ in range(times):
        found = [outside, [found]]
    return found


def test_tests_too_deep_within_each_other_are_told() -> None:
    found = contents(rich())
    found["tests"][0]["holds"] = nest(100, "all")
    segdsl.load_artifact(again(found))
    found["tests"][0]["holds"] = nest(300, "any")
    with pytest.raises(segdsl.ArtifactError, match="nested too deeply"):
        segdsl.load_artifact(again(found))


@pytest.mark.parametrize(
    "holds",
    [
        ["compared", ["apply", "lower", [D, D]], "==", D, True],
        ["compared", ["apply", "+", [D, ["constant", 1]]], "<", D, True],
        ["compared", D, "<", ["constant", 3], True],
        ["compared", D, "within", ["constant", 3], True],
        ["compared", D, "within", ["constant", []], True],
        ["compared", ["apply", "bucket", [["constant", 10**5000], ["constant", "salt"]]], "<", D, True],
        ["compared", ["apply", "move 1 day", [["constant", "today"]]], "==", D, True],
        ["compared", ["apply", "hour", [["constant", {"date": 5}]]], "==", D, True],
        ["text", ["now"], "contains", "x", True],
        ["text", ["constant", None], "matches", "x*", True],
        ["between", D, [[3, False]], True, True],
        ["member", ["constant", 5], [], True, True],
    ],
)
def test_what_cannot_be_asked_is_told_when_it_is_asked(holds: Any) -> None:
    found = contents(rich())
    found["tests"].insert(0, {"holds": holds, "lost": found["rows"]})
    artifact = segdsl.load_artifact(again(found))
    visitor = {"source": "a"}
    for ask in (artifact.matching, artifact.partitions["listed"].assign):
        with pytest.raises(segdsl.ArtifactError, match="asks what cannot be asked"):
            ask(visitor, NOW)
    with pytest.raises(segdsl.ArtifactError, match="asks what cannot be asked"):
        artifact.counts([visitor], NOW)


@given(st.data())
def test_contents_that_are_changed_give_names_or_are_told(data: st.DataObject) -> None:
    found = contents(rich())
    everywhere = list(places(found))
    for _ in range(20):
        place = data.draw(st.sampled_from(everywhere))
        new = data.draw(st.one_of(st.sampled_from(everywhere).map(lambda one: at(found, one)), plain_data))
        note(f"{place}: {new!r}")
        answers_or_says_why(again(changed(found, place, new)))


def test_changes_of_both_kinds_are_looked_at() -> None:
    """Some are told when they are loaded, and others only change what is answered."""
    found = contents(rich())
    whole = [answers_or_says_why(again(changed(found, place, new))) for place in places(found) for new in ("x", 1)]
    assert whole.count(False) > len(whole) // 2
    assert whole.count(True) > 20


# Nothing is run

RUNNING = {"eval", "exec", "compile", "__import__", "import_module", "getattr", "setattr", "globals", "vars"}
LOADING = {"pickle", "marshal", "importlib", "shelve", "ctypes", "subprocess", "runpy", "os", "sys", "builtins"}


@pytest.mark.parametrize("name", ["artifact", "cbor", "computed", "index", "matching"])
def test_nothing_that_answers_can_run_what_it_reads(name: str) -> None:
    tree = ast.parse((ROOT / "segdsl" / "run" / f"{name}.py").read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported, "every module imports something"
    assert not names & RUNNING
    assert not {one.partition(".")[0] for one in imported} & LOADING


HEAVY = ("attr", "attrs", "lark", "typing", "re", "json", "decimal", "zoneinfo", "enum", "collections", "functools")


def in_a_new_process(code: str, *words: str) -> list[str]:
    """What a program prints last; the heavy modules it has loaded beside those of bare Python come first."""
    program = f"import sys\nbefore = set(sys.modules)\n{code}\n"
    program += f"print(*(set(sys.modules) - before).intersection({HEAVY!r}), sep=',')\nprint(answer)"
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.splitlines()


def test_answering_from_an_artifact_loads_nothing_heavy(tmp_path: Path) -> None:
    """The rules name a timezone, and ask nothing that depends on it."""
    path = tmp_path / "sale.segc"
    path.write_bytes(packed(segdsl.load(ROOT / "examples" / "sale" / "sale_fixed.seg").program, "these tests"))
    code = "import segdsl\nanswer = segdsl.load_artifact(sys.argv[1]).assign({'source': 'sale_ad', 'visits': 0})"
    assert in_a_new_process(code, str(path)) == ["", "S1"]


def test_moments_are_answered_for_in_a_new_process(tmp_path: Path) -> None:
    """Whatever they need is imported by then."""
    path = tmp_path / "rich.segc"
    path.write_bytes(rich())
    code = (
        "import segdsl, datetime\n"
        "visitor = {'seen': '2026-03-28T12:00', 'member': True, 'signup': '2026-03-29', 'app': '2.2', 'stay': 'PT1H'}\n"
        "now = datetime.datetime(2026, 3, 29, 0, 30)\n"
        "answer = segdsl.load_artifact(sys.argv[1]).matching(visitor, now)"
    )
    loaded, answer = in_a_new_process(code, str(path))
    assert not {"attr", "attrs", "lark"} & set(loaded.split(","))
    assert answer == "Matching(lately, birthday, weekend, new_app)"
