"""Takes each guard of the product away in turn: some test must fail. `make test-walls` starts it.

The product is loaded once, with a switch at each guard (`tests.walls.mutable`). Every test runs once in a fork of this
process, and tells which guards it came to. Then each guard is taken away in a fork of its own, where the tests that
came to it run until one fails; that one must pass again once the guard is back. So no file is touched, nothing is
loaded twice, and a mutant costs no more than the tests that notice it.

`mutants.txt` keeps which test noticed which guard's absence. The short form takes away some of these guards, others
every day, and asks that test first; the crawl's cells are all tried.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.walls import mutable
from tests.walls.mutants import ROOT, Mutant, all_mutants

EQUIVALENT = Path(__file__).with_name("mutants.toml")
NOTICED = Path(__file__).with_name("mutants.txt")
CRAWL = Path(__file__).parent
PROCESSES = 2
MOST_SECONDS = 600  # for one test: what hangs without a guard has been noticed
EVERY_CELL = "tests/walls/test_crawl.py::test_every_cell_is_as_the_table_says"
FIRST = 30  # of the tests that came to a guard, then as many rows of the crawl's table
MOST = 300  # tests in all: whoever notices stands near
MOST_IN_SHORT = 60
NEVER_ENDS = "(it never ends)"


@dataclass
class Trace:
    """What became of a test with every guard in its place: seconds, and the numbers of the guards that it came to."""

    passed: bool
    seconds: float
    met: list[int]


class Elsewhere:
    """A neighbour of every test that shares nothing with it but the session: all else is put away before it."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[Any]:
        return [self.session]


class Cells:
    """The crawl's table: counts its cells as they are tried, and knows which of its rows come to which guard."""

    def __init__(self) -> None:
        from tests.walls import conftest, crawl  # not before Django is set up

        self._conftest, self._rows = conftest, list(conftest.ROWS)
        self._knock, crawl.knock = crawl.knock, self.knock
        self.tally: Counter[str] = Counter()
        self.came: dict[str, set[str]] = defaultdict(set)
        self.wrong: list[str] = []

    @staticmethod
    def place(row: Any) -> str:
        return f"{row.method} {row.route} ({row.of})"

    def knock(self, world: Any, row: Any, *others: Any) -> Any:
        met, mutable.SWITCH.met = mutable.SWITCH.met, set()
        cell = self._knock(world, row, *others)
        self.came[self.place(row)] |= mutable.SWITCH.met
        mutable.SWITCH.met |= met
        self.tally.update(cells=1, wrong=cell.is_wrong)
        self.wrong += [self.place(row)] * cell.is_wrong
        return cell

    def walk_only(self, places: Collection[str]) -> None:
        """From now on the table has these rows alone."""
        self.wrong.clear()
        self._conftest.ROWS = [row for row in self._rows if self.place(row) in places]


