"""Rule files on disk: their text, or why there is none; and what a file may not grow into."""

from __future__ import annotations

import errno
from pathlib import Path
from unittest import mock

import pytest

import segdsl
from segdsl import files
from segdsl.files import decoded, find_used_file, read_rule_file
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.source import Source


def said(found: Source | Diagnostic) -> tuple[str, ...]:
    """The message and the notes of what is wrong."""
    assert isinstance(found, Diagnostic)
    return (found.message, *(note.text for note in found.notes))


def test_a_file_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules.seg").write_bytes(b"\xef\xbb\xbfsegment a: true\n")
    found = read_rule_file("./rules.seg")
    assert isinstance(found, Source)
    assert (found.name, found.text) == ("rules.seg", "segment a: true\n")


def test_a_used_file_lies_beside_the_one_that_uses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "visitor.seg").write_text("dimension n: integer\n")
    found = find_used_file("../visitor.seg", Source("shop/rules.seg", ""))
    assert isinstance(found, Source)
    assert found.name == "visitor.seg"
    again = find_used_file(str(tmp_path / "visitor.seg"), Source("shop/rules.seg", ""))
    assert isinstance(again, Source)
    assert again.text == found.text


def test_a_name_that_is_nearly_right(tmp_path: Path) -> None:
    (tmp_path / "visitor.seg").write_text("dimension n: integer\n")
    wrong = tmp_path / "visiter.seg"
    assert said(read_rule_file(wrong)) == (
        f'the file "{wrong}" cannot be read',
        "there is no file of this name",
        f'did you mean "{tmp_path / "visitor.seg"}"?',
    )


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "you are not allowed to"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "file name too long"),
        (OSError("odd"), "odd"),
    ],
)
def test_a_file_that_cannot_be_read(error: OSError, why: str) -> None:
    with mock.patch.object(files, "open", side_effect=error, create=True):
        found = read_rule_file("rules.seg")
    assert said(found) == ('the file "rules.seg" cannot be read', why, "check the name and the folder")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert said(read_rule_file(tmp_path))[1] == "it is a folder"


def test_a_name_that_no_file_can_have() -> None:
    assert said(read_rule_file("a\0b.seg"))[1] == "embedded null byte"


def test_bytes_that_are_no_text() -> None:
    message, why, _ = said(decoded("rules.seg", b"segment a: true\nsegment b: \xff\n"))
    assert message == 'the file "rules.seg" is not UTF-8 text'
    assert why.startswith("line 2 ")


def test_a_file_too_large_is_cut_between_two_letters() -> None:
    with mock.patch.object(files, "LARGEST", 6):
        found = decoded("rules.seg", "# åååååå\n".encode())
        assert isinstance(found, Source)
        assert found.text == "# åå"
        again = decoded("rules.seg", "#åååååå\n".encode())
        assert isinstance(again, Source)
        assert again.text == "#åå"


def codes(text: str) -> list[str]:
    with pytest.raises(segdsl.RuleError) as caught:
        segdsl.loads(text)
    return [one.code for one in caught.value.diagnostics]


def test_names_may_not_grow_without_end() -> None:
    doubled = "".join(f"let n{place} = n{place - 1} + n{place - 1}\n" for place in range(1, 60))
    assert set(codes(f"dimension a: number\nlet n0 = a\n{doubled}segment s: n59 > 3\n")) == {"S214"}
    assert set(codes(f"dimension a: number\nlet n0 = a\n{doubled}assert n59 > 3\n")) == {"S214"}


def test_a_long_chain_of_names_is_refused_whichever_way_it_is_written() -> None:
    chain = [f"segment s{place}: not s{place - 1}\n" for place in range(1, 5_000)]
    for lines in (chain, chain[::-1]):
        assert "S214" in codes(f"dimension a: boolean\nsegment s0: a\n{''.join(lines)}")


def test_test_visitors_hold_plain_data() -> None:
    rules = segdsl.loads(
        "dimension tags: set of text\ndimension share: number\ndimension stay: duration\ndimension home: text\n"
        "dimension signup: date\ndimension seen: datetime\ndimension member: boolean\ndimension away: number\n"
        "segment all: true\n"
        'test "everything": {tags: ("a", "b"), share: 15%, stay: 90 minutes, home: "x", signup: 2026-01-31, '
        "seen: 2026-01-31T12:00Z, member: true, away: unknown, now: 2026-02-01} expect all\n"
        'test "nobody": {} expect nothing\n'
    ).program
    everything, nobody = rules.tests
    assert everything.record == {
        "tags": ["a", "b"],
        "share": 0.15,
        "stay": 5400.0,
        "home": "x",
        "signup": "2026-01-31",
        "seen": "2026-01-31T12:00Z",
        "member": True,
    }
    assert everything.now is not None
    assert everything.now.isoformat() == "2026-02-01T00:00:00+00:00"
    assert (nobody.record, nobody.now, nobody.expected) == ({}, None, ())


def test_what_a_segment_hands_over_is_plain_data() -> None:
    rules = segdsl.loads(
        'segment s: true with banner = "deal", rank = 3, share = 1.5, discount = 10%, sticky = true, '
        "until = 2026-01-31, stay = 10 minutes, near = 25 km\n"
    )
    assert rules.segments["s"].payload == {
        "banner": "deal",
        "rank": 3,
        "share": 1.5,
        "discount": 0.1,
        "sticky": True,
        "until": "2026-01-31",
        "stay": "10 minutes",
        "near": "25 km",
    }
