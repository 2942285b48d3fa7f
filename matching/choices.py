"""Whom a mentee could have instead, and what it would mean to put two people together by hand (EI-M)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from applications.models import Application
from applications.models import State as ApplicationState
from matching import effects, engine, reasons, solving
from matching.engine import Alternative, HardRule, InvalidProblem, OutOfTime, PartOfFit, Pathway, Spot
from matching.engine.what_if import Effect
from matching.models import Decision, Suggestion
from matching.pool import CIRCLE, Pool
from matching.queries import band
from matching.situation import (
    SOLVED_UP_TO,
    Situation,
    as_now,
    as_run,
    is_small,
    solved,
)
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort
from programmes.models import Pathway as ProgrammePathway

Kind = ProgrammePathway.Kind
MOST = 10
UNTOLD = "Not worked out here: only the run itself tells what it does to others."


@dataclass(frozen=True)
class Choice:
    """A mentor whom a mentee could have, by application, in words; `pathway_shown` only where there are two."""

    mentor: int
    name: str
    pathway: str
    pathway_shown: str
    fit: int
    band: str
    reasons: list[str]
    place: str
    effect: str


def instead_of(
    suggestion: Suggestion, mentee: int, met: Pool | None, *, on: date, viewer: User
) -> list[Choice]:
    """Whom a mentee of a suggestion (by application) could have instead, as things stand on that day.

    `met` is what its run met (see `situation.pool_of`). Raises NotPossible with a sentence where nobody can be named.
    Load the suggestion with `run__record`, its cohort and programme, and `members`.
    """
    run = suggestion.run
    suggested = {member.application_id for member in suggestion.members.all()}
    if met is None or is_small(met):
        situation = as_now(run.cohort, pathway=run.pathway, seed=run.seed, on=on, viewer=viewer)
    elif (situation := as_run(run, met, viewer=viewer)) is None:  # type: ignore[assignment]
        raise NotPossible("What this run met can’t be read any more: run again.")
    if mentee not in situation.pool.mentee_at:
        why = situation.pool.waiting.get(mentee)
        raise NotPossible(why or "This mentee isn’t looking for a place any more.")
    return _accepted(choices(situation, mentee, suggested=suggested))


def _accepted(found: list[Choice]) -> list[Choice]:
    people = Application.objects.filter(pk__in=[choice.mentor for choice in found])
    accepted = set(people.filter(state=ApplicationState.ACCEPTED).values_list("pk", flat=True))
    return [choice for choice in found if choice.mentor in accepted]


def choices(situation: Situation, mentee: int, *, suggested: Collection[int] = ()) -> list[Choice]:
    """Mentors whom a mentee (by application) could have, the best fit first; before them whom a run would choose.

    Without the `suggested`, who stand on the page already, and without the reader; effects only of few people and as
    far as the time of a page goes.
    """
    position = situation.pool.mentee_at[mentee]
    left_out = {*suggested, *situation.own}
    found = [
        _choice(
            situation, position, Spot(other.pathway, other.mentor), _place(situation, other), other.effect
        )
        for other in engine.alternatives(
            situation.problem,
            situation.solution,
            position,
            most=MOST + len(left_out),
            solve_up_to=SOLVED_UP_TO**2 if is_small(situation.pool) else 0,
            time_limit=situation.deadline.left,
        )
    ]
    present = situation.spots.get(position)
    if present is not None:
        found.insert(0, _choice(situation, position, present, *_of_a_run(situation)))
    return [choice for choice in found if choice.mentor not in left_out][:MOST]


def _of_a_run(situation: Situation) -> tuple[str, Effect | None]:
    """What is said of whom a run would choose: with more time it might choose otherwise, unless this is proved best."""
    if situation.solution.optimal:
        return "A new run would choose them.", Effect(0, 0, (), (), ())
    return "A new run might choose them.", None


def _choice(situation: Situation, mentee: int, spot: Spot, place: str, effect: Effect | None) -> Choice:
    pool, kind = situation.pool, spot.pathway.value
    pair = pool.mentees[mentee], pool.mentors[spot.mentor]
    fit = pool.fit(kind, *pair)
    return Choice(
        mentor=pair[1],
        name=situation.mentor(spot.mentor),
        pathway=kind,
        pathway_shown=Kind(kind).label if len(pool.criteria) > 1 else "",
        fit=fit,
        band=band(fit),
        reasons=reasons.of_pair(pool, kind, *pair),
        place=place,
        effect=effects.of_effect(situation, effect, mentee=mentee) if effect else UNTOLD,
    )


def _place(situation: Situation, other: Alternative) -> str:
    """Whether there is a free place, or whose it would be."""
    is_circle = other.pathway is Pathway.CIRCLE
    if situation.takes_part:
        return "Could take them."
    if other.is_free:
        return "Has a free seat." if is_circle else "Has a free place."
    if not other.takes_from:
        return "A circle would begin."
    names = [situation.mentee(mentee) for mentee in _gone(other)]
    return f"Takes the place of {reasons.either(names)}." if names else "Finds a place."


def _gone(other: Alternative) -> list[int]:
    """Of those who have a place there, who would lose it; without an effect it may be any of them."""
    if other.effect is None:
        return list(other.takes_from)
    away = {*other.effect.left_now, *(move.mentee for move in other.effect.moved)}
    return [mentee for mentee in other.takes_from if mentee in away]


@dataclass(frozen=True)
class ByHand:
    """What it would mean to put two people together; with a `refusal` they can't be."""

    refusal: str = ""
    fit: int = 0
    band: str = ""
    parts: tuple[PartOfFit, ...] = ()
    effect: str = ""


