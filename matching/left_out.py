"""Why a run left somebody out, which single changes would place them, and which new mentors would help (EI-M)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import apnumber

from accounts.models import User
from applications.models import MOST_PLACES
from matching import effects, engine, gathering, reasons, situation, solving
from matching.engine import HardRule, InvalidProblem, OneMore, OutOfTime, Part, Pathway, WayIn
from matching.engine.what_if import Deadline
from matching.models import Exclusion, MatchRun
from matching.pool import CIRCLE, ONE_TO_ONE, Pool
from matching.situation import Situation
from mentorship.lib.refusals import NotPossible

TRIES = 40
"""Changes of each kind that are tried at most; of many people fewer, since each is a run of its own."""
TRIES_TIMES_PEOPLE = 6000
NEWCOMERS = 6
"""Options for which a new mentor is tried, those first that most of the people left out asked for."""
LINES = 3
SECONDS_FOR_NEWCOMERS = 5.0
NOTHING = (
    "None of the changes that were tried would: one more place with a mentor, one more circle, "
    "or setting aside one rule."
)
NOBODY = "There is no mentor who could be asked for one more place."
FOR_A_COLLEAGUE = "What would place them is for a colleague to see."
TOO_MANY = "With so many people, what would help one of them isn’t worked out here."
TOO_LONG = "What would help hasn’t been worked out: it takes longer than a page may."


@dataclass(frozen=True)
class Help:
    """What would place somebody now, in sentences; `now` says where they stand meanwhile."""

    now: str = ""
    ways: tuple[str, ...] = ()


def help_for(exclusion: Exclusion, *, on: date, viewer: User) -> Help:
    """What would place a mentee whom a run left out, as things stand on that day.

    Load the exclusion with `application__user`, `run__cohort__programme` and `run__record`.
    """
    run, application = exclusion.run, exclusion.application
    stored = situation.pool_of(run)
    if stored is not None and not situation.is_small(stored):
        return Help(TOO_MANY)
    try:
        pool = _with_full_mentors(run, on=on)
        return _help(situation.solved(pool, run.cohort, seed=run.seed, viewer=viewer), application.pk)
    except OutOfTime:
        return Help(TOO_LONG)
    except (NotPossible, InvalidProblem) as impossible:
        return Help(f"What would help can’t be worked out at the moment: {impossible}")


def _with_full_mentors(run: MatchRun, *, on: date) -> Pool:
    """Who is free on that day, and mentors who take somebody one-to-one but have no place left: they may be asked.

    They are gathered as if they had one place more, which is then taken away again.
    """
    accepted = gathering.accepted_in(run.cohort)
    willing = [a for a in accepted if a.is_mentor and 0 < a.places < MOST_PLACES]
    for application in willing:
        application.places += 1
    pool = gathering.gather(run.cohort, on=on, pathway=run.pathway, accepted=accepted)
    one_less = {a.pk for a in willing} & pool.rooms.keys()
    rooms = {
        pk: {kind: max(0, room - (kind == ONE_TO_ONE and pk in one_less)) for kind, room in kinds.items()}
        for pk, kinds in pool.rooms.items()
    }
    return replace(pool, rooms=rooms)


def _help(present: Situation, application: int) -> Help:
    pool = present.pool
    if application not in pool.mentee_at:
        gone = "Isn’t looking for a place any more: one is taken, offered, or no longer wanted."
        return Help(pool.waiting.get(application, gone))
    if not situation.is_small(pool):
        return Help(TOO_MANY)
    mentee = pool.mentee_at[application]
    if not present.solution.optimal:
        return Help(TOO_LONG)
    if mentee in present.spots:
        return Help("Something has changed since: a new run would place them.")
    return _ways(present, mentee) if pool.mentors else Help(NOBODY)


def _ways(present: Situation, mentee: int) -> Help:
    """The cheapest ways, without any that would tell the reader of a match of their own."""
    pool = present.pool
    pairs, circles = (pool.forbidden.get(kind) for kind in (ONE_TO_ONE, CIRCLE))
    tries = min(TRIES, TRIES_TIMES_PEOPLE // (len(pool.mentees) + len(pool.mentors)))
    found = engine.ways_in(
        present.problem,
        present.solution,
        mentee,
        pairs or circles,
        in_circles=circles,
        most=LINES + len(present.own),
        tries=tries,
        time_limit=present.deadline.left,
    )
    ways = [_said(present, mentee, way) for way in found if not present.is_own(mentor=way.mentor)]
    if ways or found:
        return Help("" if ways else FOR_A_COLLEAGUE, tuple(ways[:LINES]))
    return Help(NOTHING)


def _said(present: Situation, mentee: int, way: WayIn) -> str:
    mentor, is_circle = present.mentor(way.mentor), way.pathway is Pathway.CIRCLE
    effect = effects.of_effect(present, way.effect, mentee=mentee)
    if way.rule is not None:
        condition = _ASIDE.get(way.rule, "If a rule were set aside for them")
        return f"{condition}, {mentor} could take them{' into a circle' if is_circle else ''}. {effect}"
    place = "One more circle" if is_circle else "One more place"
    return f"{place} with {mentor} would place them. {effect}"


_ASIDE = {
    HardRule.REFUSED: "If the office took back what it decided against the two",
    HardRule.ENDED: "If people who were together before could be matched again",
    HardRule.MANAGEMENT_LINE: "If people in one line of management could be matched",
    HardRule.SAME_MANAGER: "If people under the same line manager could be matched",
    HardRule.SAME_DIVISION: "If people in the same division could be matched",
}


def newcomers_of(pool: Pool, result: solving.Result) -> list[str]:
    """Which new mentors would place more of the people that a run leaves out: three sentences at most.

    Only options that those people asked for are tried, a few seconds long, and nothing is said of many people or where
    that time was too short.
    """
    if not situation.is_small(pool):
        return []
    met = Situation(pool, result.problem, result.solution, deadline=Deadline(SECONDS_FOR_NEWCOMERS))
    try:
        found = [newcomer for kind in pool.criteria for newcomer in _worth(met, kind)]
    except (InvalidProblem, OutOfTime):
        return []
    useful = sorted((newcomer for newcomer in found if newcomer.more.placed), key=lambda each: each.rank)
    return [str(newcomer) for newcomer in useful[:LINES]]


@dataclass(frozen=True)
class _Newcomer:
    """Somebody who might be won for a pathway, known by one option alone; `places` is 0 for who leads a circle."""

    kind: str
    part: Part | None
    option: str
    places: int
    more: OneMore

    @property
    def rank(self) -> tuple[int, int, int, str]:
        return -self.more.placed, self.places, -self.more.total, self.option

    def __str__(self) -> str:
        who = "facilitator" if self.kind == CIRCLE else "mentor"
        scope = f" {reasons.scope_of(self.part, [self.option])}" if self.part else ""
        places = f" with {apnumber(self.places)} places" if self.places > 1 else ""
        return f"One more {who}{scope}{places} would place {apnumber(self.more.placed)} more."


def _worth(met: Situation, kind: str) -> list[_Newcomer]:
    """What a newcomer in this pathway would add, for each option that those left out asked for."""
    left_out = [
        i for i, pk in enumerate(met.pool.mentees) if i not in met.spots and kind in met.pool.wishes[pk]
    ]
    if not left_out:
        return []
    named = met.pool.features[kind].named
    asked = Counter(
        (part, option) for i in left_out for part, options in named[i].items() for option in options
    )
    most_asked = sorted(asked, key=lambda each: (-asked[each], each))[:NEWCOMERS]
    options: list[tuple[Part | None, str]] = [*most_asked] or [(None, "")]
    places = (0,) if kind == CIRCLE else (1, 2)
    found = []
    for (part, option), mores in zip(options, _added(met, kind, options, places), strict=True):
        at, more = max(zip(places, mores, strict=True), key=lambda each: (each[1].placed, -each[0]))
        found.append(_Newcomer(kind, part, option, at, more))
    return found


def _added(
    met: Situation, kind: str, options: Sequence[tuple[Part | None, str]], places: tuple[int, ...]
) -> Sequence[Sequence[OneMore]]:
    """Tried in a pool where the newcomers stand without any place, so that what they offer has its columns."""
    pool = met.pool
    first = max(pool.rows) + 1
    rows = {first + n: _row(n, part, option) for n, (part, option) in enumerate(options)}
    joined = replace(
        pool,
        mentors=(*pool.mentors, *rows),
        rows={**pool.rows, **rows},
        rooms={**pool.rooms, **{pk: {} for pk in rows}},
    )
    problem, present = solving.problem_of(joined), len(pool.mentors)
    return engine.worth_of_newcomer(
        problem,
        met.solution,
        problem.offers[present:],
        places=places,
        circles=1 if kind == CIRCLE else 0,
        circle_offers=problem.circle_offers[present:] if isinstance(problem, engine.CircleProblem) else None,
        time_limit=met.deadline.left,
    )


def _row(number: int, part: Part | None, option: str) -> engine.Person:
    facts: dict[str, Any] = {} if part is None else {_FACTS[part]: (option,)}
    return engine.Person(key=f"newcomer {number}", **facts)


_FACTS = {
    Part.SECTORS: "sectors",
    Part.SUPPORT_AREAS: "support_areas",
    Part.COURSE: "courses",
    Part.PLACE: "places",
}
