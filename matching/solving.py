"""From a pool to the engine and back: the problem, what the engine chose, and whom it put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matching import engine
from matching.pool import CIRCLE, ONE_TO_ONE, Pair, Pool

Report = Callable[[engine.Progress], None]
Problem = engine.Problem | engine.CircleProblem
Solution = engine.Solution | engine.CircleSolution


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
    problem: Problem
    solution: Solution

    def mentor_of(self) -> dict[int, int]:
        """Whom each mentee who was placed is with: the mentor, or who leads the circle."""
        return {mentee: p.mentors[0] for p in self.proposals for mentee in p.mentees}


def solve(
    pool: Pool,
    *,
    seed: int,
    compare: bool = False,
    progress: Report | None = None,
    time_limit: float = 60.0,
    certify: bool = True,
) -> Result:
    """The best choice for a pool: most placed, then by the pool's objective. Raises what the engine raises.

    `time_limit` (in seconds) and `certify` are those of circles; pairs alone are soon chosen and always proved.
    """
    problem = problem_of(pool)
    if isinstance(problem, engine.Problem):
        pairs = engine.solve(problem, objective=pool.objective, compare=compare, seed=seed, progress=progress)
        return Result(_pair_proposals(pool, pairs.pairs.tolist()), problem, pairs)
    both = engine.solve_circles(
        problem,
        pathway=pool.pathway or None,
        objective=pool.objective,
        compare=compare,
        seed=seed,
        progress=progress,
        time_limit=time_limit,
        certify=certify,
    )
    proposals = _pair_proposals(pool, both.pairs.tolist()) + _circle_proposals(pool, both.circles)
    return Result(proposals, problem, both)


def problem_of(pool: Pool) -> Problem:
    """The engine's problem: of pairs alone, where nobody could be in a circle."""
    capacity = [pool.rooms[pk].get(ONE_TO_ONE, 0) for pk in pool.mentors]
    circles = [pool.rooms[pk].get(CIRCLE, 0) for pk in pool.mentors]
    locked = _within_capacity(pool.locks(ONE_TO_ONE), capacity)
    takes_pairs = ONE_TO_ONE in pool.criteria and all(ONE_TO_ONE in wish for wish in pool.wishes.values())
    if any(circles) or pool.running or not takes_pairs:
        return _with_circles(pool, capacity, circles, locked)
    features = pool.features[ONE_TO_ONE]
    return engine.Problem(
        features.wants,
        features.offers,
        capacity,
        pool.forbidden[ONE_TO_ONE].pairs,
        locked,
        mentee_keys=pool.mentees,
        mentor_keys=pool.mentors,
    )


def _with_circles(
    pool: Pool, capacity: list[int], circles: list[int], locked: list[Pair]
) -> engine.CircleProblem:
    pairs, members = (kind if kind in pool.criteria else pool.pathway for kind in (ONE_TO_ONE, CIRCLE))
    leads = {pool.mentor_at[circle.facilitators[0]] for circle in pool.running}
    leads |= {j for j, count in enumerate(circles) if count}
    return engine.CircleProblem(
        pool.features[pairs].wants,
        pool.features[pairs].offers,
        capacity,
        circles,
        one_to_one=[ONE_TO_ONE in pool.wishes[pk] for pk in pool.mentees],
        in_circle=[CIRCLE in pool.wishes[pk] for pk in pool.mentees],
        sizes=pool.sizes,
        running=[
            engine.RunningCircle(tuple(pool.mentor_at[pk] for pk in circle.facilitators), circle.members)
            for circle in pool.running
        ],
        forbidden=pool.forbidden[pairs].pairs,
        forbidden_in_circles=pool.forbidden[members].pairs,
        circle_wants=pool.features[members].wants,
        circle_offers=pool.features[members].offers,
        locked=locked,
        locked_members=[pair for pair in pool.locks(CIRCLE) if pair[1] in leads],
        mentee_keys=pool.mentees,
        mentor_keys=pool.mentors,
    )


def _within_capacity(locked: Iterable[Pair], capacity: list[int]) -> list[Pair]:
    """Locks for which the mentor still has a place, the older ones first."""
    left, kept = list(capacity), []
    for mentee, mentor in locked:
        if left[mentor]:
            left[mentor] -= 1
            kept.append((mentee, mentor))
    return kept


def _pair_proposals(pool: Pool, pairs: list[list[int]]) -> tuple[Proposal, ...]:
    locked = set(pool.locks(ONE_TO_ONE))
    return tuple(
        Proposal(ONE_TO_ONE, (pool.mentors[j],), (pool.mentees[i],), is_locked=(i, j) in locked)
        for i, j in pairs
    )


def _circle_proposals(pool: Pool, circles: Iterable[engine.Circle]) -> tuple[Proposal, ...]:
    locked = set(pool.locks(CIRCLE))
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