def by_hand(
    pool: Pool,
    mentee: Application,
    mentor: Application,
    pathway: str,
    *,
    viewer: User,
    is_put_off: bool = False,
) -> ByHand:
    """What it would mean to put two people together; `is_put_off`: refused for this time, which that takes back."""
    changed = _taken_back(pool, mentee.pk, mentor.pk, pathway) if is_put_off else pool
    if refusal := why_not(changed, mentee, mentor, pathway):
        return ByHand(refusal)
    try:
        effect = _effect_of(pool, changed, mentee, mentor, pathway, viewer) if is_small(pool) else UNTOLD
    except InvalidProblem as impossible:
        return ByHand(str(impossible) if pathway == CIRCLE else all_locked(mentor))
    except NotPossible as refusal:
        return ByHand(str(refusal))
    except OutOfTime:
        effect = UNTOLD
    parts = reasons.parts_of_pair(pool, pathway, mentee.pk, mentor.pk)
    fit = sum(part.points for part in parts)
    return ByHand(fit=fit, band=band(fit), parts=parts, effect=effect)


def _effect_of(
    pool: Pool, changed: Pool, mentee: Application, mentor: Application, pathway: str, viewer: User
) -> str:
    """What the two do to what a run of the pool would choose now."""
    situation = solved(pool, mentee.cohort, viewer=viewer)
    pair = pool.mentee_at[mentee.pk], pool.mentor_at[mentor.pk]
    effect = engine.what_if(
        solving.problem_of(changed),
        situation.solution,
        locked=() if pathway == CIRCLE else [pair],
        locked_members=[pair] if pathway == CIRCLE else (),
        time_limit=situation.deadline.left,
    )
    return effects.of_effect(situation, effect, mentee=pair[0])


def _taken_back(pool: Pool, mentee: int, mentor: int, pathway: str) -> Pool:
    """As if one refusal of the two in this pathway weren't."""
    refused = list(pool.refused.get(pathway, ()))
    if (mentee, mentor) in refused:
        refused.remove((mentee, mentor))
    return replace(pool, refused={**pool.refused, pathway: refused})


def why_not(pool: Pool, mentee: Application, mentor: Application, pathway: str) -> str:
    """Why a run of this pool couldn't put these two together, in a sentence; empty if it could."""
    if mentee.pk not in pool.mentee_at:
        return pool.waiting.get(mentee.pk) or f"{mentee.user} has a place already, or is offered one."
    if pathway not in pool.wishes[mentee.pk]:
        return f"{mentee.user} would not take this pathway."
    if mentor.pk not in pool.mentor_at or not _has_room(pool, mentor.pk, pathway):
        return pool.waiting.get(mentor.pk) or f"{mentor.user} has no free place in this pathway."
    rule = pool.rules[pathway].get((pool.mentee_at[mentee.pk], pool.mentor_at[mentor.pk]))
    if rule is HardRule.REFUSED:
        return "The office has decided against these two; take that back first."
    if rule:
        why = reasons.RULES.get(rule, "excluded")
        return f"A rule keeps {mentee.user} and {mentor.user} apart: {why}."
    return ""


def _has_room(pool: Pool, mentor: int, pathway: str) -> bool:
    leads = {circle.facilitators[0] for circle in pool.running} if pathway == CIRCLE else set()
    return bool(pool.rooms[mentor].get(pathway)) or mentor in leads


def all_locked(mentor: Application) -> str:
    return f"Every free place of {mentor.user} is locked for somebody else; unlock one first."


def decisions_of(cohort: Cohort, *, viewer: User) -> QuerySet[Decision]:
    """What the office has decided that holds in a cohort, but about the reader: of other cohorts what is for ever."""
    elsewhere = Q(cohort__programme=cohort.programme_id, kind=Decision.Kind.NEVER)
    rows = Decision.objects.filter(Q(cohort=cohort) | elsewhere)
    apart = rows.exclude(Q(mentee__user=viewer) | Q(mentor__user=viewer))
    return apart.select_related("mentee__user", "mentor__user", "by", "cohort").order_by("-at", "-pk")
