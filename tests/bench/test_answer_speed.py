"""How fast rules are asked, beside code written by hand and beside every peer; what it takes to load and to keep them.

`pytest -m bench -s tests/bench/test_answer_speed.py`; `-k` chooses rows. SEGDSL_BENCH=full looks longer, at more sizes
and seeds; `answer_page.py` says where the JSON goes. Bars are what is aimed at, printed beside each row.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import generated_visitors
import pytest
from answer_page import EFFORT, FULL, Bar, Page, environment
from answer_peers import LAMBDAS, ONE_FUNCTION, PEERS, SEGDSL, Peer, Work
from generated_visitors import Atom, Condition, Joint, Rules, Visitor, rule_text, visitors
from hand_written import Ask
from side_by_side import Contender, Outcome, contest, failed, processes

import segdsl

pytestmark = [pytest.mark.bench, pytest.mark.filterwarnings("ignore")]

SIZES = (10, 100, 1000, 10_000) if FULL else (10, 100, 1000)
SEEDS = (1, 2, 3) if FULL else (1,)
SIZES_AND_SEEDS = [(number, seed) for number in SIZES for seed in (SEEDS if number < 10_000 else SEEDS[:1])]
BATCH = 1000
PACKAGES = ("segdsl", "lark", "attrs", *dict.fromkeys(peer.package for peer in PEERS))
AHEAD, FAR_AHEAD = Bar(1), Bar(10)

Bars = Mapping[str, Bar | None]
Loaded = segdsl.Ruleset


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Says where it is measured before the first row, and writes the file after the last."""
    found = environment(PACKAGES)
    print(f"\n{found['python']}, {found['cpu']}, {found['cores']} cores, {found['system']}")
    print(", ".join(f"{name} {version}" for name, version in found["packages"].items()))
    print("each line: what it takes for a visitor, how many times segdsl's time that is (or segdsl's as a part of it),")
    print("the middle half of all pairs, and what is aimed at; answers are equal")
    one = Page()
    yield one
    print(f"\nall of it as JSON: {one.write(PACKAGES)}")


# Contests


def contender(peer: Peer, rules: Rules, work: Work) -> Contender | Outcome:
    """A peer ready for the work, or why it cannot do it."""
    if not peer.installed:
        return Outcome(None, note="not installed")
    if reason := peer.unable(rules, work):
        return Outcome(None, note=reason)
    most = 1000 if FULL else 100
    if peer.slow and len(rules.names) > most:
        return Outcome(
            None, note=f"more than {most:,} segments take it too long to read" + (", but in full" * (not FULL))
        )
    try:
        return Contender(peer.name, peer.prepare(peer.form(rules), rules, work), TOLD[work])
    except Exception as problem:
        return failed(problem)


TOLD: dict[Work, Callable[[Any], Any]] = {"holds": bool, "first": str, "matching": list}
"""What answers are compared as; None is a name like others."""


def race(
    page: Page,
    title: str,
    mine: Ask,
    rules: Rules,
    work: Work,
    people: Sequence[Visitor],
    bars: Bars,
    peers: Sequence[Peer] = (LAMBDAS, ONE_FUNCTION, *PEERS),
    more: Sequence[Contender] = (),
) -> None:
    """One table: segdsl beside whoever is in `more` and every peer. A peer without a bar has that of all peers."""
    ready = {peer.name: contender(peer, rules, work) for peer in peers}
    able = [one for one in ready.values() if isinstance(one, Contender)]
    unable = {name: one for name, one in ready.items() if isinstance(one, Outcome)}
    outcomes = contest(Contender("segdsl", mine, TOLD[work]), [*more, *able], people, EFFORT)
    of_all = FAR_AHEAD if len(rules.names) >= 1000 else AHEAD
    page.table(title, {**outcomes, **unable}, {**{peer.name: of_all for peer in PEERS}, **bars})


def named(loaded: Loaded) -> Ask:
    return lambda visitor: loaded.matching(visitor).names


@cache
def micro_segments(number: int, seed: int, required: bool = True, priority: bool = False) -> tuple[Rules, Loaded]:
    return _loaded(generated_visitors.micro_segments(number, seed, required, priority))


@cache
def partition(number: int, seed: int, required: bool = True) -> tuple[Rules, Loaded]:
    return _loaded(generated_visitors.partition(number, seed, required))


def _loaded(rules: Rules) -> tuple[Rules, Loaded]:
    return rules, segdsl.loads(rule_text(rules))


