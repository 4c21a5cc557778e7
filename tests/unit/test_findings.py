"""What is told of many overlaps and gaps, and which ways out are offered."""

from __future__ import annotations

from itertools import combinations, permutations
from random import Random

import pytest

import segdsl
from segdsl.advise.findings import MOST_GAPS, MOST_NAMED, partition_findings
from segdsl.advise.groups import FEWEST, MOST_FINDINGS, MOST_GROUPS, grouped
from segdsl.advise.orders import MOST_LISTED, gets_somebody, in_order
from segdsl.prove.claims import Claim, decide_partition
from segdsl.prove.verdict import Refuted
from segdsl.text.diagnostic import Diagnostic


def found_in(rules: str) -> tuple[Diagnostic, ...]:
    return segdsl.loads(rules).check().findings


def advice(finding: Diagnostic) -> str:
    return next(note.text for note in finding.notes if note.topic == "try")


# Groups


@pytest.mark.parametrize("seed", range(30))
def test_every_pair_is_told_once_or_counted(seed: int) -> None:
    random = Random(seed)
    names = [f"s{number}" for number in range(random.randint(2, 40))]
    pairs = [pair for pair in combinations(names, 2) if random.random() < random.choice((0.02, 0.1, 0.5))]
    told = grouped(pairs)
    numbers = [*(number for group in told.groups for number in group.pairs), *told.single, *told.rest]
    assert sorted(numbers) == list(range(len(pairs)))
    assert len(told.groups) <= MOST_GROUPS
    assert len(told.groups) + len(told.single) <= MOST_FINDINGS
    sizes = [len(group.pairs) for group in told.groups]
    assert sizes == sorted(sizes, reverse=True)
    for group in told.groups:
        assert len(group.pairs) >= FEWEST
        assert [{group.segment, other} for other in group.others] == [set(pairs[number]) for number in group.pairs]


def test_one_wide_segment_is_one_group() -> None:
    pairs = [("vip", f"s{number}") for number in range(40)]
    told = grouped([*pairs, ("s1", "s2")])
    assert [(group.segment, len(group.pairs)) for group in told.groups] == [("vip", 40)]
    assert (told.single, told.rest) == ((40,), ())


def test_a_group_as_data_names_everybody_and_shows_some() -> None:
    names = [f"visit_{number}" for number in range(1, 41)]
    segments = "\n".join(f"segment {name}: visits == {number}" for number, name in enumerate(names, 1))
    (one,) = found_in(
        f"dimension visits: integer 0.. default 0\nsegment none: visits == 0\nsegment vip: visits >= 1\n{segments}\n"
        f"partition p: none, vip, {', '.join(names)}\n"
    )
    data = one.to_dict()["witness"]
    assert (data["segment"], data["overlaps_with"], data["count"], data["complete"]) == ("vip", names, 40, True)
    assert [shown["segments"] for shown in data["witnesses"]] == [["vip", name] for name in names[:MOST_NAMED]]
    assert [shown["record"] for shown in data["witnesses"]] == [{"visits": 1}, {"visits": 2}, {"visits": 3}]
    assert (data["record"], data["segments"], data["region"]) == ({"visits": 1}, ["vip", "visit_1"], "visits == 1")


def test_of_very_many_overlaps_few_are_looked_at_and_all_are_counted() -> None:
    names = [f"from_{number}" for number in range(100)]
    segments = "\n".join(f"segment {name}: visits >= {number}" for number, name in enumerate(names))
    rules = segdsl.loads(f"dimension visits: integer 0.. required\n{segments}\npartition p: {', '.join(names)}\n")
    verdict = rules.check().partitions["p"]
    program = rules.program
    decided = decide_partition(program, program.partitions["p"])
    assert isinstance(decided.exclusive, Refuted)
    found = list(partition_findings(program, program.partitions["p"], decided))
    assert len(decided.exclusive.witnesses._seen) == MOST_GROUPS * MOST_NAMED
    assert isinstance(verdict.exclusive, Refuted)
    assert len(verdict.exclusive.witnesses) == 4950
    *groups, last = found
    counts = [one.witness["count"] for one in groups if one.witness is not None]
    assert counts == list(range(99, 89, -1))
    assert last.message == '4,005 more pairs overlap among 90 segments of "p"'
    assert last.witness == {"segments": names[10:], "count": 4005, "complete": True}
    assert sum(counts) + 4005 == 4950


# Gaps


def test_of_many_gaps_some_are_told_and_the_others_counted() -> None:
    segments = "\n".join(f"segment s{number}: a == {number} and b != {number}" for number in range(13))
    names = ", ".join(f"s{number}" for number in range(13))
    found = found_in(
        f"dimension a: integer 0..12 required\ndimension b: integer 0..12 required\n{segments}\npartition p: {names}\n"
    )
    assert len(found) == MOST_GAPS + 1
    assert found[-1].message == 'visitors of 3 more kinds are in no segment of "p"'
    assert found[-1].witness is not None
    regions = [one.witness["region"] for one in found[:-1] if one.witness is not None]
    regions += [one["region"] for one in found[-1].witness["witnesses"]]
    assert sorted(regions) == sorted(f"a == {number} and b == {number}" for number in range(13))


def test_one_new_segment_is_offered_for_all_gaps() -> None:
    found = found_in(
        'dimension device: one of ("mobile", "tablet", "desktop") required\ndimension visits: integer 0.. required\n'
        'segment a: device == "mobile" and visits < 3\nsegment b: device == "tablet" and visits > 9\n'
        "partition p: a, b\n"
    )
    offers = [advice(one) for one in found if one.code == "S402"]
    assert len(offers) > 1
    assert ["segment others" in offer for offer in offers] == [True, *[False] * (len(offers) - 1)]
    assert "+ segment others: not a and not b\n+ partition p: a, b, others" in offers[0]


