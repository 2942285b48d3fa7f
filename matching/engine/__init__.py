"""The matching engine: whole numbers in, the best choice and its proof out. It knows nothing of people.

`solve` chooses pairs; `solve_circles` chooses pairs and circles in one run.
"""

from .arrays import InvalidProblem
from .certificate import Proof, prove
from .circle_problem import CircleProblem, RunningCircle
from .circles import Circle, CircleSolution, OutOfTime, solve_circles
from .explain import LeftOut, Missed, PartOfFit, Reason, explain_pair, left_out, left_out_of_circles
from .features import Column, Features, Ground, Part, Person, World, build_features, points
from .hard_rules import Forbidden, HardRule, forbidden_pairs
from .one_to_one import solve
from .problem import Problem
from .solution import Objective, Pathway, Progress, Solution

__all__ = [
    "Circle",
    "CircleProblem",
    "CircleSolution",
    "Column",
    "Features",
    "Forbidden",
    "Ground",
    "HardRule",
    "InvalidProblem",
    "LeftOut",
    "Missed",
    "Objective",
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
    "World",
    "build_features",
    "explain_pair",
    "forbidden_pairs",
    "left_out",
    "left_out_of_circles",
    "points",
    "prove",
    "solve",
    "solve_circles",
]
