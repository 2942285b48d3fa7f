"""The matching engine: whole numbers in, the best choice and its proof out. It knows nothing of people.

`solve` chooses pairs; `solve_circles` chooses pairs and circles in one run.
"""

from .alternatives import Alternative, alternatives
from .arrays import InvalidProblem
from .certificate import Proof, prove
from .circle_certificate import prove_circles
from .circle_problem import CircleProblem, RunningCircle
from .circle_solution import Cases, Circle, CircleDuals, CirclePrices, CircleProof, CircleSolution
from .circle_storage import plain_duals, read_duals
from .circles import OutOfTime, solve_circles
from .explain import Among, LeftOut, Missed, PartOfFit, Reason, explain_pair, left_out, left_out_of_circles
from .features import Column, Features, Ground, Part, Person, World, build_features, points
from .hard_rules import Forbidden, HardRule, forbidden_pairs
from .one_to_one import solve
from .problem import Problem
from .solution import Objective, Pathway, Progress, Solution
from .ways_in import OneMore, WayIn, one_more_place, ways_in, worth_of_newcomer
from .what_if import Effect, Move, Spot, what_if

__all__ = [
    "Alternative",
    "Among",
    "Cases",
    "Circle",
    "CircleDuals",
    "CirclePrices",
    "CircleProblem",
    "CircleProof",
    "CircleSolution",
    "Column",
    "Effect",
    "Features",
    "Forbidden",
    "Ground",
    "HardRule",
    "InvalidProblem",
    "LeftOut",
    "Missed",
    "Move",
    "Objective",
    "OneMore",
    "OutOfTime",
    "Part",
    "PartOfFit",
    "Pathway",
    "Person",
    "Problem",
    "Progress",
    "Proof",
    "Reason",
    "RunningCircle",
    "Solution",
    "Spot",
    "WayIn",
    "World",
    "alternatives",
    "build_features",
    "explain_pair",
    "forbidden_pairs",
    "left_out",
    "left_out_of_circles",
    "one_more_place",
    "plain_duals",
    "points",
    "prove",
    "prove_circles",
    "read_duals",
    "solve",
    "solve_circles",
    "ways_in",
    "what_if",
    "worth_of_newcomer",
]
