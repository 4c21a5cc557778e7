"""Data in every state that data is in: what is read, what is skipped, and what is said about it."""

from __future__ import annotations

import io
import json
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from command_line import SALE, run, written
from hypothesis import given
from hypothesis import strategies as st

from segdsl.tools.csv_rows import CsvData
from segdsl.tools.json_rows import JsonLines, NotJson, record_of
from segdsl.tools.row import BadRow, Row
from segdsl.tools.text_lines import LONGEST_LINE
from segdsl.tools.unusable import Unusable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

parquet = pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")


def table(text: str | bytes, delimiter: str = ",") -> CsvData:
    return CsvData("d.csv", io.BytesIO(text if isinstance(text, bytes) else text.encode()), delimiter)


def lines(text: str | bytes) -> JsonLines:
    return JsonLines("d.jsonl", io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def contents(rows: Iterable[Row | BadRow]) -> list[Any]:
    return [row.content if isinstance(row, Row) else (row.place, row.problem) for row in rows]


# CSV


def test_quoted_cells_hold_anything() -> None:
    data = table('a,b\n"x,1","say ""hi"""\n"two\nlines",\n')
    assert data.columns == ("a", "b")
    assert contents(data.rows()) == [["x,1", 'say "hi"'], ["two\nlines", ""]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(end: str) -> None:
    data = table(end.join(["a,b", "1,2", "", "3,4"]))
    assert contents(data.rows()) == [["1", "2"], ["3", "4"]]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    data = table(b"\xef\xbb\xbfa,b\n1,2\n")
    assert data.columns == ("a", "b")


def test_a_bad_row_costs_itself_only() -> None:
    text = b'a,b\n1,2\n1\n1,2,3\n"x"y,2\n\xff,2\nn\0l,2\n"open,2\n5,6\n'
    assert contents(table(text).rows()) == [
        ["1", "2"],
        ("row 2 (line 3)", "it has 1 cell, but the header names 2 columns"),
        ("row 3 (line 4)", "it has 3 cells, but the header names 2 columns"),
        ("row 4 (line 5)", 'a quote stands where it cannot; inside a cell in quotes it is written twice: ""'),
        ("row 5 (line 6)", "it holds bytes that are not UTF-8"),
        ("row 6 (line 7)", "it holds NUL characters, as text saved as UTF-16 does"),
        ("row 7 (line 8)", "a quote is opened in it and never closed"),
        ["5", "6"],
    ]


def test_line_numbers_count_the_lines_of_long_rows() -> None:
    assert contents(table('a,b\n"1\n2\n3",x\nbad\n').rows())[1][0] == "row 2 (line 5)"


def test_an_open_quote_in_a_large_file_swallows_nothing() -> None:
    rows = ["1,2"] * 40_000
    found = contents(table("a,b\n" + "\n".join([*rows, '"oops,2', *rows]) + "\n").rows())
    assert len(found) == 80_001
    assert found[40_000] == (
        "row 40,001 (line 40,002)",
        "a cell in it is longer than 131,072 characters; perhaps a quote is never closed",
    )
    assert found[40_001:] == [["1", "2"]] * 40_000


def test_a_huge_line_is_skipped() -> None:
    found = contents(table("a,b\n" + "x" * (3 * LONGEST_LINE) + ",1\n1,2\n").rows())
    assert found == [("row 1 (line 2)", "it is longer than 4,000,000 characters"), ["1", "2"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", '"d.csv" is empty'),
        (b"\n\n", '"d.csv" is empty'),
        (b"a,b,a\n", 'the header of "d.csv" has "a" more than once'),
        (b"a, a\n", 'the header of "d.csv" has "a" more than once'),
        (b"\xff\xfea\x00,\x00b\x00", '"d.csv" is not UTF-8 text'),
        (b"a\x00,\x00b\x00\n", '"d.csv" is not UTF-8 text'),
        (b"caf\xe9,b\n", '"d.csv" is not UTF-8 text'),
        (b'"a,b\n', '"d.csv" has no header that can be read'),
        (b"x" * 200_000, '"d.csv" has no header that can be read'),
        (b"x" * (LONGEST_LINE + 1), '"d.csv" has no header that can be read'),
    ],
)
def test_headers_that_make_no_sense(text: bytes, message: str) -> None:
    with pytest.raises(Unusable) as found:
        table(text)
    (diagnostic,) = found.value.diagnostics
    assert diagnostic.message == message
    assert diagnostic.notes[-1].topic == "try"


def test_columns_without_a_name_are_allowed() -> None:
    assert contents(table(",a,\n0,1,2\n").rows()) == [["0", "1", "2"]]


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange_for_csv(noise: bytes) -> None:
    for row in table(b"a,b\n" + noise).rows():
        assert isinstance(row, BadRow) or len(row.content) == 2


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_what_is_written_as_csv_is_read_back(rows: list[tuple[str, str]]) -> None:
    quoted = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert contents(table("a,b\n" + quoted).rows()) == [list(row) for row in rows]


# JSON Lines


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1', "it is no JSON: it stops before the object is complete"),
        ('{"a": "x', "it is no JSON: it stops before the object is complete"),
        ('{"a": x}', "it is no JSON: something is wrong at character 7 (expecting value)"),
        ("[1]", "it is a list, not an object in curly brackets"),
        ('"a"', "it is a text, not an object in curly brackets"),
        ("3", "it is a number, not an object in curly brackets"),
        ("null", "it is null, not an object in curly brackets"),
        ("true", "it is true or false, not an object in curly brackets"),
        ("[" * 200_000, "it has too many brackets within each other"),
        ('{"a": ' + "1" * 5_000 + "}", "it has a number with thousands of digits"),
    ],
)
def test_lines_that_are_no_objects(text: str, problem: str) -> None:
    found = contents(lines('{"b": 2}\n' + text + "\n\n{}\n").rows())
    assert found == [{"b": 2}, ("row 2 (line 2)", problem), {}]
    with pytest.raises(NotJson, match=r"it "):
        record_of(text)


