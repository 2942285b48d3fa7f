"""Every choice of pairs and circles where the two have fits and rules of their own, found by trying all."""

from itertools import product

from hypothesis import strategies as st

from matching.engine import CircleProblem

from .engine_brute_force import _circles_can_run
from .engine_instances import circle_problems, pair_lists, tables


@st.composite
def two_sided_problems(draw, **shape):
    """Circle problems in which weights and rules of the pathways differ."""
    problem = draw(circle_problems(**shape))
    wants, offers = draw(tables(problem.mentees, problem.mentors))
    locked = set(map(tuple, problem.locked_members.tolist()))
    barred = draw(pair_lists(problem.mentees, problem.mentors, most=6))
    return changed(
        problem,
        circle_wants=wants,
        circle_offers=offers,
        forbidden_in_circles=[pair for pair in barred if pair not in locked],
    )


def changed(problem, **changes):
    """The same problem with other arguments."""
    names = CircleProblem.__dataclass_fields__
    return CircleProblem(**{name: getattr(problem, name) for name in names} | changes)


def choices(problem):
    """Every way to give each mentee nothing, ("pair", mentor) or ("circle", facilitator) within the rules."""
    pairs = set(map(tuple, problem.forbidden.tolist()))
    circles = set(map(tuple, problem.forbidden_in_circles.tolist()))
    options = [_options(problem, i, pairs, circles) for i in range(problem.mentees)]
    for choice in product(*options):
        taken = [choice.count(("pair", j)) for j in range(problem.mentors)]
        within = all(count <= problem.capacity[j] for j, count in enumerate(taken))
        if within and _circles_can_run(problem, choice, circles):
            yield choice


def _options(problem, i, pairs, circles):
    for kind, locked in (("pair", problem.locked), ("circle", problem.locked_members)):
        for mentee, mentor in locked.tolist():
            if mentee == i:
                return [(kind, mentor)]
    found = [None]
    if problem.one_to_one[i]:
        found += [("pair", j) for j in range(problem.mentors) if (i, j) not in pairs]
    if problem.in_circle[i]:
        found += [("circle", j) for j in range(problem.mentors) if (i, j) not in circles]
    return found


def fits_of(problem, choice):
    """The fit of everybody who is placed, by mentee."""
    tables = {
        "pair": (problem.wants.tolist(), problem.offers.tolist()),
        "circle": (problem.circle_wants.tolist(), problem.circle_offers.tolist()),
    }
    found = {}
    for i, place in enumerate(choice):
        if place:
            wants, offers = tables[place[0]]
            found[i] = sum(w * o for w, o in zip(wants[i], offers[place[1]], strict=True))
    return found


def best_of(problem):
    """The best (placed, total) and (placed, smallest fit that isn't locked, total), or None if there's none."""
    fixed = {*problem.locked[:, 0].tolist(), *problem.locked_members[:, 0].tolist()}
    by_total, by_smallest = [], []
    for choice in choices(problem):
        fits = fits_of(problem, choice)
        smallest = min((fit for i, fit in fits.items() if i not in fixed), default=float("inf"))
        by_total.append((len(fits), sum(fits.values())))
        by_smallest.append((len(fits), smallest, sum(fits.values())))
    return (max(by_total), max(by_smallest)) if by_total else None
