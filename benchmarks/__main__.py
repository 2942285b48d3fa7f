"""`python -m benchmarks`: measures, prints, and writes figures, page and picture."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks import measuring
from benchmarks.contenders import ROOT, SHORT, SIZES
from benchmarks.drawing import drawing
from benchmarks.figures import Figures, Record
from benchmarks.report import VERDICTS, page
from benchmarks.targets import findings

DOCS, DRAFTS = ROOT / "docs", ROOT / "var" / "benchmarks"
OFFICE_SIZE = 5_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench-matching ARGS=…",
        description="Measures the matching engine beside its peers. A whole run writes docs/benchmarks.*, any other"
        " var/benchmarks/.",
    )
    parser.add_argument(
        "--short",
        action="store_true",
        help="less than a minute: up to 1,000, once each, slow peers left out early",
    )
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="numbers of mentees")
    parser.add_argument("--max", type=int, metavar="N", help="no size above this one")
    parser.add_argument("--runs", type=int, metavar="N", help="measurements per figure (3)")
    parser.add_argument("--folder", type=Path, help="where to write instead")
    parser.add_argument(
        "--report", action="store_true", help="measure nothing: page and picture from the figures kept"
    )
    return parser.parse_args()


def main(given: argparse.Namespace) -> None:
    sizes = given.sizes or (SHORT if given.short else SIZES)
    sizes = sorted(size for size in sizes if given.max is None or size <= given.max)
    is_whole = tuple(sizes) == SIZES
    folder = given.folder or (DOCS if is_whole or given.report else DRAFTS)
    folder.mkdir(parents=True, exist_ok=True)
    if given.report:
        write(folder, json.loads((folder / "benchmarks.json").read_text()))
        return
    began = perf_counter()
    record = measure(sizes, given.runs or (1 if given.short else 3), given.short)
    write(folder, record)
    for target, found in findings(Figures(record)):
        print(f"{VERDICTS[found.is_met]:>13}  {target}: {found.measured}")
    failed = [one for one in record["results"] if one["state"] == "failed"]
    print(f"In {perf_counter() - began:,.0f} s. Written to {folder}")
    if failed:
        raise SystemExit("\n".join("{contender} failed at {size:,}: {why}".format(**one) for one in failed))


def measure(sizes: list[int], runs: int, is_short: bool) -> Record:
    """Keeps what stands after each size among the drafts, so that a run that is stopped leaves what it has."""
    DRAFTS.mkdir(parents=True, exist_ok=True)
    plan = measuring.Plan(sizes, runs, partial(print, flush=True))
    if is_short:
        plan.patience, plan.peer_limit = 1, 10
    record = plan.carry_out(lambda record: write(DRAFTS, record))
    if not is_short and max(sizes) >= OFFICE_SIZE:
        record["office"] = measuring.office(OFFICE_SIZE, runs)
        print("   office ", record["office"])
        write(DRAFTS, record)
    return record


def write(folder: Path, record: Record) -> None:
    (folder / "benchmarks.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    (folder / "benchmarks.svg").write_text(drawing(record))
    (folder / "benchmarks.md").write_text(page(record))


if __name__ == "__main__":
    main(arguments())
