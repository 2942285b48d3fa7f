"""What the words for people are made of: the parts of a fit, and what left somebody out.

Codes and numbers only; the sentences are made above, where there is somebody to read them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .arrays import Flags, Ints
from .circle_problem import CircleProblem
from .circle_solution import CircleSolution
from .features import NAMED, Column, Features, Ground, Part
from .hard_rules import Forbidden, HardRule
from .outlook import barred_for
from .problem import Problem
from .solution import Pathway, Solution

_STRENGTH = {ground: rank for rank, ground in enumerate(Ground)}


@dataclass(frozen=True)
class PartOfFit:
    """What one part gives to a pair: its points out of those it could give, on what ground, and the shared
    options (or course, country, …) that the ground names."""

    part: Part
    points: int
    out_of: int
    ground: Ground
    options: tuple[str, ...]


def explain_pair(features: Features, mentee: int, mentor: int) -> tuple[PartOfFit, ...]:
    """The parts of a pair's fit, those with weight only; their points add up to the fit."""
    given = features.wants[mentee] * features.offers[mentor]
    found: dict[Part, list[tuple[Column, int]]] = defaultdict(list)
    for number in np.flatnonzero(given).tolist():
        column = features.columns[number]
        found[column.part].append((column, int(given[number])))
    return tuple(_part(part, found[part], out_of) for part, out_of in features.points.items() if out_of)


def _part(part: Part, found: list[tuple[Column, int]], out_of: int) -> PartOfFit:
    ground = min((column.ground for column, _ in found), key=_STRENGTH.__getitem__, default=Ground.NONE)
    options = tuple(sorted(column.option for column, _ in found if column.ground is ground and column.option))
    return PartOfFit(part, sum(value for _, value in found), out_of, ground, options)


class Reason(StrEnum):
    """What kept somebody from being placed in a pathway.

    NO_PLACES: nobody offers a place in it. ALL_FORBIDDEN: whoever offers one is ruled out for this person.
    CIRCLE_TOO_SMALL: the places they could have are taken, and a further circle that they could join
    wouldn't reach its smallest size. TAKEN: the places they could have are taken, and giving them one would
    place fewer people or make the result worse. DRAWN: the places they could have are taken, an equally
    good result has one for them, and the lot decided.
    """

    NO_PLACES = "no_places"
    ALL_FORBIDDEN = "all_forbidden"
    CIRCLE_TOO_SMALL = "circle_too_small"
    TAKEN = "taken"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Among:
    """The reason among the mentors who have what somebody named, in the part that gives them most points.

    `options` are what the mentee named in `part`. Of the `mentors` with places in the pathway who have any
    of it, `forbidden` are ruled out by `rules`. The `reason` is what kept the rest from taking the mentee:
    NO_PLACES where nobody with a place has any of it, ALL_FORBIDDEN where there's no rest, and DRAWN where
    the lot decided about the mentee at all, if need be for a place with somebody else.
    """

    part: Part
    options: tuple[str, ...]
    reason: Reason
    mentors: int
    forbidden: int
    rules: tuple[HardRule, ...] = ()


@dataclass(frozen=True)
class Missed:
    """Why one pathway had no place for somebody, and by which rules, where it's known, all were forbidden.

    `among` says the same of the mentors who share what the mentee asked for, where the features are known
    and the mentee named something in a part that counts.
    """

    pathway: Pathway
    reason: Reason
    rules: tuple[HardRule, ...] = ()
    among: Among | None = None


@dataclass(frozen=True)
class LeftOut:
    """A mentee without a place, with a reason per pathway that they'd have taken."""

    mentee: int
    missed: tuple[Missed, ...]


def left_out(
    problem: Problem,
    solution: Solution,
    forbidden: Forbidden | None = None,
    features: Features | None = None,
) -> tuple[LeftOut, ...]:
    """Everybody who wasn't placed, and the binding reason. `forbidden` names the rules behind the pairs,
    `features` what the mentees asked for."""
    without = np.setdiff1d(np.arange(problem.mentees), solution.pairs[:, 0])
    drawn = set(solution.drawn.tolist())
    why = _Why(Pathway.ONE_TO_ONE, problem.forbidden, problem.capacity > 0, forbidden, features)
    return tuple(LeftOut(mentee, (why.missed(mentee, mentee in drawn),)) for mentee in without.tolist())