class Mutation:
    """The plugin: instead of running the tests, it takes guards away and asks who notices."""

    def __init__(
        self, mutants: list[Mutant], noticed: dict[str, str], *, is_short: bool, folder: Path
    ) -> None:
        self.mutants = mutants
        self.noticed = noticed  # guard → test: as noted at first, as found in the end
        self.is_short = is_short
        self.folder = folder
        self.numbers = {mutant.key: number for number, mutant in enumerate(mutants)}
        self.not_loaded: list[str] = []
        self.items: dict[str, pytest.Item] = {}
        self.traces: dict[str, Trace] = {}
        self.places: dict[str, list[int]] = {}  # rows of the crawl's table, and the guards that they come to
        self.survivors: list[Mutant] = []
        self._reports: list[pytest.TestReport] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.not_loaded.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if can_come_to_guards(item)]
        self.items = {item.nodeid: item for item in items}
        self.elsewhere: Any = Elsewhere(session)
        self.cells = Cells()
        self._prepare(items[0])
        if not self.is_short:
            self._run(traced=items)
            self._run(taken=self.mutants)
            return True
        self._run(traced=[item for item in items if CRAWL in item.path.parents], taken=self.mutants)
        if self.survivors:
            near = {mutant.app for mutant in self.survivors}
            rest = [item for item in items if item.nodeid not in self.traces]
            self._run(traced=[item for item in rest if item.path.relative_to(ROOT).parts[0] in near])
            self._run(taken=self.survivors)
        return True

    def _prepare(self, item: pytest.Item) -> None:
        """Make the database before the forks, and sweep up, lest each fork's first test is blamed for old litter."""
        self._passes(item)
        gc.collect()
        self._passes(item)
        gc.freeze()

    def _run(self, *, traced: Sequence[pytest.Item] = (), taken: Sequence[Mutant] = ()) -> None:
        """Trace these tests, a module in each process, and take these guards away, each in its own."""
        began, modules = time.monotonic(), defaultdict(list)
        for item in traced:
            modules[str(item.path)].append(item)
        mutants = {mutant.key: mutant for mutant in taken}
        self.survivors = [mutant for mutant in self.survivors if mutant.key not in mutants]
        jobs = {path: partial(self._trace, modules[path]) for path in sorted(modules, key=_crawl_first)}
        jobs |= {key: partial(self._who_notices, mutant) for key, mutant in mutants.items()}
        for name, result in in_forks(jobs, self.folder):
            if name in mutants:
                self._settle(mutants[name], result)
            else:
                self._keep_trace(name, result)
        did = [f"{len(traced)} tests asked where they go"] * bool(traced)
        did += [f"{len(taken)} guards taken away"] * bool(taken)
        say(f"{' and '.join(did)} in {time.monotonic() - began:.0f} s")

    @property
    def failing(self) -> list[str]:
        """Tests that fail with every guard in its place: they prove nothing."""
        return [name for name, trace in self.traces.items() if not trace.passed]

    def _passes(self, item: pytest.Item, *, without: str | None = None) -> bool:
        """Whether a test passes; what its module and class had made is put away."""
        self._reports.clear()
        mutable.SWITCH.gone = without
        signal.alarm(MOST_SECONDS)
        runtestprotocol(item, log=True, nextitem=self.elsewhere)
        signal.alarm(0)
        return not any(report.failed for report in self._reports)

    # Every test once

    def _trace(self, items: list[pytest.Item]) -> dict[str, Any]:
        traces = {}
        for item in items:
            mutable.SWITCH.met.clear()
            began = time.perf_counter()
            passed = self._passes(item)
            traces[item.nodeid] = (passed, time.perf_counter() - began, self._numbered(mutable.SWITCH.met))
        if EVERY_CELL not in traces:
            return {"traces": traces}
        came = {place: self._numbered(met) for place, met in self.cells.came.items()}
        return {"traces": traces, "tally": self.cells.tally, "came": came, "wrong": self.cells.wrong}

    def _numbered(self, keys: set[str]) -> list[int]:
        return sorted(self.numbers[key] for key in keys & self.numbers.keys())

    def _keep_trace(self, path: str, found: dict[str, Any] | None) -> None:
        if found is None:
            self.not_loaded.append(f"{path} (its process died, or took too long)")
            return
        if "came" in found:
            self.cells.tally.update(found["tally"])
            self.places = {place: met for place, met in found["came"].items() if place not in found["wrong"]}
        self.traces |= {name: Trace(*said) for name, said in found["traces"].items()}

    # Every guard once

    def _settle(self, mutant: Mutant, noticed: dict[str, str | None] | None) -> None:
        test = NEVER_ENDS if noticed is None else noticed["by"]
        if test is None:
            self.noticed.pop(mutant.key, None)
            self.survivors.append(mutant)
        else:
            self.noticed[mutant.key] = test

    def _who_notices(self, mutant: Mutant) -> dict[str, str | None]:
        """The first test that fails without the guard, passes with it, and fails without it once more."""
        for name, places in self._who_came_to(mutant):
            item = self.items[name]
            if places:
                self.cells.walk_only(places)
            if self._passes(item, without=mutant.key):
                continue
            noticed = f"{name} at {self.cells.wrong[0]}" if places and self.cells.wrong else name
            if self._passes(item) and not self._passes(item, without=mutant.key):
                return {"by": noticed}
        return {"by": None}

    def _who_came_to(self, mutant: Mutant) -> Iterator[tuple[str, Collection[str]]]:
        """Tests, and which rows of the table where it is the crawl: what is noted, some that are near, then all."""
        number, noted = self.numbers[mutant.key], self.noticed.get(mutant.key, "")
        test, _, place = noted.partition(" at ") if noted.startswith(EVERY_CELL) else (noted, "", "")
        if test in self.items and test not in self.failing:
            yield test, {place} if place else ()
        came = [name for name in self.traces if number in self.traces[name].met and self._may_notice(name)]
        near = (f"{mutant.app}/", "tests/")
        came.sort(key=lambda name: (not name.startswith(near), *self._size(name)))
        places = [place for place, met in self.places.items() if number in met]
        random.Random(number).shuffle(places)
        rows = [(EVERY_CELL, places[:FIRST])] * bool(places)
        yield from rows if mutant.is_of_a_whole_page else []
        yield from ((name, ()) for name in came[:FIRST])
        yield from [] if mutant.is_of_a_whole_page else rows
        yield from ((name, ()) for name in came[FIRST:MOST])
        yield from [(EVERY_CELL, places)] * (len(places) > FIRST)

    def _may_notice(self, name: str) -> bool:
        """Who passes with every guard in its place, and doesn't walk the whole table for it."""
        return self.traces[name].passed and name != EVERY_CELL

    def _size(self, name: str) -> tuple[int, float]:
        return len(self.traces[name].met), self.traces[name].seconds


def _crawl_first(path: str) -> tuple[bool, str]:
    """It takes longest, so nothing should wait for it in the end."""
    return CRAWL not in Path(path).parents, path


