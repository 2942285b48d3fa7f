"""The page docs/benchmarks.md from the figures of a run and the words in page.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from string import Template

from benchmarks.contenders import Contender
from benchmarks.figures import Figures, Record, duration, memory, share, table
from benchmarks.targets import findings

PAGE = Path(__file__).parent / "page.md"
VERDICTS = {True: "met", False: "not met", None: "not measured"}


def page(record: Record) -> str:
    figures = Figures(record)
    return Template(PAGE.read_text()).substitute(
        day=f"{date.fromisoformat(record['measured_on']):%-d %B %Y}",
        machine=machine(record["machine"]),
        runs=runs(record["runs"]),
        targets=targets(figures),
        seconds=by_size(figures, time_cell("seconds")),
        solving=by_size(figures, time_cell("solving")),
        quality=by_size(figures, quality_cell),
        memory=by_size(figures, memory_cell),
        office=office(record.get("office")),
        instances=instances(record["instances"]),
        seed=record["seed"],
        patience=record["patience"],
        limit=f"{record['peer_limit']} s",
    )


def targets(figures: Figures) -> str:
    rows = [(target, found.measured, VERDICTS[found.is_met]) for target, found in findings(figures)]
    return table(("target", "measured", "verdict"), rows, figures=False)


def by_size(figures: Figures, cell: Callable[[Figures, str, int], str]) -> str:
    def row(contender: Contender) -> list[str]:
        cells = [
            cell(figures, contender.key, size) if size >= contender.least else "" for size in figures.sizes
        ]
        return [contender.title, *cells]

    return table(["", *(f"{size:,}" for size in figures.sizes)], map(row, figures.contenders()))


def time_cell(name: str) -> Callable[[Figures, str, int], str]:
    def cell(figures: Figures, key: str, size: int) -> str:
        seconds = figures.number(key, size, name)
        return missing(figures.state(key, size)) if seconds is None else duration(seconds)

    return cell


def memory_cell(figures: Figures, key: str, size: int) -> str:
    megabytes = figures.number(key, size, "megabytes")
    return "–" if megabytes is None else memory(megabytes)


def quality_cell(figures: Figures, key: str, size: int) -> str:
    found, missed = figures.result(key, size), figures.shortfall(key, size)
    if found is None:
        return "–"
    if found.get("optimal"):
        return "proved best"
    if missed is None:
        return "no optimum known"
    unplaced, below = missed
    words = "the same" if missed == (0, 0.0) else f"{share(below)} below"
    return f"{words}, {unplaced:,} unplaced" if unplaced else words


def missing(state: Record) -> str:
    limits = {"over": f"> {state.get('limit')} s", "failed": "failed"}
    return limits.get(state["state"], "not run")


def machine(found: Record) -> str:
    words = f"{found['processors']} processors ({found['processor']}), {found['memory_gb']} GB of memory"
    return f"{words}, {found['system']}, Python {found['python']}"


def runs(count: int) -> str:
    if count == 1:
        return "Each figure is of one measurement."
    return f"Each time is the median of {count} measurements; whatever takes longer than a minute is measured once."


def office(found: Record | None) -> str:
    if not found or found["state"] != "measured":
        return "Not measured in this run."
    parts = {
        "reading the people and their wishes": found["reading"],
        "solving, and solving for the other objective to compare": found["solving"],
        "explaining and storing": found["storing"],
    }
    words = "A whole run of {mentees:,} mentees and {mentors:,} mentors, on SQLite:".format(**found)
    return words + "\n\n" + table(("", "time"), [(part, duration(t)) for part, t in parts.items()])


def instances(described: dict[str, Record]) -> str:
    rows = [[f"{one[name]:,}" for name in COLUMNS] for one in described.values()]
    return table(COLUMNS, rows)


COLUMNS = ("mentees", "mentors", "places", "forbidden")