def test_bytes_that_are_no_text() -> None:
    found = contents(lines(b'{"a": "\xff"}\n' + b"x" * (LONGEST_LINE + 1) + b'\n{"a": 1}').rows())
    assert found == [
        ("row 1 (line 1)", "it holds bytes that are not UTF-8"),
        ("row 2 (line 2)", "it is longer than 4,000,000 characters"),
        {"a": 1},
    ]


def test_a_json_list_is_told_from_json_lines() -> None:
    with pytest.raises(Unusable, match="is one JSON list, not JSON Lines"):
        list(lines('[\n{"a": 1}\n]\n').rows())


def test_numbers_that_are_none_are_nothing() -> None:
    assert contents(lines('{"a": NaN, "b": -Infinity}\n').rows()) == [{"a": None, "b": None}]


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange_for_json(noise: bytes) -> None:
    for row in lines(b"{}\n" + noise).rows():
        assert isinstance(row, BadRow) or isinstance(row.content, dict)


# Parquet


def test_parquet_without_pyarrow_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run("assign", written(tmp_path, "sale.seg", SALE), written(tmp_path, "v.parquet", "x"))
    assert result.exit_code == 2
    assert 'pip install "segdsl[parquet]"' in result.stderr


def test_parquet_is_not_read_from_a_pipe(tmp_path: Path) -> None:
    result = run("assign", written(tmp_path, "sale.seg", SALE), "-", "--input-format", "parquet", stdin=b"PAR1")
    assert result.exit_code == 2
    assert "cannot be read from standard input" in result.stderr


@parquet
def test_parquet_keeps_all_that_it_had(tmp_path: Path) -> None:
    import pyarrow as arrow  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from pyarrow import parquet as files  # type: ignore[import-not-found,import-untyped,unused-ignore]

    number = 25_000
    columns = {
        "source": arrow.array((["sale_ad", "other", None, "sale_ad"] * number)[:number]),
        "visits": arrow.array(([0, 0, None, 7] * number)[:number], arrow.int64()),
        "at": arrow.array([123_456_789] * number, arrow.timestamp("ns")),
        "shape": arrow.array([{"w": 1}] * number),
    }
    old = arrow.table(columns)
    files.write_table(old, tmp_path / "v.parquet")
    result = run("assign", written(tmp_path, "sale.seg", SALE), tmp_path / "v.parquet", "-o", tmp_path / "out.parquet")
    assert result.exit_code == 0
    new = files.read_table(tmp_path / "out.parquet")
    assert new.drop_columns("segment").equals(old)
    assert new["segment"].to_pylist()[:4] == ["S1", "S2", "S3", "S3"]
    assert "visits: 6,250 not given" in result.stdout


@parquet
def test_flat_parquet_columns_stand_for_nested_dimensions(tmp_path: Path) -> None:
    import pyarrow as arrow
    from pyarrow import parquet as files

    rules = (
        "dimension geo.country: text\ndimension at: datetime\n"
        'segment us: geo.country == "US"\nsegment dated: at is known\n'
    )
    times = arrow.array([0, 568_971_820_800], arrow.timestamp("s"))  # the second one is no year that Python has
    files.write_table(arrow.table({"geo.country": ["US", "DE"], "at": times}), tmp_path / "v.parquet")
    result = run("assign", written(tmp_path, "geo.seg", rules), tmp_path / "v.parquet", "--format", "json")
    document = json.loads(result.stdout)
    assert [one["count"] for one in document["segments"]] == [1, 1]
    assert [one["unread"] for one in document["unknown"]] == [0, 1]


@parquet
def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    result = run("assign", written(tmp_path, "sale.seg", SALE), written(tmp_path, "v.parquet", "hello there"))
    assert result.exit_code == 2
    assert "is no Parquet file" in result.stderr


@parquet
def test_a_parquet_column_that_is_missing(tmp_path: Path) -> None:
    import pyarrow as arrow
    from pyarrow import parquet as files

    files.write_table(arrow.table({"source": ["x"]}), tmp_path / "v.parquet")
    result = run("assign", written(tmp_path, "sale.seg", SALE), tmp_path / "v.parquet")
    assert "visits: no column, in all rows" in result.stdout
