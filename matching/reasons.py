"""Words for what the engine found: why a pair is suggested, why somebody was left out (EI-M)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from matching import engine
from matching.engine import Among, Ground, HardRule, Part, PartOfFit, Reason
from matching.models import LONGEST_REASON
from matching.pool import CIRCLE, ONE_TO_ONE, Pool
from matching.solving import Result

_PATHWAYS = {engine.Pathway.ONE_TO_ONE: "One-to-one", engine.Pathway.CIRCLE: "Circles"}


def of_pair(pool: Pool, kind: str, mentee: int, mentor: int) -> list[str]:
    """Sentences that name what the two share, the strongest part first."""
    return sentences(parts_of_pair(pool, kind, mentee, mentor))


def parts_of_pair(pool: Pool, kind: str, mentee: int, mentor: int) -> tuple[PartOfFit, ...]:
    """What each part gives to a pair of applications."""
    return engine.explain_pair(pool.features[kind], pool.mentee_at[mentee], pool.mentor_at[mentor])


def sentences(parts: Iterable[PartOfFit]) -> list[str]:
    """The parts of a fit in words, the strongest first; blanks and misses aren't reasons."""
    said = [(part.points, sentence) for part in parts if (sentence := _sentence(part))]
    return [sentence for _, sentence in sorted(said, key=lambda pair: -pair[0])]


def sentence_of(part: PartOfFit) -> str:
    """What one part gives or doesn't, in a sentence: what the two share, who left it blank, or what they lack."""
    return _sentence(part) or _NEUTRAL.get(part.ground) or _NOTHING.get(part.part, "Nothing in common.")


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
_NEUTRAL = {
    Ground.ANYWHERE: "The mentee would work anywhere: counts as neutral.",
    Ground.MENTEE_BLANK: "The mentee left it blank: counts as neutral.",
    Ground.MENTOR_BLANK: "The mentor left it blank: counts as neutral.",
}
_NOTHING = {
    Part.COURSE: "Unrelated courses.",
    Part.PLACE: "The mentor lives elsewhere.",
    Part.LEVEL: "The mentor doesn’t work in a band above.",
    Part.DIVISION: "They work in the same division.",
}

RULES = {
    HardRule.SAME_PERSON: "the same person",
    HardRule.REFUSED: "refused by the office",
    HardRule.ENDED: "together before",
    HardRule.MANAGEMENT_LINE: "in their line of management",
    HardRule.SAME_MANAGER: "under the same line manager",
    HardRule.SAME_DIVISION: "in the same division",
}


def of_left_out(pool: Pool, result: Result) -> dict[int, str]:
    """Everybody without a place and mentors without a mentee, with the rule or the shortage that did it."""
    reasons = {pool.mentees[row.mentee]: _missed(row, pool) for row in _left_out(pool, result)}
    reasons |= pool.waiting
    used = {pk for proposal in result.proposals for pk in proposal.mentors}
    unused = [pk for pk in pool.mentors if pk not in used and any(pool.rooms[pk].values())]
    return reasons | _unused(pool, unused)


def _left_out(pool: Pool, result: Result) -> Sequence[engine.LeftOut]:
    problem, solution = result.problem, result.solution
    pairs, circles = (kind if kind in pool.criteria else pool.pathway for kind in (ONE_TO_ONE, CIRCLE))
    if isinstance(problem, engine.CircleProblem) and isinstance(solution, engine.CircleSolution):
        return engine.left_out_of_circles(
            problem,
            solution,
            pool.forbidden[pairs],
            pool.forbidden[circles],
            features=pool.features[pairs],
            circle_features=pool.features[circles],
        )
    if isinstance(problem, engine.Problem) and isinstance(solution, engine.Solution):
        return engine.left_out(problem, solution, pool.forbidden[pairs], pool.features[pairs])
    raise TypeError("A result of pairs belongs to a problem of pairs, one of circles to one of circles.")


def _missed(row: engine.LeftOut, pool: Pool) -> str:
    """As much of what was asked for as a reason has room for."""
    for named in (2, 1, 0):
        said = [_why(missed, pool, named) for missed in row.missed]
        if len(said) > 1:
            said = [
                f"{_PATHWAYS[missed.pathway]}: {why}" for missed, why in zip(row.missed, said, strict=True)
            ]
        if len(" ".join(said)) <= LONGEST_REASON:
            break
    return " ".join(said)


