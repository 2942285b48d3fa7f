"""Solves one instance with one solver and prints what it took: the process that is measured.

Runs as a file, `python -P benchmarks/solvers.py SOLVER INSTANCE [GAP]`, in whichever environment has the solver, and
so imports nothing of this project but the engine, and that only where it is asked for: two of the peers install a
package that is named `matching` too. Each function below builds what its solver reads and hands back the solving.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[Any]
Solving: TypeAlias = Callable[[], "tuple[ArrayLike, dict[str, Any]]"]
Tables: TypeAlias = dict[str, Array]
HIGHEST_FIT = 10_000


def fits(tables: Tables) -> Array:
    """The fit of each pair; single precision is exact far beyond 10,000. Forbidden pairs have -1."""
    product: Array = tables["wants"].astype(np.float32) @ tables["offers"].astype(np.float32).T
    product[tuple(tables["forbidden"].T)] = -1
    return product


def seats(tables: Tables) -> Array:
    """The mentor of each place."""
    return np.repeat(np.arange(len(tables["capacity"])), tables["capacity"])


def costs(tables: Tables) -> Array:
    """A row per mentee and a column per place, built in place: what peers hold is theirs, not this function's.

    A forbidden pair costs more than all others together, so that as many as possible are placed.
    """
    capacity, (mentee, mentor) = tables["capacity"], tables["forbidden"].T
    cost: Array = tables["wants"].astype(np.float64) @ tables["offers"].astype(np.float64)[seats(tables)].T
    np.subtract(HIGHEST_FIT, cost, out=cost)
    first = np.cumsum(capacity) - capacity
    for place in range(capacity.max()):
        there = capacity[mentor] > place
        cost[mentee[there], first[mentor[there]] + place] = dear(tables)
    return cost


def dear(tables: Tables) -> int:
    return len(tables["wants"]) * HIGHEST_FIT + 1


def allowed(tables: Tables, cost: Array, rows: Array, columns: Array) -> Array:
    """The (mentee, mentor) pairs of an assignment to places, without those that may not be."""
    kept = cost[rows, columns] <= HIGHEST_FIT
    return np.column_stack([rows[kept], seats(tables)[columns[kept]]])


def engine(library: Any, tables: Tables, gap: float) -> Solving:
    problem = library.Problem(**tables)

    def solve() -> tuple[Array, dict[str, Any]]:
        solution = library.solve(problem, gap=gap)
        proof = {name: getattr(solution, name) for name in ("optimal", "upper_bound", "gap", "rounds")}
        return solution.pairs, proof

    return solve


def scipy(library: Any, tables: Tables, gap: float) -> Solving:
    cost = costs(tables)
    return lambda: (allowed(tables, cost, *library.linear_sum_assignment(cost)), {})


def lapx(library: Any, tables: Tables, gap: float) -> Solving:
    cost = costs(tables)

    def solve() -> tuple[Array, dict[str, Any]]:
        rows, columns = library.lapjvs(cost, return_cost=False, jvx_like=True, prefer_float32=False)
        return allowed(tables, cost, rows, columns), {}

    return solve


def ortools(library: Any, tables: Tables, gap: float) -> Solving:
    """Minimum cost flow: source to mentees, their allowed pairs, mentors to sink; and a dear way past all mentors."""
    fit = fits(tables)
    n, m = fit.shape
    source, sink = n + m, n + m + 1
    mentee, mentor = np.nonzero(fit >= 0)
    cost = (HIGHEST_FIT - fit[mentee, mentor]).astype(np.int64)
    flow = library.SimpleMinCostFlow()
    everyone, everybody = np.arange(n), np.arange(m)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(mentee, n + mentor, np.ones_like(cost), cost)
    for tail, head, most, price in [
        (np.full(n, source), everyone, np.ones(n, dtype=int), 0),
        (n + everybody, np.full(m, sink), tables["capacity"], 0),
        (everyone, np.full(n, sink), np.ones(n, dtype=int), dear(tables)),
    ]:
        flow.add_arcs_with_capacity_and_unit_cost(tail, head, most, np.full(len(tail), price))
    flow.set_nodes_supplies([source, sink], [n, -n])

    def solve() -> tuple[Array, dict[str, Any]]:
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError("no flow was found")
        chosen = flow.flows(arcs) > 0
        return np.column_stack([mentee[chosen], mentor[chosen]]), {}

    return solve


def networkx(library: Any, tables: Tables, gap: float) -> Solving:
    fit, mentor_of = fits(tables), seats(tables)
    n = len(fit)
    edges = [
        (i, n + place, int(fit[i, j]))
        for i in range(n)
        for place, j in enumerate(mentor_of.tolist())
        if fit[i, j] >= 0
    ]
    graph = library.Graph()
    graph.add_weighted_edges_from(edges)

    def solve() -> tuple[list[tuple[int, int]], dict[str, Any]]:
        found = (sorted(pair) for pair in library.max_weight_matching(graph, maxcardinality=True))
        return [(mentee, int(mentor_of[place - n])) for mentee, place in found], {}

    return solve


def munkres(library: Any, tables: Tables, gap: float) -> Solving:
    cost = costs(tables).astype(int)
    rows = cost.tolist()

    def solve() -> tuple[Array, dict[str, Any]]:
        chosen = np.array(library.Munkres().compute(rows))
        return allowed(tables, cost, chosen[:, 0], chosen[:, 1]), {}

    return solve


def hospital_resident(library: Any, tables: Tables, gap: float) -> Solving:
    """Both sides rank all whom they may have by fit, the best first; mentees propose."""
    fit = fits(tables)
    sys.setrecursionlimit(1_000_000)  # it copies all people, and each holds all others
    game = library.HospitalResident.create_from_dictionaries(
        {i: ranked(row) for i, row in enumerate(fit)},
        {j: ranked(column) for j, column in enumerate(fit.T)},
        dict(enumerate(tables["capacity"].tolist())),
    )

    def solve() -> tuple[list[tuple[int, int]], dict[str, Any]]:
        found = game.solve(optimal="resident").items()
        return [(mentee.name, mentor.name) for mentor, mentees in found for mentee in mentees], {}

    return solve


def ranked(fit: Array) -> list[int]:
    in_order = np.argsort(-fit, kind="stable")
    best: list[int] = in_order[fit[in_order] >= 0].tolist()
    return best


def mentor_match(library: Any, tables: Tables, gap: float) -> Solving:
    """A round for each place that a mentor may have, with the mentors who have room and the mentees who have nobody."""
    capacity = tables["capacity"].tolist()
    fit = fits(tables).astype(int).tolist()
    mentors, mentees = people(library.Mentor, len(capacity)), people(library.Mentee, len(fit))
    rules = mentor_match_rules(library, fit)

    def solve() -> tuple[list[tuple[int, int]], dict[str, Any]]:
        for _ in range(max(capacity)):
            with_room = [mentor for mentor in mentors if len(mentor.mentees) < capacity[mentor.number]]
            waiting = [mentee for mentee in mentees if not mentee.mentors]
            if with_room and waiting:
                library.process_data(with_room, waiting, [rules])
        return [(mentee.number, mentor.number) for mentor in mentors for mentee in mentor.mentees], {}

    return solve


def mentor_match_places(library: Any, tables: Tables, gap: float) -> Solving:
    """Kinder to it: a mentor with three places comes as three people, and one round does."""
    mentor_of = seats(tables)
    fit = np.take(fits(tables), mentor_of, axis=1).astype(int).tolist()
    places, mentees = people(library.Mentor, len(mentor_of)), people(library.Mentee, len(fit))
    rules = mentor_match_rules(library, fit)

    def solve() -> tuple[list[tuple[int, int]], dict[str, Any]]:
        library.process_data(places, mentees, [rules])
        return [(mentee.number, mentor_of[place.number]) for place in places for mentee in place.mentees], {}

    return solve


def people(kind: type, count: int) -> list[Any]:
    made = [kind(grade=0, email=f"{kind.__name__}-{number}@people.example") for number in range(count)]
    for number, person in enumerate(made):
        person.number = number
    return made


def mentor_match_rules(library: Any, fit: list[list[int]]) -> list[Any]:
    """The fit as the one rule that scores, and the forbidden pairs as its own kind of rule; the last is asked first."""

    class Fit(library.rl.Rule):
        def apply(self, match: Any) -> int:
            return fit[match.mentee.number][match.mentor.number]

    forbidden = library.rl.Disqualify(lambda match: fit[match.mentee.number][match.mentor.number] < 0)
    return [Fit(), forbidden]


SOLVERS: dict[str, tuple[tuple[str, ...], Callable[[Any, Tables, float], Solving]]] = {
    "engine": (("matching.engine",), engine),
    "engine_alone": (("matching.engine",), engine),
    "scipy": (("scipy.optimize",), scipy),
    "lapx": (("lap",), lapx),
    "ortools": (("ortools.graph.python.min_cost_flow",), ortools),
    "networkx": (("networkx",), networkx),
    "munkres": (("munkres",), munkres),
    "hospital_resident": (("matching.games",), hospital_resident),
    "mentor_match": (("matching.process",), mentor_match),
    "mentor_match_places": (("matching.process",), mentor_match_places),
}
"""Per solver the modules that are loaded before the clock starts, and what is measured."""


def worth(tables: Tables, pairs: Array) -> tuple[int, int]:
    """How many pairs and the sum of their fits, once it is sure that they keep every rule."""
    mentee, mentor = pairs.T
    taken = np.bincount(mentor, minlength=len(tables["capacity"]))
    width = len(tables["capacity"])
    if len(np.unique(mentee)) < len(mentee) or (taken > tables["capacity"]).any():
        raise ValueError("somebody has two mentors, or a mentor too many mentees")
    if np.isin(pairs @ (width, 1), tables["forbidden"] @ (width, 1)).any():
        raise ValueError("a forbidden pair was chosen")
    wants, offers = tables["wants"][mentee].astype(int), tables["offers"][mentor]
    return len(pairs), int((wants * offers).sum())


def peak_megabytes() -> float:
    """The most memory that this process held. Where /proc has it, from there: what getrusage says may be the most of
    the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measured(name: str, path: Path, gap: float) -> dict[str, Any]:
    """Seconds with building and without, megabytes, and what was reached.

    "engine_alone" is the engine as it is where OR-Tools isn't installed, even if it is.
    """
    modules, prepare = SOLVERS[name]
    if name == "engine_alone":
        sys.modules["ortools"] = None  # type: ignore[assignment]  # from now on it can't be imported
    library, *_ = [import_module(module) for module in modules]
    with np.load(path) as file:
        tables = dict(file)
    began = perf_counter()
    solve = prepare(library, tables, gap)
    built = perf_counter()
    pairs, proof = solve()
    ended = perf_counter()
    megabytes = peak_megabytes()
    placed, total = worth(tables, np.asarray(pairs, dtype=np.int64).reshape(-1, 2))
    times = {"seconds": ended - began, "solving": ended - built, "megabytes": megabytes}
    return {**times, "placed": placed, "total": total, **proof}


if __name__ == "__main__":
    solver, instance, gap = sys.argv[1:]
    print(json.dumps(measured(solver, Path(instance), float(gap))))