def seeded(seed: int) -> str:
    return f", seed {seed}" if len(SEEDS) > 1 else ""


# One predicate

TWO = Joint("and", (Atom("source", "is", "sale_ad"), Atom("visits", "is", 0)))
EIGHT = Joint(
    "and",
    (
        Atom("source", "in", ("sale_ad", "search")),
        Atom("country", "in", ("GB", "US", "SE")),
        Atom("device", "is", "mobile"),
        Atom("visits", "within", (1, 20)),
        Atom("age", "at least", 18),
        Atom("orders", "below", 7),
        Atom("member", "is", True),
        Atom("spend", "at least", 10.0),
    ),
)


@pytest.mark.parametrize(("name", "condition", "limit"), [("two", TWO, 1.05), ("eight", EIGHT, 0.95)])
def test_a_predicate(page: Page, name: str, condition: Condition, limit: float) -> None:
    rules = generated_visitors.rules_of(condition, required=True)
    mine = segdsl.loads(rule_text(rules)).segments["s0"].predicate
    bars = {LAMBDAS.name: Bar(limit, "of its time")}
    title = f"{name} atoms, required: one predicate"
    race(page, title, mine, rules, "holds", visitors(1000), bars, (LAMBDAS, *PEERS))


@pytest.mark.parametrize("missing", [0.01, 0.1, 0.5])
@pytest.mark.parametrize(("name", "condition"), [("two", TWO), ("eight", EIGHT)])
def test_a_predicate_with_unknowns(page: Page, name: str, condition: Condition, missing: float) -> None:
    rules = generated_visitors.rules_of(condition, required=False)
    mine = segdsl.loads(rule_text(rules)).segments["s0"].predicate
    bars = {LAMBDAS.name: Bar(1.10, "of its time")}
    peers = (LAMBDAS, *PEERS) if missing == 0.1 or FULL else (LAMBDAS,)
    race(
        page,
        f"{name} atoms, {missing:.0%} unknown: one predicate",
        mine,
        rules,
        "holds",
        visitors(1000, missing),
        bars,
        peers,
    )


# The first or only segment

SALE: dict[str, Condition] = {
    "S1": TWO,
    "S2": Joint("and", (Atom("source", "not in", ("sale_ad",)), Atom("visits", "is", 0))),
    "S3": Atom("visits", "at least", 1),
}


def ladder(v: Visitor) -> str:
    """The rules one by one."""
    if v["source"] == "sale_ad" and v["visits"] == 0:
        return "S1"
    elif v["source"] != "sale_ad" and v["visits"] == 0:  # noqa: RET505 - this is how it is written by hand
        return "S2"
    else:
        return "S3"


def shortest_ladder(v: Visitor) -> str:
    """By somebody who saw that the rules divide everybody."""
    if v["visits"] >= 1:
        return "S3"
    return "S1" if v["source"] == "sale_ad" else "S2"


def test_sale_partition(page: Page) -> None:
    rules = Rules(SALE, claim="partition")
    loaded = segdsl.loads(rule_text(rules))
    predicates = [(name, loaded.segments[name].predicate) for name in SALE]

    def in_a_row(visitor: Visitor) -> str | None:
        for name, predicate in predicates:
            if predicate(visitor):
                return name
        return None

    more = [
        Contender("its three predicates in a row", in_a_row, str),
        Contender("by hand: if/elif ladder", ladder, str),
        Contender("by hand: the shortest ladder", shortest_ladder, str),
    ]
    bars = {more[0].name: Bar(2.5), more[1].name: Bar(1.0)}
    mine = loaded.partitions["campaign"].assign
    race(
        page, "sale partition, 3 segments: assign", mine, rules, "first", visitors(1000), bars, (LAMBDAS, *PEERS), more
    )


@pytest.mark.parametrize(("number", "seed"), SIZES_AND_SEEDS)
def test_partition(page: Page, number: int, seed: int) -> None:
    rules, loaded = partition(number, seed)
    by_hand = {100: (15, 3), 1000: (60, 12)}.get(number)
    bars = {} if by_hand is None else dict(zip((LAMBDAS.name, ONE_FUNCTION.name), map(Bar, by_hand), strict=True))
    title = f"partition of {number:,} segments: assign{seeded(seed)}"
    race(page, title, loaded.partitions["campaign"].assign, rules, "first", visitors(1000), bars)