def _why(missed: engine.Missed, pool: Pool, named: int) -> str:
    """The reason in a pathway; with `named` options at most of what the mentee asked for, or with none."""
    who = "facilitator" if missed.pathway == CIRCLE else "mentor"
    if missed.reason is Reason.NO_PLACES:
        return (
            "Nobody offers to facilitate a circle."
            if missed.pathway == CIRCLE
            else "No mentor has a place left."
        )
    if missed.reason is Reason.ALL_FORBIDDEN:
        return f"Every {who} with a place is {_ruled(missed.rules)}."
    among = missed.among
    scope = scope_of(among.part, among.options, named) if among and named else ""
    if missed.reason is Reason.CIRCLE_TOO_SMALL:
        return _too_small(among, f"{who} {scope}" if scope else "", pool.sizes[0])
    return _taken(missed, scope)


def _too_small(among: Among | None, who: str, smallest: int) -> str:
    rest = f" further circle would not reach its smallest size of {smallest}."
    if among is None or not who or among.reason not in {Reason.NO_PLACES, Reason.ALL_FORBIDDEN}:
        return f"A{rest}"
    if among.reason is Reason.NO_PLACES:
        return f"No {who} has a circle, and a{rest}"
    return f"Every {who} with a circle is {_ruled(among.rules)}, and a{rest}"


def _taken(missed: engine.Missed, scope: str) -> str:
    is_drawn = missed.reason is Reason.DRAWN
    end = "is taken" if is_drawn else "is taken by somebody for whom it matters more"
    lot = "; an equally good result would place them, and the lot decided." if is_drawn else "."
    who = "facilitator" if missed.pathway == CIRCLE else "mentor"
    seat = "seat with a facilitator" if missed.pathway == CIRCLE else "mentor"
    among = missed.among
    if among is None or not scope:
        return f"Every {seat} they could have {end}{lot}"
    other = f"every other {'seat' if missed.pathway == CIRCLE else who} they could have {end}{lot}"
    if among.reason is Reason.NO_PLACES:
        return f"No {who} {scope} has a place, and {other}"
    if among.reason is Reason.ALL_FORBIDDEN:
        return f"Every {who} {scope} with a place is {_ruled(among.rules)}, and {other}"
    may = (
        ""
        if not among.forbidden
        else " who may have them"
        if scope.startswith("in ")
        else " and may have them"
    )
    return f"Every {seat} {scope}{may} {end}{lot}"


def _ruled(rules: Iterable[HardRule]) -> str:
    return " or ".join(RULES[rule] for rule in rules if rule in RULES) or "excluded by a rule"


_SCOPES = {
    Part.SECTORS: "in {}",
    Part.SUPPORT_AREAS: "who offers {}",
    Part.COURSE: "who studied {}",
    Part.PLACE: "who lives in {}",
}


def scope_of(part: Part, options: Sequence[str], most: int = 2) -> str:
    """Mentors who have one of these options, as words that follow “mentor”; empty for parts without options."""
    return _SCOPES[part].format(either(options, most)) if part in _SCOPES and options else ""


def either(options: Sequence[str], most: int = 2) -> str:
    """“Law”, “Law or Consulting”, “Law, Consulting or 3 more”: `most` by name, or one more if that is all."""
    if len(options) > most + 1:
        return f"{', '.join(options[:most])} or {len(options) - most} more"
    *first, last = options
    return f"{', '.join(first)} or {last}" if first else last


def _unused(pool: Pool, mentors: Iterable[int]) -> dict[int, str]:
    """Why each of these mentors, who have room, was given nobody."""
    barred: dict[int, set[int]] = defaultdict(set)
    for rules in pool.rules.values():
        for i, j in rules:
            barred[j].add(i)
    waiting: dict[frozenset[str], set[int]] = {}
    reasons = {}
    for pk in mentors:
        offered = frozenset(kind for kind, room in pool.rooms[pk].items() if room)
        if offered not in waiting:
            waiting[offered] = {pool.mentee_at[i] for i in pool.mentees if pool.wishes[i] & offered}
        reasons[pk] = _why_unused(pool, waiting[offered], barred[pool.mentor_at[pk]])
    return reasons


def _why_unused(pool: Pool, wanted: set[int], barred: set[int]) -> str:
    if not pool.mentees:
        return "Nobody is waiting for a mentor."
    if not wanted:
        return "Nobody who is waiting would take what they offer."
    if wanted <= barred:
        return "The rules exclude everybody who is waiting."
    return (
        "In the best result everybody they could take is placed elsewhere, or there are too few for a circle."
    )
