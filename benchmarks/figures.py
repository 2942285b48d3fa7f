"""What a run measured, to be asked by contender and size, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.contenders import CONTENDERS, Contender

Record = dict[str, Any]


class Figures:
    """The JSON of a run."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._found = {(result["contender"], result["size"]): result for result in record["results"]}
        self.sizes = sorted({size for _, size in self._found})

    def contenders(self) -> list[Contender]:
        """Those that were measured at all, in the order of the tables."""
        there = {key for key, _ in self._found}
        return [contender for contender in CONTENDERS if contender.key in there]

    def result(self, key: str, size: int) -> Record | None:
        """What was measured, if it was."""
        found = self._found.get((key, size))
        return found if found and found["state"] == "measured" else None

    def state(self, key: str, size: int) -> Record:
        return self._found.get((key, size), {"state": "not run"})

    def number(self, key: str, size: int, name: str) -> float | None:
        found = self.result(key, size)
        return None if found is None else float(found[name])

    def seconds(self, key: str, size: int) -> float | None:
        """From the tables to the pairs, building included."""
        return self.number(key, size, "seconds")

    def optimum(self, size: int) -> Record | None:
        """The result that the engine proved to be the best."""
        for key in ("engine", "engine_large"):
            found = self.result(key, size)
            if found and found["optimal"]:
                return found
        return None

    def shortfall(self, key: str, size: int) -> tuple[int, float] | None:
        """How many fewer are placed than could be, and by which share the total is below the best."""
        best, found = self.optimum(size), self.result(key, size)
        if best is None or found is None:
            return None
        return best["placed"] - found["placed"], 1 - found["total"] / best["total"]

    def is_best(self, key: str, size: int) -> bool:
        return self.shortfall(key, size) == (0, 0.0)


def duration(seconds: float) -> str:
    if seconds < 0.9995:
        return f"{seconds * 1000:.{1 if seconds < 0.00995 else 0}f} ms"
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:,.0f} s"


def memory(megabytes: float) -> str:
    return f"{megabytes:,.0f} MB" if megabytes < 999.5 else f"{megabytes / 1000:.1f} GB"


def share(part: float) -> str:
    return f"{part:.1%}".replace("%", " %")


def times(ratio: float) -> str:
    return f"{ratio:.1f} ×" if ratio < 9.95 else f"{ratio:,.0f} ×"


def table(head: Iterable[str], rows: Iterable[Iterable[str]], *, figures: bool = True) -> str:
    """In Markdown: the first column to the left, the others to the right if they hold figures."""
    titles = list(head)
    lines = [titles, ["---", *["---:" if figures else "---"] * (len(titles) - 1)], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
