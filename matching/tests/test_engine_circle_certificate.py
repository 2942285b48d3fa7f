"""Pairs and circles are proved without solving again, and nothing that was tampered with passes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Cases,
    CircleDuals,
    CirclePrices,
    CircleProblem,
    InvalidProblem,
    plain_duals,
    prove_circles,
    read_duals,
    solve_circles,
)

from .engine_circle_choices import best_of, two_sided_problems
from .engine_instances import town
from .test_engine_circles import members_of, staff_scheme

BARE = {"scale": 1, "placing": 0, "mentees": [], "leading": []}
quick = settings(max_examples=30, deadline=None)
proved_shapes = pytest.mark.parametrize(
    "changes", [{}, {"facilitators": (2, 2)}, {"leads": 3, "forbidden": 0.4}], ids=["usual", "two", "few"]
)


def again(problem, solution, **changes):
    arguments = {"pairs": solution.pairs, "circles": solution.circles, "duals": solution.duals}
    return prove_circles(problem, **arguments | changes)


@pytest.mark.clause("BM-7")
@proved_shapes
@pytest.mark.parametrize("seed", range(3))
def test_the_stored_prices_prove_a_staff_scheme_best(seed, changes):
    problem = staff_scheme(seed, **changes)
    solution = solve_circles(problem)

    proof = again(problem, solution)

    assert (proof.placed, proof.total, proof.smallest) == (solution.placed, solution.total, solution.smallest)
    assert (proof.most_placed, proof.upper_bound) == (solution.placed, solution.total)
    assert (proof.optimal, proof.gap, solution.proved_gap) == (True, 0.0, 0.0)
    assert proof == solution.proof


@given(problem=two_sided_problems(), objective=st.sampled_from(["total", "fairest"]))
@settings(max_examples=50, deadline=None)
def test_what_is_proved_is_true(problem, objective):
    best = best_of(problem)
    if best is None:
        return

    proof = solve_circles(problem, objective=objective).proof

    total, fairest = best
    assert proof.placed == total[0] <= proof.most_placed
    assert proof.upper_bound >= (total[1] if objective == "total" else fairest[2])
    assert proof.total == (total[1] if objective == "total" else fairest[2])


@given(problem=two_sided_problems(facilitators=(2, 2), most_circles=1))
@quick
def test_what_is_proved_of_two_facilitators_is_true(problem):
    best = best_of(problem)
    if best is None:
        return

    proof = solve_circles(problem).proof

    assert (proof.placed, proof.total) == best[0]
    assert (proof.most_placed, proof.upper_bound) >= best[0]


@given(problem=two_sided_problems(), data=st.data())
@quick
def test_no_prices_whatever_prove_less_than_the_best_that_exists(problem, data):
    best = best_of(problem)
    if best is None:
        return
    solution = solve_circles(problem)
    duals = data.draw(any_duals(problem))

    proof = again(problem, solution, duals=duals)

    assert proof.most_placed >= best[0][0]
    assert proof.upper_bound >= best[0][1]


@given(problem=two_sided_problems(facilitators=(2, 2), most_circles=1), data=st.data())
@quick
def test_no_prices_prove_less_than_the_best_with_two_facilitators(problem, data):
    best = best_of(problem)
    if best is None:
        return
    solution = solve_circles(problem)

    proof = again(problem, solution, duals=data.draw(any_duals(problem)))

    assert proof.most_placed >= best[0][0]
    assert proof.upper_bound >= best[0][1]


@st.composite
def any_duals(draw, problem):
    def prices():
        size = draw(st.sampled_from([2, 20_000, 2**50]))
        price = st.integers(-size, size)
        return CirclePrices(
            draw(st.sampled_from([1, 2, 1024])),
            np.array(
                draw(st.lists(price, min_size=problem.mentees, max_size=problem.mentees)), dtype=np.int64
            ),
            np.array(
                draw(st.lists(price, min_size=problem.mentors, max_size=problem.mentors)), dtype=np.int64
            ),
            draw(st.integers(-20_000, 20_000)),
        )

    def by_cases(depth):
        if not depth or draw(st.booleans()):
            return prices()
        lead, running = draw(st.integers(0, max(problem.mentors, 1))), draw(st.sampled_from([None, 0, 1]))
        at, ordinal = draw(st.integers(-1, 2)), draw(st.integers(0, 1))
        cases = Cases(lead, running, ordinal, at, by_cases(depth - 1), by_cases(depth - 1))
        return replace(prices(), cases=cases)

    return CircleDuals(by_cases(2), by_cases(2), prices())


def lighter(prices):
    """Every price a little changed, case by case."""
    cases = prices.cases
    if cases is not None:
        cases = replace(cases, fewer=lighter(cases.fewer), more=lighter(cases.more))
    mentees = prices.mentees + prices.scale * (np.arange(len(prices.mentees)) % 2)
    return replace(prices, mentees=mentees, cases=cases)


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize("objective", ["total", "fairest"])
@pytest.mark.parametrize("seed", range(6))
def test_where_one_set_of_prices_leaves_a_gap_cases_close_it(seed, objective):
    """Large circles and few people whom no rule keeps away: the hardest of the shapes here."""
    problem = staff_scheme(seed, sizes=(6, 8), forbidden=0.6)

    solution = solve_circles(problem, objective=objective)

    assert solution.proof.optimal
    assert (solution.proof.placed, solution.proof.total) == (solution.placed, solution.total)


def test_a_scheme_too_large_to_look_at_every_pair_at_once_is_proved_all_the_same():
    rng = np.random.default_rng(7)
    pathway = rng.integers(0, 3, 240)
    problem = CircleProblem(
        **town(mentees=240, seed=7, share_forbidden=0.1),
        circles=np.arange(120) % 4 == 0,
        one_to_one=pathway != 0,
        in_circle=pathway != 1,
    )

    solution = solve_circles(problem)

    assert solution.proof.optimal
    assert again(problem, solution) == solution.proof


def test_cases_that_were_tampered_with_prove_less():
    problem = staff_scheme(8, sizes=(6, 8), forbidden=0.6)
    solution = solve_circles(problem)
    total, cases = solution.duals.total, solution.duals.total.cases

    bounds = [
        again(problem, solution, duals=replace(solution.duals, total=changed)).upper_bound
        for changed in (
            replace(total, cases=None),
            cases.fewer,
            cases.more,
            replace(total, cases=replace(cases, at=cases.at + 9)),
            replace(total, cases=replace(cases, lead=999)),
            replace(total, cases=replace(cases, fewer=cases.more, more=cases.fewer)),
            lighter(total),
        )
    ]

    assert all(bound > solution.total for bound in bounds)


@pytest.mark.parametrize("objective", ["total", "fairest"])
def test_what_is_kept_as_json_proves_the_same(objective):
    problem = staff_scheme(8, sizes=(6, 8), forbidden=0.6)
    solution = solve_circles(problem, objective=objective)

    kept = read_duals(json.loads(json.dumps(plain_duals(solution.duals))))

    assert again(problem, solution, duals=kept, floor=solution.floor) == solution.proof


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"most": None}, "The prices that were kept aren't whole."),
        ({"most": {}}, "The prices that were kept aren't whole."),
        ({"most": {"scale": 1, "placing": 0.5}}, "The scale of the prices must be whole numbers"),
        ({"total": BARE | {"cases": {"split": []}}}, "The prices that were kept aren't whole."),
    ],
)
def test_what_was_kept_otherwise_is_refused(change, sentence):
    kept = plain_duals(solve_circles(staff_scheme(0)).duals)

    with pytest.raises(InvalidProblem) as refusal:
        read_duals(kept | change)

    assert str(refusal.value).startswith(sentence)


def test_cases_without_end_are_refused():
    kept = plain_duals(solve_circles(staff_scheme(0)).duals)
    deep = kept["total"]
    for _ in range(300):
        deep = BARE | {"cases": {"split": [0, None, 0, 0], "fewer": deep, "more": deep}}

    with pytest.raises(InvalidProblem, match="too many cases within cases"):
        read_duals(kept | {"total": deep})


@pytest.mark.parametrize("change", [1, -1, 10**6])
def test_prices_that_were_tampered_with_prove_less(change):
    problem = staff_scheme(0)
    solution = solve_circles(problem)
    prices = solution.duals.total
    mentees = prices.mentees + change * prices.scale * (np.arange(45) % 2)

    proof = again(
        problem,
        solution,
        duals=replace(solution.duals, total=replace(prices, mentees=mentees)),
    )

    assert proof.upper_bound > proof.total
    assert not proof.optimal


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mentees": [0.5] * 45}, "The prices of the mentees must be whole numbers"),
        ({"mentees": [0] * 44}, "The prices must be of the same mentees and mentors"),
        ({"scale": 0}, "The scale of the prices doesn't allow of an exact proof."),
        ({"placing": 2**52, "scale": 2**50}, "The scale of the prices doesn't allow of an exact proof."),
    ],
)
def test_prices_that_prove_nothing_are_refused(changes, sentence):
    problem = staff_scheme(0)
    solution = solve_circles(problem)
    duals = replace(solution.duals, total=replace(solution.duals.total, **changes))

    with pytest.raises(InvalidProblem) as refusal:
        again(problem, solution, duals=duals)

    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("pathway", ["circle", "one_to_one"])
def test_a_run_of_one_pathway_is_proved_within_it(pathway):
    problem = staff_scheme(1)
    solution = solve_circles(problem, pathway=pathway)

    proof = again(problem, solution, pathway=pathway)

    assert (proof.optimal, proof.placed, proof.total) == (True, solution.placed, solution.total)


def test_the_fairest_choice_of_a_staff_scheme_is_proved_and_a_higher_floor_is_not():
    problem = staff_scheme(2, forbidden=0.5)
    solution = solve_circles(problem, objective="fairest")

    proof = again(problem, solution, floor=solution.floor)
    claimed_lower = again(problem, solution, floor=solution.floor - 1)

    assert proof.optimal
    assert (claimed_lower.is_fairest, claimed_lower.optimal) == (False, False)


def test_somebody_less_is_not_the_most_any_more():
    problem = staff_scheme(0)
    solution = solve_circles(problem)
    fewer = solution.pairs[1:]

    proof = again(problem, solution, pairs=fewer)

    assert (proof.placed, proof.most_placed, proof.optimal) == (
        solution.placed - 1,
        solution.placed,
        False,
    )


def test_without_a_certificate_the_result_is_the_same():
    problem = staff_scheme(3)

    bare, full = solve_circles(problem, certify=False), solve_circles(problem)

    assert (bare.duals, bare.proof, bare.proved_gap, bare.proved_bound) == (None, None, None, None)
    assert (bare.circles, bare.pairs.tolist()) == (full.circles, full.pairs.tolist())
    assert members_of(bare) == members_of(full)