def left_out_of_circles(
    problem: CircleProblem,
    solution: CircleSolution,
    forbidden: Forbidden | None = None,
    in_circles: Forbidden | None = None,
    *,
    features: Features | None = None,
    circle_features: Features | None = None,
) -> tuple[LeftOut, ...]:
    """Everybody who wasn't placed although the run covered a pathway that they'd take, with reasons.

    `in_circles` names the rules of circles and `circle_features` what counts there, where they differ from
    those of pairs.
    """
    without = np.setdiff1d(np.arange(problem.mentees), _placed(solution))
    drawn = set(solution.drawn.tolist())
    leads, unopened = _leads(problem, solution)
    pairs = _Why(Pathway.ONE_TO_ONE, problem.forbidden, problem.capacity > 0, forbidden, features)
    rules, asked = in_circles or forbidden, circle_features or features
    circles = _Why(Pathway.CIRCLE, problem.forbidden_in_circles, leads, rules, asked, unopened)
    found = []
    for mentee in without.tolist():
        would = (pairs, problem.one_to_one[mentee]), (circles, problem.in_circle[mentee])
        missed = tuple(
            why.missed(mentee, mentee in drawn)
            for why, takes in would
            if takes and solution.pathway in {None, why.pathway}
        )
        if missed:
            found.append(LeftOut(mentee, missed))
    return tuple(found)


def _placed(solution: CircleSolution) -> list[int]:
    members = [member for circle in solution.circles for member in circle.members]
    return [*solution.pairs[:, 0].tolist(), *members]


def _leads(problem: CircleProblem, solution: CircleSolution) -> tuple[Flags, Flags]:
    """Per mentor: whether they lead a circle that takes people or could, and whether one of those takes
    nobody."""
    could = problem.circles.copy()
    for running in problem.running:
        could[running.facilitators[0]] += running.members < problem.sizes[1]
    taking = np.zeros_like(could)
    for circle in solution.circles:
        taking[circle.facilitators[0]] += 1
    return could > 0, could > taking


class _Why:
    """Finds the binding reason of one mentee in a pathway from who is ruled out for them.

    `offers` says which mentors have places at all, `unopened` whose circles take nobody.
    """

    def __init__(
        self,
        pathway: Pathway,
        barred: Ints,
        offers: Flags,
        forbidden: Forbidden | None,
        features: Features | None,
        unopened: Flags | None = None,
    ) -> None:
        self.pathway = pathway
        self._barred, self._offers, self._features = barred, offers, features
        self._unopened = np.zeros_like(offers) if unopened is None else unopened
        self._rules = {} if forbidden is None else forbidden.rule_of()

    def missed(self, mentee: int, is_drawn: bool) -> Missed:
        barred = barred_for(self._barred, mentee, len(self._offers))
        reason = self._reason(self._offers, barred, is_drawn)
        ruled_out = reason is Reason.ALL_FORBIDDEN
        rules = self._rules_of(mentee, self._offers & barred) if ruled_out else ()
        return Missed(self.pathway, reason, rules, self._among(mentee, barred, is_drawn))

    def _reason(self, offers: Flags, barred: Flags, is_drawn: bool) -> Reason:
        if not offers.any():
            return Reason.NO_PLACES
        allowed = offers & ~barred
        if not allowed.any():
            return Reason.ALL_FORBIDDEN
        if (allowed & self._unopened).any():
            return Reason.CIRCLE_TOO_SMALL
        return Reason.DRAWN if is_drawn else Reason.TAKEN

    def _among(self, mentee: int, barred: Flags, is_drawn: bool) -> Among | None:
        features = self._features
        named = features.named[mentee] if features is not None and features.named else None
        if features is None or not named:
            return None
        part = max((part for part in Part if part in named), key=lambda part: features.points[part])
        sharing = self._offers & _having(features, mentee, part)
        return Among(
            part=part,
            options=named[part],
            reason=self._reason(sharing, barred, is_drawn),
            mentors=int(sharing.sum()),
            forbidden=int((sharing & barred).sum()),
            rules=self._rules_of(mentee, sharing & barred),
        )

    def _rules_of(self, mentee: int, mentors: Flags) -> tuple[HardRule, ...]:
        found = {self._rules.get((mentee, mentor)) for mentor in np.flatnonzero(mentors).tolist()}
        return tuple(rule for rule in HardRule if rule in found)


def _having(features: Features, mentee: int, part: Part) -> Flags:
    """Per mentor whether they have anything that the mentee named in a part."""
    wanted = features.wants[mentee] > 0
    named = [column.part is part and column.ground in NAMED for column in features.columns]
    offered = features.offers[:, wanted & np.array(named, dtype=np.bool_)]
    return np.asarray((offered > 0).any(axis=1), dtype=np.bool_)
