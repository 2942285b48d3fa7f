"""People, places and rules with what the engine chooses for them, to ask what a change would do (EI-M).

`as_now` is what a run would meet at this moment, `as_run` what a run has met. Who reads it is told nothing of matches
of their own: `is_own` says which applications are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from accounts.models import User
from applications.models import Application
from matching import engine, gathering, records, solving
from matching.engine import InvalidProblem, OutOfTime, Spot
from matching.engine.what_if import Deadline, spots
from matching.models import MatchRun
from matching.pool import Pool
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort

SOLVED_UP_TO = 600
"""Of more people than this nothing is solved while somebody waits for a page."""
SECONDS_PER_PAGE = 3.0
"""What all solving for one page may take together."""


@dataclass(frozen=True, eq=False)
class Situation:
    """A pool with its problem and a result; `names` are people's names by application; `deadline` is what is left
    of the time to ask what changes would do."""

    pool: Pool
    problem: solving.Problem
    solution: solving.Solution
    names: Mapping[int, str] = field(default_factory=dict)
    own: frozenset[int] = frozenset()
    deadline: Deadline = field(default_factory=lambda: Deadline(SECONDS_PER_PAGE))

    def mentee(self, position: int) -> str:
        return self.names.get(self.pool.mentees[position], "Somebody")

    def mentor(self, position: int) -> str:
        return self.names.get(self.pool.mentors[position], "Somebody")

    def is_own(self, *, mentee: int | None = None, mentor: int | None = None) -> bool:
        """Whether the person at this position is who reads."""
        pools = (self.pool.mentees, mentee), (self.pool.mentors, mentor)
        return any(at is not None and people[at] in self.own for people, at in pools)

    @property
    def takes_part(self) -> bool:
        """Whether who reads is in the pool."""
        return any(pk in self.pool.rows for pk in self.own)

    @cached_property
    def spots(self) -> dict[int, Spot]:
        """Where each mentee is, by position."""
        return spots(self.solution)


def as_now(
    cohort: Cohort, *, pathway: str = "", seed: int = 0, on: date, viewer: User | None = None
) -> Situation:
    """Everybody who is free on that day under the rules in force, and what a run would choose.

    Raises NotPossible with a sentence where a run would fail.
    """
    return solved(gathering.gather(cohort, on=on, pathway=pathway), cohort, seed=seed, viewer=viewer)


def solved(pool: Pool, cohort: Cohort, *, seed: int = 0, viewer: User | None = None) -> Situation:
    """A cohort's pool with what a run would choose, found in the time of a page and without its proof; raises
    NotPossible where it would fail."""
    deadline = Deadline(SECONDS_PER_PAGE)
    try:
        result = solving.solve(pool, seed=seed, time_limit=deadline.left, certify=False)
    except (InvalidProblem, OutOfTime) as impossible:
        raise NotPossible(str(impossible)) from impossible
    return Situation(pool, result.problem, result.solution, *_known(cohort.pk, viewer), deadline)


def as_run(run: MatchRun, pool: Pool | None, *, viewer: User | None = None) -> Situation | None:
    """What a finished run met (see `pool_of`) and chose, read from its record; None where that can't be read."""
    if pool is None:
        return None
    try:
        problem = solving.problem_of(pool)
        solution = _solution(run, problem, run.record.certificate)
    except (InvalidProblem, KeyError, TypeError, ValueError):
        return None
    return Situation(pool, problem, solution, *_known(run.cohort_id, viewer))


def is_small(pool: Pool) -> bool:
    """Whether solving again takes no longer than a page may."""
    return len(pool.mentees) + len(pool.mentors) <= SOLVED_UP_TO


def pool_of(run: MatchRun) -> Pool | None:
    """The input of a finished run; None for a run without a record that can be read."""
    record = getattr(run, "record", None)
    try:
        return None if record is None else records.read(records.unpacked(record.input))[0]
    except (KeyError, TypeError, ValueError):
        return None


def _known(cohort: int, viewer: User | None) -> tuple[dict[int, str], frozenset[int]]:
    rows = Application.objects.filter(cohort=cohort).order_by("pk").values_list("pk", "user", "user__name")
    people = list(rows)
    own = frozenset(pk for pk, user, _ in people if viewer is not None and user == viewer.pk)
    return {pk: name for pk, _, name in people}, own


def _solution(run: MatchRun, problem: solving.Problem, kept: Mapping[str, Any]) -> solving.Solution:
    """The result as it was; the prices and duals that prove it are `proofs`' to read."""
    pairs = np.array(kept["pairs"], dtype=np.int64).reshape(-1, 2)
    nothing = np.zeros(0, dtype=np.int64)
    figures: dict[str, Any] = {
        "objective": engine.Objective(run.objective),
        "seed": run.seed,
        "pairs": pairs,
        "placed": run.placed,
        "total": run.total,
        "smallest": run.smallest,
        "upper_bound": run.upper_bound,
        "optimal": run.is_optimal,
        "floor": kept["floor"],
        "drawn": nothing,
        "rounds": 0,
        "seconds": run.seconds,
    }
    if isinstance(problem, engine.Problem):
        return engine.Solution(prices=nothing, bonus=0, cover=None, **figures)
    circles = tuple(engine.Circle(tuple(leads), tuple(members), at) for leads, members, at in kept["circles"])
    only = engine.Pathway(run.pathway) if run.pathway else None
    return engine.CircleSolution(pathway=only, circles=circles, most_placed=run.placed, **figures)
