"""Words for what the engine found: why a pair is suggested, why somebody was left out (EI-M)."""

from __future__ import annotations

from collections.abc import Callable

from matching import engine
from matching.engine import Ground, HardRule, Part, PartOfFit, Reason
from matching.pool import CIRCLE, Pool
from matching.solving import Result

_PATHWAYS = {engine.Pathway.ONE_TO_ONE: "One-to-one", engine.Pathway.CIRCLE: "Circles"}


def of_pair(pool: Pool, mentee: int, mentor: int) -> list[str]:
    """Sentences that name what the two share, the strongest part first; blanks and misses aren't reasons."""
    parts = engine.explain_pair(pool.features, pool.place_of(mentee), pool.place_of(mentor))
    said = [(part.points, sentence) for part in parts if (sentence := _sentence(part))]
    return [sentence for _, sentence in sorted(said, key=lambda pair: -pair[0])]


def _sentence(part: PartOfFit) -> str:
    say = _GROUNDS.get((part.part, part.ground))
    return say(part) if say else ""


def _listed(part: PartOfFit) -> str:
    *most, last = part.options
    return f"{', '.join(most)} and {last}" if most else last


_GROUNDS: dict[tuple[Part, Ground], Callable[[PartOfFit], str]] = {
    (Part.SECTORS, Ground.SHARED): lambda part: f"Both chose {_listed(part)}.",
    (Part.SUPPORT_AREAS, Ground.SHARED): lambda part: f"Sought and offered: {_listed(part)}.",
    (Part.COURSE, Ground.SAME): lambda part: f"The same course: {_listed(part)}.",
    (Part.COURSE, Ground.RELATED): lambda part: f"Related courses: {_listed(part)}.",
    (Part.PLACE, Ground.SAME): lambda part: (
        f"The mentor lives in {_listed(part)}, where the mentee would like to work."
    ),
    (Part.PLACE, Ground.RELATED): lambda part: "The mentor lives near where the mentee would like to work.",
    (Part.LEVEL, Ground.FAR_ABOVE): lambda part: "The mentor works at least two bands above.",
    (Part.LEVEL, Ground.ABOVE): lambda part: "The mentor works one band above.",
    (Part.DIVISION, Ground.DIFFERENT): lambda part: "They work in different divisions.",
}

RULES = {
    HardRule.SAME_PERSON: "the same person",
    HardRule.REFUSED: "taken out by the office",
    HardRule.ENDED: "together before",
    HardRule.MANAGEMENT_LINE: "in their line of management",
    HardRule.SAME_MANAGER: "under the same line manager",
}


def of_left_out(pool: Pool, result: Result) -> dict[int, str]:
    """Everybody without a place and mentors without a mentee, with the rule or the shortage that did it."""
    if isinstance(result.problem, engine.Problem) and isinstance(result.solution, engine.Solution):
        found = engine.left_out(result.problem, result.solution, pool.forbidden)
    elif isinstance(result.problem, engine.CircleProblem) and isinstance(
        result.solution, engine.CircleSolution
    ):
        found = engine.left_out_of_circles(result.problem, result.solution, pool.forbidden)
    reasons = {pool.mentees[row.mentee]: _missed(row, pool) for row in found}
    reasons |= pool.waiting
    used = {pk for proposal in result.proposals for pk in proposal.mentors}
    for mentor in pool.mentors:
        if mentor not in used and any(pool.rooms[mentor].values()):
            reasons[mentor] = _unused(pool, mentor)
    return reasons


def _missed(row: engine.LeftOut, pool: Pool) -> str:
    said = [_why(missed, pool) for missed in row.missed]
    if len(said) == 1:
        return said[0]
    return " ".join(
        f"{_PATHWAYS[missed.pathway]}: {why}" for missed, why in zip(row.missed, said, strict=True)
    )


def _why(missed: engine.Missed, pool: Pool) -> str:
    who = "facilitator" if missed.pathway == CIRCLE else "mentor"
    if missed.reason is Reason.NO_PLACES:
        return (
            f"No {who} has a place left."
            if missed.pathway != CIRCLE
            else "Nobody offers to facilitate a circle."
        )
    if missed.reason is Reason.ALL_FORBIDDEN:
        return f"Every {who} with a place is {' or '.join(RULES[r] for r in missed.rules if r in RULES)}."
    if missed.reason is Reason.CIRCLE_TOO_SMALL:
        return f"A further circle would not reach its smallest size of {pool.sizes[0]}."
    if missed.reason is Reason.DRAWN:
        return f"Every {who} they could have is taken; an equally good result would place them, and the lot decided."
    return f"Every {who} they could have is taken by somebody for whom it matters more."


def _unused(pool: Pool, mentor: int) -> str:
    if not pool.mentees:
        return "Nobody is waiting for a mentor."
    barred = {i for i, j in pool.forbidden.rule_of() if pool.mentors[j] == mentor}
    offered = {kind for kind, room in pool.rooms[mentor].items() if room}
    wanted = [i for i, pk in enumerate(pool.mentees) if pool.wishes[pk] & offered]
    if not wanted:
        return "Nobody who is waiting would take what they offer."
    if all(i in barred for i in wanted):
        return "The rules exclude everybody who is waiting."
    return "Everybody they could take is placed with somebody who fits better, or has no place to complete a circle."
