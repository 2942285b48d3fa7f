"""Who is measured, in which environment, and how far up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (50, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
SHORT = (50, 200, 500, 1_000)
GAP = 0.0001
"""The gap at which the largest instances are solved once more."""


@dataclass(frozen=True)
class Environment:
    """A folder with a Python, and what is found there before its own packages."""

    folder: str
    path: str = ""

    @property
    def python(self) -> Path:
        return ROOT / self.folder / "bin" / "python"


PROJECT = Environment(".venv", path=str(ROOT))
LARGE = Environment(".venv-large", path=str(ROOT))
PEERS = Environment(".venv-peers")
STABLE = Environment(".venv-peers", path=str(ROOT / ".venv-peers" / "stable"))


@dataclass(frozen=True)
class Contender:
    """`solver` names what `solvers.py` does; `least` and `most` are the numbers of mentees between which it runs."""

    key: str
    title: str
    solver: str
    environment: Environment
    least: int = 0
    most: int = SIZES[-1]
    gap: float = 0.0

    @property
    def is_ours(self) -> bool:
        return self.key.startswith("engine")

    def runs_at(self, size: int) -> bool:
        return self.least <= size <= self.most


DENSE = 10_000
"""A table of all pairs would need 20 GB at the next size."""

CONTENDERS = (
    Contender("engine", "this engine, SciPy alone", "engine_alone", PROJECT),
    Contender("engine_large", "this engine, with OR-Tools", "engine", LARGE),
    Contender("engine_gap", "… SciPy, gap 0.01 %", "engine_alone", PROJECT, least=SIZES[-1], gap=GAP),
    Contender("engine_large_gap", "… OR-Tools, gap 0.01 %", "engine", LARGE, least=SIZES[-1], gap=GAP),
    Contender("scipy", "SciPy `linear_sum_assignment`", "scipy", PEERS, most=DENSE),
    Contender("lapx", "lapx `lapjvs`", "lapx", PEERS, most=DENSE),
    Contender("ortools", "OR-Tools flow, all pairs", "ortools", PEERS, most=DENSE),
    Contender("networkx", "networkx `max_weight_matching`", "networkx", PEERS, most=DENSE),
    Contender("munkres", "munkres", "munkres", PEERS, most=DENSE),
    Contender("hospital_resident", "matching, hospital–resident", "hospital_resident", STABLE, most=DENSE),
    Contender("mentor_match", "mentor-match", "mentor_match", PEERS, most=DENSE),
    Contender(
        "mentor_match_places", "mentor-match, a mentor per place", "mentor_match_places", PEERS, most=DENSE
    ),
)
BY_KEY = {contender.key: contender for contender in CONTENDERS}