# Boundaries


@pytest.mark.parametrize(
    ("below", "above", "ways"),
    [
        ("n < 6", "n > 6", "write n >= 6 in b, or n <= 6 in a"),
        ("n < 6", "n >= 7", "write n <= 6 in a, or n >= 6 in b"),
        ("n <= 5", "n > 6", "write n >= 6 in b, or n <= 6 in a"),
        ("n <= 5", "n >= 7", "write n >= 6 in b, or n <= 6 in a"),
        ("n < 6", "n in 7..", "write n <= 6 in a, or n in 6.. in b"),
        ("n in 0..5", "n in 7..10", "write n in 6..10 in b, or n in 0..6 in a"),
        ("n in 0..<6", "n > 6", "write n >= 6 in b, or n in 0..6 in a"),
        ("n in ..5", "n > 6", "write n >= 6 in b, or n in ..6 in a"),
        ("5 >= n", "7 <= n", "write 6 <= n in b, or 6 >= n in a"),
        ("not n >= 6", "not n <= 6", "write n < 6 in b, or n > 6 in a"),
        ("not n > 5", "not n < 7", "write n < 6 in b, or n > 6 in a"),
        ("n in (0, 1, 2, 3, 4, 5)", "n >= 7", "write n >= 6 in b"),
    ],
)
def test_a_value_between_two_comparisons(below: str, above: str, ways: str) -> None:
    rules = f"dimension n: integer 0..10 required\nsegment a: {below}\nsegment b: {above}\npartition p: a, b\n"
    (one,) = found_in(rules)
    assert (one.code, one.message) == ("S403", "exactly at n = 6 nobody is home")
    assert advice(one) == ways
    (edit,) = one.edits
    text = rules[: edit.span.start] + edit.replacement + rules[edit.span.end :]
    assert not found_in(text)


@pytest.mark.parametrize(
    "segments",
    [
        "segment a: n > 0",  # nobody is below
        "segment a: n < 5\nsegment b: n > 6",  # two values
        'segment a: n < 6 and t == "x"\nsegment b: n > 6\nsegment c: n < 6 and t != "x"',  # neither takes in all, but
    ],
)
def test_no_boundary(segments: str) -> None:
    names = ", ".join(line.split()[1].rstrip(":") for line in segments.split("\n"))
    rules = f"dimension n: integer 0..10 required\ndimension t: text\n{segments}\npartition p: {names}\n"
    codes = {one.code for one in found_in(rules)}
    assert codes == ({"S403"} if "t ==" in segments else {"S402"})


# Orders


@pytest.mark.parametrize("seed", range(40))
def test_an_order_is_found_exactly_if_there_is_one(seed: int) -> None:
    random = Random(seed)
    sets = [frozenset(random.sample(range(6), random.randint(1, 4))) for _ in range(4)]
    segments = "\n".join(
        f"segment s{number}: n in ({', '.join(map(str, sorted(one)))})" for number, one in enumerate(sets)
    )
    program = segdsl.loads(f"dimension n: integer 0..5 required\n{segments}\n").program
    members = list(program.segments.values())
    order = in_order(program, members)

    def works(places: tuple[int, ...]) -> bool:
        return all(
            sets[place] - frozenset().union(*(sets[one] for one in places[:at])) for at, place in enumerate(places)
        )

    assert (order is not None) == any(map(works, permutations(range(4))))
    if order is not None:
        assert works(tuple(members.index(one) for one in order))
    if works((0, 1, 2, 3)):
        assert order == tuple(members)


def test_an_order_of_very_many_is_not_looked_for() -> None:
    segments = "\n".join(f"segment s{number}: n == {number}" for number in range(MOST_LISTED + 1))
    program = segdsl.loads(f"dimension n: integer 0.. required\n{segments}\n").program
    members = list(program.segments.values())
    assert in_order(program, members) is None
    assert in_order(program, members[1:]) == tuple(members[1:])


def test_whether_somebody_is_left_can_be_open() -> None:
    program = segdsl.loads(
        "dimension a: number required\nsegment s: a * a != 2\nsegment t: not s\nsegment u: true\n"
    ).program
    claim = Claim.about([program.segments[name] for name in "stu"], program.zone)
    assert [gets_somebody(claim, 1, ()), gets_somebody(claim, 2, ()), gets_somebody(claim, 0, (2,))] == [
        None,
        True,
        False,
    ]


def test_a_change_is_offered_where_it_takes_in_the_value_for_everybody() -> None:
    rules = "dimension n: integer 0.. required\nsegment a: n < 3\nsegment b: n in 4..6\nsegment c: n > 7\n"
    (one,) = found_in(rules + "partition p: a, b, c\n")
    assert (one.message, bool(one.edits)) == ("exactly at n = 3 nobody is home", True)
    parts = "dimension m: boolean required\nsegment a: n < 3\nsegment b: n > 3 and m\nsegment c: n > 3 and not m\n"
    rules = f"dimension n: integer 0.. required\n{parts}".replace(
        "n < 3\n", "n < 3 and m\nsegment d: n < 3 and not m\n"
    )
    (one,) = found_in(rules + "partition p: a, b, c, d\n")
    assert (one.message, bool(one.edits)) == ("exactly at n = 3 nobody is home", False)