@pytest.mark.parametrize(("number", "seed"), SIZES_AND_SEEDS)
def test_first_match(page: Page, number: int, seed: int) -> None:
    rules, loaded = micro_segments(number, seed, priority=True)
    title = f"priority list of {number:,} overlapping segments: the first match{seeded(seed)}"
    race(page, title, loaded.partitions["campaign"].assign, rules, "first", visitors(1000), {})


# All segments


@pytest.mark.parametrize(("number", "seed"), [*SIZES_AND_SEEDS, *([] if FULL else [(10_000, 1)])])
def test_matching(page: Page, number: int, seed: int) -> None:
    rules, loaded = micro_segments(number, seed)
    aim = {100: 9, 1000: 80, 10_000: 600}.get(number)
    bars = {LAMBDAS.name: None if aim is None else Bar(aim)}
    by_hand = (LAMBDAS, ONE_FUNCTION)
    peers = by_hand if number not in SIZES else (*by_hand, *PEERS)
    people = visitors(1000 if number < 10_000 else 200)
    more = [Contender("segdsl, .names", named(loaded), list)]
    title = f"{number:,} overlapping segments: matching, as an object{seeded(seed)}"
    race(page, title, loaded.matching, rules, "matching", people, bars, peers, more)


@pytest.mark.parametrize("seed", SEEDS)
def test_nested(page: Page, seed: int) -> None:
    rules, loaded = _loaded(generated_visitors.nested(1000, seed))
    bars = {LAMBDAS.name: Bar(70)}
    title = f"1,000 segments of or and not within and: matching, as an object{seeded(seed)}"
    race(page, title, loaded.matching, rules, "matching", visitors(1000), bars)


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("number", [100, 1000])
def test_missing_values(page: Page, number: int, missing: float) -> None:
    people = visitors(1000, missing)
    by_hand = (LAMBDAS, ONE_FUNCTION)
    peers = (*by_hand, *PEERS) if FULL or (number == 100 and missing == 0.1) else by_hand
    rules, loaded = micro_segments(number, 1, required=False)
    title = f"{number:,} overlapping segments, {missing:.0%} unknown: matching, as an object"
    race(page, title, loaded.matching, rules, "matching", people, {}, peers)
    rules, loaded = partition(number, 1, required=False)
    title = f"partition of {number:,} segments, {missing:.0%} unknown: assign"
    race(page, title, loaded.partitions["campaign"].assign, rules, "first", people, {}, peers)


# Many visitors


@pytest.mark.parametrize("number", [3, 10, 100])
def test_batches(page: Page, number: int) -> None:
    """A thousand visitors at once, beside a loop over the single call."""
    rules = Rules(SALE, claim="partition") if number == 3 else generated_visitors.partition(number)
    loaded = segdsl.loads(rule_text(rules))
    assign, matching = loaded.partitions["campaign"].assign, loaded.matching
    batch: Any = visitors(BATCH)
    by_hand = "a loop over the single call"
    loops = {
        "assign_many": Contender(by_hand, lambda some: [assign(visitor) for visitor in some]),
        "matching_many": Contender(by_hand, lambda some: [matching(visitor) for visitor in some], _names),
        "counts": Contender(
            by_hand, lambda some: Counter(name for one in some for name in matching(one).names), _counts
        ),
    }
    for name, loop in loops.items():
        title = f"{BATCH:,} visitors at once, {number} segments: {name}"
        if not hasattr(loaded, name):
            print(f"\n{title}")
            page.note(title, name, "not there yet")
            continue
        outcomes = contest(Contender(name, getattr(loaded, name), loop.told), [loop], [batch], EFFORT)
        page.table(title, outcomes, {by_hand: Bar(2)})


def _names(found: Iterable[Any]) -> list[tuple[str, ...]]:
    return [tuple(one) for one in found]


def _counts(found: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in found.items() if count}


# Loading and memory

READ_BY_PEERS = 1000 if FULL else 100
"""Segments."""


@pytest.mark.parametrize("number", [100, 1000, 10_000])
def test_load(page: Page, number: int) -> None:
    rules = generated_visitors.micro_segments(number, required=False)
    title = f"{number:,} segments of three to five atoms: loaded"
    print(f"\n{title}")
    text = rule_text(rules)
    times = [_load(text) for _ in range(3 if number < 10_000 or FULL else 1)]
    read, indexed = (statistics.median(some) for some in zip(*times, strict=True))
    page.figure(title, "segdsl.loads", read, "s", Bar(0.7, "s") if number == 1000 else None)
    bar = Bar(10, "µs") if number == 10_000 else None
    page.figure(title, "segdsl, first matching({})", 1e6 * indexed / number, "µs a segment", bar)
    for peer in PEERS if number == READ_BY_PEERS else ():
        if peer.installed:
            form = peer.form(rules)
            start = time.perf_counter()
            peer.prepare(form, rules, "matching")
            page.figure(title, peer.name, time.perf_counter() - start, "s")
        else:
            page.note(title, peer.name, "not installed")


