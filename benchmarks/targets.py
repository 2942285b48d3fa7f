"""What the engine set out to reach, judged by the figures of one run alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.contenders import GAP
from benchmarks.figures import Figures, duration, memory, share, times

EXACT_PEERS = ("scipy", "lapx", "ortools", "networkx", "munkres")
LARGEST = 100_000


@dataclass(frozen=True)
class Finding:
    """`measured` in words; `is_met` is None where the run has no figures for it."""

    measured: str
    is_met: bool | None


NOT_MEASURED = Finding("no figures in this run", None)


def _beside_mentor_match(figures: Figures) -> Finding:
    ours, theirs = figures.seconds("engine", 1_000), figures.seconds("mentor_match", 1_000)
    missed = figures.shortfall("mentor_match", 1_000)
    if ours is None or theirs is None or missed is None:
        return NOT_MEASURED
    unplaced, below = missed
    words = (
        f"{times(theirs / ours)} as fast; mentor-match is {share(below)} below and leaves {unplaced} unplaced"
    )
    return Finding(words, theirs >= 300 * ours and figures.is_best("engine", 1_000))


def _beside_scipy(key: str, ratio: float) -> Callable[[Figures], Finding]:
    def judge(figures: Figures) -> Finding:
        ours, theirs = figures.result(key, 5_000), figures.result("scipy", 5_000)
        if ours is None or theirs is None:
            return NOT_MEASURED
        faster, memories = theirs["seconds"] / ours["seconds"], (ours["megabytes"], theirs["megabytes"])
        words = f"{times(faster)} as fast, {memory(memories[0])} beside {memory(memories[1])}"
        return Finding(words, faster >= ratio and 2 * memories[0] <= memories[1])

    return judge


def _beside_the_best(figures: Figures) -> Finding:
    found = []
    for size in figures.sizes:
        ours = figures.seconds("engine", size)
        peers = [t for key in EXACT_PEERS if (t := figures.seconds(key, size)) is not None]
        if size >= 2_000 and ours is not None and peers:
            found.append((size, ours / min(peers)))
    if not found:
        return NOT_MEASURED
    words = ", ".join(f"{times(ratio)} at {size:,}" for size, ratio in found)
    return Finding(words, all(ratio <= 1.5 for _, ratio in found))


def _small(figures: Figures) -> Finding:
    found = {size: t for size in figures.sizes if size < 1_000 and (t := figures.seconds("engine", size))}
    if not found:
        return NOT_MEASURED
    longest = max(found.values())
    return Finding(f"at most {duration(longest)}", longest <= 0.15)


def _within(key: str, size: int, seconds: float, megabytes: float) -> Callable[[Figures], Finding]:
    def judge(figures: Figures) -> Finding:
        found = figures.result(key, size)
        if found is None:
            return NOT_MEASURED
        words = f"{duration(found['seconds'])}, {memory(found['megabytes'])}"
        words += ", certified" if found["optimal"] else ", not certified"
        is_met = found["optimal"] and found["seconds"] <= seconds and found["megabytes"] <= megabytes
        return Finding(words, is_met)

    return judge


def _with_a_gap(figures: Figures) -> Finding:
    exact, early = figures.seconds("engine_large", LARGEST), figures.result("engine_large_gap", LARGEST)
    if exact is None or early is None:
        return NOT_MEASURED
    words = f"{duration(early['seconds'])} beside {duration(exact)}, proved gap {early['gap']:.4%}"
    return Finding(words.replace("%", " %"), early["seconds"] <= exact / 2 and early["gap"] <= GAP)


def _office(figures: Figures) -> Finding:
    found = figures.record.get("office") or {}
    if found.get("state") != "measured":
        return NOT_MEASURED
    ratio = found["around"] / found["solving"]
    words = f"{duration(found['around'])} around a solve of {duration(found['solving'])}: {times(ratio)}"
    return Finding(words, ratio <= 3)


TARGETS: tuple[tuple[str, Callable[[Figures], Finding]], ...] = (
    (
        "1,000 mentees: 300 × as fast as mentor-match or more, with the optimum where that is below it",
        _beside_mentor_match,
    ),
    (
        "5,000: 2.5 × as fast as SciPy's dense solver or more, in half its memory or less",
        _beside_scipy("engine", 2.5),
    ),
    ("5,000 with OR-Tools: 3 × or more, in half the memory or less", _beside_scipy("engine_large", 3)),
    ("2,000 and more: at most 1.5 × the time of the fastest exact peer", _beside_the_best),
    ("fewer than 1,000: 150 ms or less", _small),
    ("10,000 with SciPy alone: 6 s and 350 MB or less", _within("engine", 10_000, 6, 350)),
    (
        "100,000 with OR-Tools, exact: 150 s and 2 GB or less",
        _within("engine_large", LARGEST, 150, 2_000),
    ),
    ("100,000 with OR-Tools to a gap of 0.01 %: half of that time or less", _with_a_gap),
    (
        "a run of 5,000 read from the database, explained and stored: 3 × its solving or less on top",
        _office,
    ),
)


def findings(figures: Figures) -> list[tuple[str, Finding]]:
    return [(target, judge(figures)) for target, judge in TARGETS]