def can_come_to_guards(item: pytest.Item) -> bool:
    """Who looks for rows does; the engine's tests and their like don't. Of those that walk the whole table, one."""
    if "crawl" in item.fixturenames:
        return item.nodeid == EVERY_CELL
    return item.get_closest_marker("django_db") is not None


def in_forks(jobs: dict[str, Callable[[], Any]], folder: Path) -> Iterator[tuple[str, Any]]:
    """Each job in a process of its own, `PROCESSES` at a time: name and result, or None from one that was killed."""
    waiting, running = list(jobs.items()), {}
    while waiting or running:
        while waiting and len(running) < PROCESSES:
            name, job = waiting.pop(0)
            running[_fork(job, folder)] = name
        pid, _ = os.wait()
        result = folder / f"{pid}.json"
        yield running.pop(pid), json.loads(result.read_text()) if result.exists() else None
        result.unlink(missing_ok=True)


def _fork(job: Callable[[], Any], folder: Path) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        return pid
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        (folder / f"{os.getpid()}.json").write_text(json.dumps(job()))
    finally:
        os._exit(0)


OUT = os.fdopen(os.dup(1), "w")  # while pytest's own words go nowhere


def say(line: str) -> None:
    OUT.write(f"{line}\n")
    OUT.flush()


# What is kept from one run to the next


def read_noticed() -> dict[str, str]:
    """Guard → the test that noticed its absence: two lines each, the second indented."""
    lines = NOTICED.read_text().splitlines() if NOTICED.exists() else []
    return {guard: test.strip() for guard, test in zip(lines[::2], lines[1::2], strict=True)}


def write_noticed(noticed: dict[str, str], known: Collection[str]) -> None:
    """Only of guards that are still there."""
    kept = sorted((guard, test) for guard, test in noticed.items() if guard in known)
    NOTICED.write_text("".join(f"{guard}\n    {test}\n" for guard, test in kept))


def read_equivalent() -> dict[str, str]:
    """Guards without which nothing changes for anybody, and why."""
    return tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}


def main() -> int:
    parser = argparse.ArgumentParser(description="Take each guard away in turn: some test must fail.")
    parser.add_argument(
        "--short", action="store_true", help="some of the guards whose noticing test is noted"
    )
    parser.add_argument(
        "--seed", default=f"{datetime.now(UTC):%Y%m%d}", help="which guards the short form takes away"
    )
    parser.add_argument("--only", default="", help="guards whose name contains this")
    parser.add_argument("tests", nargs="*", help="tests to ask, instead of all")
    asked = parser.parse_args()
    everything, equivalent = all_mutants(), read_equivalent()
    forgotten = sorted(equivalent.keys() - {mutant.key for mutant in everything})
    mutants = [each for each in everything if asked.only in each.key and each.key not in equivalent]
    noticed = read_noticed()
    if asked.short:
        noted = [each for each in mutants if each.key in noticed]
        mutants = random.Random(asked.seed).sample(noted, min(MOST_IN_SHORT, len(noted)))
        say(
            f"of {len(noted)} guards whose absence a test is known to notice: {len(mutants)}, --seed {asked.seed}"
        )
    os.environ.update(DATABASE_URL="sqlite://:memory:", REDIS_URL="")  # what a fork can have for itself
    mutable.install()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with tempfile.TemporaryDirectory() as folder:
        run = Mutation(mutants, noticed, is_short=asked.short, folder=Path(folder))
        options = ["-q", "-s", "-p", "no:cacheprovider", "--randomly-dont-reorganize", "--randomly-seed=1"]
        pytest.main([*options, *asked.tests], plugins=[run])
    if not run.items:
        say("No test was found, or none could be loaded: see what pytest says to the same places.")
        return 1
    if not asked.short:
        found = read_noticed() | run.noticed if asked.tests else run.noticed
        write_noticed(found, {each.key for each in everything})
    return report(run, forgotten)


def report(run: Mutation, forgotten: list[str]) -> int:
    """Say what is wrong, and the figures in the last line; 1 if anything is."""
    for name in run.not_loaded:
        say(f"not loaded: {name}")
    for name in run.failing:
        say(f"fails with every guard in its place: {name}")
    for key in forgotten:
        say(f"noted in {EQUIVALENT.name} as equivalent, but no longer there: {key}")
    for mutant in sorted(run.survivors, key=lambda mutant: mutant.key):
        say(f"survived: {mutant.key}  (line {mutant.line})")
    cells = run.cells.tally
    wrong = cells["wrong"] + len(run.failing) + len(run.not_loaded) + len(forgotten)
    say(f"cells {cells['cells']}, wrong {wrong}, mutants {len(run.mutants)}, survived {len(run.survivors)}")
    return 1 if wrong or run.survivors else 0


if __name__ == "__main__":
    sys.exit(main())
