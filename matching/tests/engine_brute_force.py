"""The engine's promises, decided by trying everything: slow, plain, and sharing no code with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from matching.engine import CircleProblem, Problem

Place = tuple[str, int] | None


def fits(problem: Problem | CircleProblem) -> list[list[int]]:
    wants, offers = problem.wants.tolist(), problem.offers.tolist()
    return [[sum(w * o for w, o in zip(want, offer, strict=True)) for offer in offers] for want in wants]


def ranks(problem: Problem | CircleProblem) -> tuple[tuple[int, int], tuple[int, float, int]] | None:
    """The best (placed, total) and the best (placed, smallest fit that isn't locked, total) that exist."""
    fit = fits(problem)
    fixed = {mentee for mentee, _ in problem.locked.tolist()}
    if isinstance(problem, CircleProblem):
        fixed |= {mentee for mentee, _ in problem.locked_members.tolist()}
    by_total, by_smallest = [], []
    for choice in choices(problem):
        placed = [(i, fit[i][place[1]]) for i, place in enumerate(choice) if place]
        total = sum(value for _, value in placed)
        smallest = min((value for i, value in placed if i not in fixed), default=float("inf"))
        by_total.append((len(placed), total))
        by_smallest.append((len(placed), smallest, total))
    return (max(by_total), max(by_smallest)) if by_total else None


def choices(problem: Problem | CircleProblem) -> Iterator[tuple[Place, ...]]:
    """Every way to give each mentee nothing, ("pair", mentor) or ("circle", facilitator) within the rules."""
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    options = [_options(problem, i, forbidden) for i in range(problem.mentees)]
    for choice in product(*options):
        taken = [choice.count(("pair", j)) for j in range(problem.mentors)]
        if any(count > problem.capacity[j] for j, count in enumerate(taken)):
            continue
        if isinstance(problem, Problem) or _circles_can_run(problem, choice, forbidden):
            yield choice


def _options(problem: Problem | CircleProblem, i: int, forbidden: set[tuple[int, ...]]) -> list[Place]:
    locked = dict(problem.locked.tolist())
    if i in locked:
        return [("pair", locked[i])]
    if isinstance(problem, CircleProblem):
        members = dict(problem.locked_members.tolist())
        if i in members:
            return [("circle", members[i])]
    allowed = [j for j in range(problem.mentors) if (i, j) not in forbidden]
    options: list[Place] = [None]
    if isinstance(problem, Problem) or problem.one_to_one[i]:
        options += [("pair", j) for j in allowed]
    if isinstance(problem, CircleProblem) and problem.in_circle[i]:
        options += [("circle", j) for j in allowed]
    return options


def _circles_can_run(
    problem: CircleProblem, choice: tuple[Place, ...], forbidden: set[tuple[int, ...]]
) -> bool:
    members = [
        [i for i, place in enumerate(choice) if place == ("circle", j)] for j in range(problem.mentors)
    ]
    if problem.facilitators[0] == 2:
        return _has_seconds(problem, members, forbidden)
    return all(len(members[j]) in _sizes(problem, j) for j in range(problem.mentors))


def _sizes(problem: CircleProblem, mentor: int) -> set[int]:
    """Numbers of newcomers that a facilitator's circles can take together."""
    smallest, largest = problem.sizes
    ranges = [(smallest, largest)] * int(problem.circles[mentor])
    ranges += [
        (max(smallest - circle.members, 1), largest - circle.members)
        for circle in problem.running
        if circle.facilitators[0] == mentor
    ]
    sizes = {0}
    for fewest, most in ranges:
        sizes |= {size + more for size in sizes for more in range(fewest, most + 1)}
    return sizes


def _has_seconds(problem: CircleProblem, members: list[list[int]], forbidden: set[tuple[int, ...]]) -> bool:
    """Whether every lead (of one circle at most here) can be given a second facilitator."""
    smallest, largest = problem.sizes
    leads = [j for j, joined in enumerate(members) if joined]
    if any(not smallest <= len(members[j]) <= largest for j in leads):
        return False
    for seconds in product(range(problem.mentors), repeat=len(leads)):
        load = [*leads, *seconds]
        if all(
            lead != second and not any((i, second) in forbidden for i in members[lead])
            for lead, second in zip(leads, seconds, strict=True)
        ) and all(load.count(j) <= problem.circles[j] for j in set(load)):
            return True
    return False
