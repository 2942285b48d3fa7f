"""Put two people together and place everybody else around them: a lock, and a run that keeps it (EI-M)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from matching import choices, engine, gathering, solving
from matching.engine import InvalidProblem
from matching.models import Decision, MatchRun
from matching.permissions import one_at_a_time, refuse_stranger
from matching.pool import CIRCLE, ONE_TO_ONE
from matching.services import deciding, runs
from mentorship.lib.refusals import NotPossible


@transaction.atomic
def choose(
    mentee: Application,
    mentor: Application,
    *,
    by: User,
    at: datetime,
    pathway: str = ONE_TO_ONE,
    over: str = "",
    seed: int = 0,
) -> MatchRun:
    """Lock the two and start a run that keeps them; asked twice, the run that was started then.

    `over` restricts the run to one pathway. Refused with a sentence where that run couldn't keep the two: a rule,
    no free place, all places locked for others.
    """
    refuse_stranger(by, mentee.cohort)
    one_at_a_time(mentee.cohort)
    if made := _made_before(mentee, mentor, pathway, over):
        return made
    deciding.pair(mentee, mentor, by=by, at=at, pathway=pathway)
    _refuse_unkept(mentee, mentor, pathway, over, at)
    return runs.start(cohort=mentee.cohort, by=by, at=at, pathway=over, seed=seed)


def _made_before(mentee: Application, mentor: Application, pathway: str, over: str) -> MatchRun | None:
    """The newest run since these two were locked, unless it came to nothing."""
    lock = Decision.objects.filter(
        mentee=mentee, mentor=mentor, pathway=pathway, kind=Decision.Kind.TOGETHER
    ).first()
    if lock is None:
        return None
    since = MatchRun.objects.whole().filter(
        cohort=mentee.cohort, pathway=over, is_trial=False, started_at__gte=lock.at
    )
    ended = [MatchRun.State.FAILED, MatchRun.State.CANCELLED]
    return since.exclude(state__in=ended).order_by("-pk").first()


def _refuse_unkept(mentee: Application, mentor: Application, pathway: str, over: str, at: datetime) -> None:
    pool = gathering.gather(mentee.cohort, on=timezone.localdate(at), pathway=over)
    if why := choices.why_not(pool, mentee, mentor, pathway):
        raise NotPossible(why)
    try:
        problem = solving.problem_of(pool)
    except InvalidProblem as impossible:
        raise NotPossible(str(impossible)) from impossible
    kept = problem.locked
    if pathway == CIRCLE and isinstance(problem, engine.CircleProblem):
        kept = problem.locked_members
    if [pool.mentee_at[mentee.pk], pool.mentor_at[mentor.pk]] not in kept.tolist():
        raise NotPossible(choices.all_locked(mentor))