def _load(text: str) -> tuple[float, float]:
    """Seconds to read, check and lower; and from there to the first answer."""
    gc.collect()
    start = time.perf_counter()
    loaded = segdsl.loads(text)
    read = time.perf_counter()
    len(loaded.matching({}))
    return read - start, time.perf_counter() - read


COLD = {
    "import segdsl": "import segdsl",
    "segdsl.load, first assign": "import sys, segdsl; segdsl.load(sys.argv[1]).assign({'source': 'ad', 'visits': 0})",
}
FROM_ARTIFACT = "segdsl.load_artifact, first assign"
ARTIFACT = "import sys, segdsl; segdsl.load_artifact(sys.argv[1]).assign({'source': 'ad', 'visits': 0})"


def test_cold_start(page: Page, tmp_path: Path) -> None:
    rules = tmp_path / "sale.seg"
    rules.write_text(rule_text(Rules(SALE, claim="partition")), encoding="utf-8")
    commands = {"bare Python": ["-c", "pass"]}
    commands |= {name: ["-c", code, str(rules)] for name, code in COLD.items()}
    bars: dict[str, Bar] = {}
    artifact = _artifact(rules)
    if artifact is not None:
        commands[FROM_ARTIFACT] = ["-c", ARTIFACT, str(artifact)]
        bars[FROM_ARTIFACT] = Bar(10, "ms")
    modules = {peer.package: peer.module for peer in PEERS if peer.installed}
    commands |= {f"import of {name} alone": ["-c", f"import {module}"] for name, module in modules.items()}
    found = processes(commands, runs=15)
    title = "a cold process, 3 segments: milliseconds above bare Python"
    print(f"\n{title} ({found['bare Python']:.0f} ms)")
    for name, milliseconds in found.items():
        if name != "bare Python":
            page.figure(title, name, milliseconds - found["bare Python"], "ms", bars.get(name))
    if artifact is None:
        page.note(title, FROM_ARTIFACT, "not there yet")


def _artifact(rules: Path) -> Path | None:
    """The rules built for Python, where that can be done."""
    path = rules.with_suffix(".segc")
    command = ["-m", "segdsl.tools.cli", "build", str(rules), "--target", "python", "-o", str(path)]
    if (
        not hasattr(segdsl, "load_artifact")
        or subprocess.run([sys.executable, *command], capture_output=True).returncode
    ):
        return None
    return path


MEMORY = """
import gc, sys, tracemalloc
sys.path.insert(0, sys.argv[1])
from answer_peers import LAMBDAS, PEERS, SEGDSL
from generated_visitors import micro_segments, visitors

peer = next(one for one in (SEGDSL, LAMBDAS, *PEERS) if one.name == sys.argv[2])
number, traced = int(sys.argv[3]), sys.argv[4] == "traced"
few, rules, (visitor,) = micro_segments(3), micro_segments(number), visitors(1)
peer.prepare(peer.form(few), few, "matching")(visitor)

def kibibytes():
    gc.collect()
    if traced:
        return tracemalloc.get_traced_memory()[0] / 1024
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))

if traced:
    tracemalloc.start()
before = kibibytes()
ask = peer.prepare(peer.form(rules), rules, "matching")
ask(visitor)
print((kibibytes() - before) / number)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is read as Linux tells it")
def test_memory(page: Page) -> None:
    number = 1000 if FULL else 500
    title = f"memory, {number:,} segments of three to five atoms, loaded and asked once"
    print(f"\n{title}")
    for peer in (SEGDSL, LAMBDAS, *PEERS):
        if peer.installed:
            page.figure(title, peer.name, _kibibytes(peer, number, "rss"), "KiB a segment")
    page.figure(title, "segdsl, what tracemalloc sees", _kibibytes(SEGDSL, number, "traced"), "KiB a segment")


def _kibibytes(peer: Peer, number: int, how: str) -> float:
    here = str(Path(__file__).parent)
    command = [sys.executable, "-W", "ignore", "-c", MEMORY, here, peer.name, str(number), how]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
