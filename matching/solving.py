"""From a pool to the engine and back: the problem, the proposals, and the fingerprint of a run's input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from matching import engine
from matching.pool import CIRCLE, ONE_TO_ONE, Pool


@dataclass(frozen=True)
class Proposal:
    """A pair or a circle by application; `partnership` is the circle that it joins, if that meets already."""

    pathway: str
    mentors: tuple[int, ...]
    mentees: tuple[int, ...]
    is_locked: bool
    partnership: int | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """What the engine chose; `solution` has the figures and the bound."""

    proposals: tuple[Proposal, ...]
    problem: engine.Problem | engine.CircleProblem
    solution: engine.Solution | engine.CircleSolution


def solve(pool: Pool, *, seed: int) -> Result:
    """The best choice for a pool: most placed, then the largest sum of the fits."""
    problem = _problem(pool)
    if isinstance(problem, engine.Problem):
        pairs = engine.solve(problem, seed=seed)
        return Result(_pair_proposals(pool, pairs.pairs.tolist()), problem, pairs)
    both = engine.solve_circles(problem, pathway=pool.pathway or None, seed=seed)
    return Result(
        _pair_proposals(pool, both.pairs.tolist()) + _circle_proposals(pool, both.circles),
        problem,
        both,
    )


def _problem(pool: Pool) -> engine.Problem | engine.CircleProblem:
    capacity = [pool.rooms[pk].get(ONE_TO_ONE, 0) for pk in pool.mentors]
    circles = [pool.rooms[pk].get(CIRCLE, 0) for pk in pool.mentors]
    locked = _within_capacity(pool.locked, capacity)
    takes_pairs = all(ONE_TO_ONE in pool.wishes[pk] for pk in pool.mentees)
    if any(circles) or pool.running or not takes_pairs:
        return _with_circles(pool, capacity, circles, locked)
    return engine.Problem(
        pool.features.wants,
        pool.features.offers,
        capacity,
        pool.forbidden.pairs,
        locked,
        mentee_keys=pool.mentees,
        mentor_keys=pool.mentors,
    )


def _with_circles(
    pool: Pool, capacity: list[int], circles: list[int], locked: list[tuple[int, int]]
) -> engine.CircleProblem:
    of_mentor = {pk: j for j, pk in enumerate(pool.mentors)}
    leads = {of_mentor[circle.facilitators[0]] for circle in pool.running}
    leads |= {j for j, count in enumerate(circles) if count}
    return engine.CircleProblem(
        pool.features.wants,
        pool.features.offers,
        capacity,
        circles,
        one_to_one=[ONE_TO_ONE in pool.wishes[pk] for pk in pool.mentees],
        in_circle=[CIRCLE in pool.wishes[pk] for pk in pool.mentees],
        sizes=pool.sizes,
        running=[
            engine.RunningCircle(tuple(of_mentor[pk] for pk in circle.facilitators), circle.members)
            for circle in pool.running
        ],
        forbidden=pool.forbidden.pairs,
        locked=locked,
        locked_members=[pair for pair in pool.locked_members if pair[1] in leads],
        mentee_keys=pool.mentees,
        mentor_keys=pool.mentors,
    )


def _within_capacity(locked: Iterable[tuple[int, int]], capacity: list[int]) -> list[tuple[int, int]]:
    """Locks for which the mentor still has a place, the older ones first."""
    left, kept = list(capacity), []
    for mentee, mentor in locked:
        if left[mentor]:
            left[mentor] -= 1
            kept.append((mentee, mentor))
    return kept


def _pair_proposals(pool: Pool, pairs: list[list[int]]) -> tuple[Proposal, ...]:
    locked = set(pool.locked)
    return tuple(
        Proposal(
            ONE_TO_ONE,
            (pool.mentors[j],),
            (pool.mentees[i],),
            is_locked=(i, j) in locked,
        )
        for i, j in pairs
    )


def _circle_proposals(pool: Pool, circles: Iterable[engine.Circle]) -> tuple[Proposal, ...]:
    locked = set(pool.locked_members)
    return tuple(
        Proposal(
            CIRCLE,
            tuple(pool.mentors[j] for j in circle.facilitators),
            tuple(pool.mentees[i] for i in circle.members),
            is_locked=any((i, circle.facilitators[0]) in locked for i in circle.members),
            partnership=None if circle.running is None else pool.running[circle.running].partnership,
        )
        for circle in circles
        if circle.members
    )


def fingerprint(pool: Pool, *, seed: int) -> str:
    """SHA-256 of all that decides a run: rows, places, wishes, rules, weights, seed."""
    content = {
        "mentees": [[pk, asdict(pool.rows[pk]), sorted(pool.wishes[pk])] for pk in pool.mentees],
        "mentors": [[pk, asdict(pool.rows[pk]), dict(sorted(pool.rooms[pk].items()))] for pk in pool.mentors],
        "forbidden": pool.forbidden.pairs.tolist(),
        "locked": [pool.locked, pool.locked_members],
        "running": [asdict(circle) for circle in pool.running],
        "sizes": pool.sizes,
        "weights": dict(sorted(pool.weights.items())),
        "pathway": pool.pathway,
        "seed": seed,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
