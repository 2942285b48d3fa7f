"""Runs each contender in a process of its own on the same instances, and keeps what it says.

Within a size the contenders take turns, so that whatever else slows the machine down slows all of them. What takes
longer than the run's patience isn't repeated, and a peer isn't run further up then; nothing runs longer than its limit.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import instances
from benchmarks.contenders import BY_KEY, CONTENDERS, PROJECT, ROOT, Contender, Environment

OUR_LIMIT, OFFICE_LIMIT = 1_800, 900
"""Seconds."""

OFFICE = (
    "import django, json, sys; django.setup(); from benchmarks import office;"
    " print(json.dumps(office.main(*map(int, sys.argv[1:]))))"
)

Record = dict[str, Any]
Say = Callable[[str], None]


class Failed(Exception):
    """A process that ended without figures; the text says why."""


@dataclass
class Plan:
    """What a run measures, how often, and how many seconds it waits.

    `results` grows while it runs; who is `out` isn't run further up.
    """

    sizes: Iterable[int]
    runs: int
    say: Say
    patience: float = 60
    peer_limit: float = 300
    seed: int = instances.SEED
    results: list[Record] = field(default_factory=list)
    described: dict[str, Record] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    def carry_out(self, after_each: Callable[[Record], None]) -> Record:
        """Measure all sizes; `after_each` is given what stands after each of them."""
        for size in self.sizes:
            with TemporaryDirectory() as folder:
                self._one_size(size, Path(folder) / "instance.npz")
            after_each(self.figures())
        return self.figures()

    def figures(self) -> Record:
        return {
            "measured_on": datetime.now(UTC).date().isoformat(),
            "machine": machine(),
            "seed": self.seed,
            "runs": self.runs,
            "patience": self.patience,
            "peer_limit": self.peer_limit,
            "instances": self.described,
            "results": self.results,
        }

    def _one_size(self, size: int, path: Path) -> None:
        instance = instances.make(size, self.seed)
        instance.save(path)
        self.described[str(size)] = {
            "mentees": size,
            "mentors": len(instance.capacity),
            "places": int(instance.capacity.sum()),
            "forbidden": len(instance.forbidden),
        }
        del instance
        turns: dict[str, list[Record]] = {}
        for _ in range(self.runs):
            for contender in self._there(size):
                said = turns.setdefault(contender.key, [])
                limit = OUR_LIMIT if contender.is_ours else self.peer_limit
                if not said or self._may_repeat(said[-1]):
                    said.append(attempt(contender, path, limit))
                    self.say(f"{size:>9,}  {contender.title:<34} {in_short(said[-1])}")
        for key, said in turns.items():
            self.keep(key, size, said)

    def _there(self, size: int) -> list[Contender]:
        return [
            contender
            for contender in CONTENDERS
            if contender.runs_at(size)
            and contender.key not in self.out
            and contender.environment.python.exists()
        ]

    def keep(self, key: str, size: int, said: list[Record]) -> None:
        result = summary(said)
        self.results.append({"contender": key, "size": size, **result})
        if result["state"] != "measured" or (not BY_KEY[key].is_ours and not self._may_repeat(result)):
            self.out.add(key)

    def _may_repeat(self, record: Record) -> bool:
        return bool(record["state"] == "measured" and record["seconds"] <= self.patience)


def attempt(contender: Contender, path: Path, limit: float) -> Record:
    """One measurement, or the state and the reason why there is none."""
    command = [
        "-P",
        str(ROOT / "benchmarks" / "solvers.py"),
        contender.solver,
        str(path),
        str(contender.gap),
    ]
    try:
        return {"state": "measured", **answer_of(contender.environment, command, limit=limit)}
    except subprocess.TimeoutExpired:
        return {"state": "over", "limit": limit}
    except Failed as failure:
        return {"state": "failed", "why": str(failure)}


def answer_of(
    environment: Environment, command: list[str], *, limit: float, settings: Mapping[str, str] | None = None
) -> Record:
    """The JSON that a Python process prints last. Raises TimeoutExpired or Failed."""
    around = {"PYTHONPATH": environment.path, **(settings or {})}
    done = subprocess.run(
        [environment.python, *command],
        env={**os.environ, **around},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=limit,
        check=False,
        preexec_fn=_bound_memory,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise Failed(lines[-1])
    answer: Record = json.loads(done.stdout.splitlines()[-1])
    return answer


def _bound_memory() -> None:
    """A process that would need more than most of the machine's memory fails instead of taking the machine down."""
    most = memory_bytes() * 4 // 5
    with suppress(ValueError, OSError):  # not every system has this bound
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def summary(said: list[Record]) -> Record:
    """The median of the times, the most of the memory, and the rest as in the first of several measurements."""
    measured = [record for record in said if record["state"] == "measured"]
    if len(measured) < len(said):
        return said[-1]
    return {
        **said[0],
        "seconds": median(record["seconds"] for record in said),
        "solving": median(record["solving"] for record in said),
        "megabytes": max(record["megabytes"] for record in said),
        "each": [record["seconds"] for record in said],
    }


def in_short(record: Record) -> str:
    if record["state"] == "measured":
        reached = f"{record['placed']:,} placed, total {record['total']:,}"
        return f"{record['seconds']:9.3f} s {record['megabytes']:8,.0f} MB  {reached}"
    return f"more than {record['limit']} s" if record["state"] == "over" else record["why"]


def office(size: int, runs: int) -> Record:
    """A run from the database and back into it (`office.py`), in a folder that is gone afterwards."""
    with TemporaryDirectory() as folder:
        settings = {
            "ENV_FILE": "",
            "EXAMPLE": "1",
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/office.sqlite3",
            "DJANGO_SETTINGS_MODULE": "mentorship.settings",
        }
        command = ["-c", OFFICE, str(size), str(runs)]
        try:
            return {"state": "measured", **answer_of(PROJECT, command, limit=OFFICE_LIMIT, settings=settings)}
        except subprocess.TimeoutExpired:
            return {"state": "over", "limit": OFFICE_LIMIT}
        except Failed as failure:
            return {"state": "failed", "why": str(failure)}


def machine() -> Record:
    return {
        "processors": os.cpu_count(),
        "processor": processor(),
        "memory_gb": round(memory_bytes() / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
