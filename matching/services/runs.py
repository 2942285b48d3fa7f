"""Start a run, carry it out in a worker, cancel it (EI-M, BM-7, BM-8). Nobody hears of any of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User, is_nobodys
from applications.models import Application
from matching import criteria, gathering, left_out, reasons, records, solving
from matching.criteria import Criteria
from matching.engine import CircleSolution, InvalidProblem, OutOfTime, Progress
from matching.models import LONGEST_REASON, Exclusion, MatchRun, RunRecord, SuggestedMember, Suggestion
from matching.permissions import refuse_stranger
from matching.pool import Pool
from matching.proofs import certificate, seal
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership
from programmes.models import Cohort, Pathway
from programmes.services import refuse_senseless_criteria

State = MatchRun.State
Part = Membership.Part
SILENT_FOR = timedelta(minutes=5)
"""A worker that gave no sign of life for so long is taken for dead, and its run has failed."""
ROWS_AT_A_TIME = 2000
LARGEST_SEED = 2**31 - 1


def start(
    *,
    cohort: Cohort,
    by: User | None,
    at: datetime,
    pathway: str = "",
    seed: int = 0,
    only_for: Application | None = None,
    trying: Mapping[str, Criteria] | None = None,
) -> MatchRun:
    """Ask for a run; a worker carries it out. `trying` makes it a trial of other rules and weights.

    Refused with a sentence if who asks has no right, the cohort has ended, the programme doesn't have the pathway,
    or the one person a match is looked for isn't of this cohort.
    """
    refuse_stranger(by, cohort)
    if cohort.has_ended(timezone.localdate(at)):
        raise NotPossible(f"{cohort} ended on {cohort.ends_on:%-d %B %Y}: there is nobody to match any more.")
    using = {
        kind: c
        for kind, c in (trying or criteria.in_force(cohort.programme)).items()
        if pathway in {"", kind}
    }
    if not using:
        raise NotPossible("This programme doesn't have that pathway.")
    if only_for is not None and only_for.cohort_id != cohort.pk:
        raise NotPossible(f"{only_for.user} applied to another cohort.")
    if only_for is not None and by is not None and only_for.user_id == by.pk:
        raise NotPossible("You can't look for a match of your own: ask a colleague.")
    if not 0 <= seed <= LARGEST_SEED:
        raise NotPossible(f"The lot is a number from 0 to {LARGEST_SEED:,}.")
    for content in (trying or {}).values():
        rules = {rule: getattr(content, rule) for rule in criteria.RULES}
        refuse_senseless_criteria(rules, content.objective, content.weights)
    return MatchRun.objects.create(
        cohort=cohort,
        pathway=pathway,
        only_for=only_for,
        is_trial=trying is not None,
        started_by=by,
        started_at=at,
        seed=seed,
        criteria={kind: content.as_json() for kind, content in using.items()},
    )


def run(*, cohort: Cohort, by: User | None, at: datetime, **choices: Any) -> MatchRun:
    """Start a run and carry it out at once, for the command line; raises NotPossible where it failed."""
    made = start(cohort=cohort, by=by, at=at, **choices)
    carry_out(made, at=at)
    made.refresh_from_db()
    if made.state == State.FAILED:
        raise NotPossible(made.failure)
    return made


def cancel(run: MatchRun, *, by: User, at: datetime) -> None:
    """Stop a run that waits at once, and one that is running at its next sign of life; a finished one stays."""
    refuse_stranger(by, run.cohort)
    under_way = MatchRun.objects.filter(pk=run.pk, state__in=[State.WAITING, State.RUNNING])
    if not under_way.update(cancel_asked=True):
        raise NotPossible("This run has finished already.")
    under_way.filter(state=State.WAITING).update(state=State.CANCELLED, finished_at=at)


def carry_out_waiting(at: Callable[[], datetime]) -> int:
    """Carry out one run after the other, until none waits; how many were.

    The run of a dead worker has failed: what killed one would kill the next.
    """
    abandoned = MatchRun.objects.filter(state=State.RUNNING, alive_at__lt=at() - SILENT_FOR)
    _finish(abandoned, State.FAILED, failure="The worker stopped in the middle of it. Please run it again.")
    carried_out = 0
    while (waiting := _waiting().order_by("pk").first()) is not None:
        carried_out += carry_out(waiting, at=at())
    return carried_out


def carry_out(run: MatchRun, *, at: datetime) -> bool:
    """Gather, solve, explain and store, unless another worker has it; whether it was ours to do.

    The people are read in one moment and the result stored in one transaction; between the two nothing is locked.
    """
    claim = uuid4()
    claimed = _waiting().filter(pk=run.pk)
    if not claimed.update(state=State.RUNNING, claim=claim, alive_at=at, progress="Gathering the people"):
        return False
    ours = MatchRun.objects.filter(pk=run.pk, claim=claim)
    run = MatchRun.objects.select_related("cohort__programme", "only_for").get(pk=run.pk)
    try:
        pool = _gathered(run, at)
        pulse = _Pulse(ours)
        result = solving.solve(pool, seed=run.seed, compare=True, progress=pulse)
        before = _in_force(run, pool, pulse) if run.is_trial else None
        helpful = [] if run.only_for_id or run.is_trial else left_out.newcomers_of(pool, result)
        _store(run, ours, pool, result, before, helpful)
    except (InvalidProblem, OutOfTime, NotPossible) as impossible:
        _finish(ours, State.FAILED, failure=str(impossible)[:LONGEST_REASON])
    except Cancelled:
        _finish(ours, State.CANCELLED)
    except Exception:
        _finish(
            ours, State.FAILED, failure="Something went wrong. Nothing was changed; please tell the team."
        )
        raise
    return True


class Cancelled(Exception):
    """The office doesn't want this run any more, or another worker has taken it over."""


class _Pulse:
    """Called by the engine at every round: shows once a second how far it is, and stops it where it isn't wanted."""

    def __init__(self, ours: QuerySet[MatchRun]) -> None:
        self._ours, self._last = ours, monotonic() - 1

    def __call__(self, progress: Progress) -> None:
        if monotonic() - self._last < 1:
            return
        self._last = monotonic()
        said = f"Round {progress.round}: {progress.placed:,} people placed so far"
        if not self._ours.filter(cancel_asked=False).update(progress=said, alive_at=timezone.now()):
            raise Cancelled


def _waiting() -> QuerySet[MatchRun]:
    return MatchRun.objects.filter(state=State.WAITING)


def _gathered(run: MatchRun, at: datetime) -> Pool:
    with transaction.atomic():
        return gathering.gather(
            run.cohort,
            on=timezone.localdate(at),
            pathway=run.pathway,
            using=criteria.from_json(run.criteria),
            only_for=run.only_for_id,
        )


def _in_force(run: MatchRun, pool: Pool, pulse: _Pulse) -> dict[str, Any]:
    """What the rules and weights in force would give the same people, to set a trial against."""
    present = criteria.in_force(run.cohort.programme, run.pathway)
    result = solving.solve(replace(pool, criteria=present), seed=run.seed, progress=pulse)
    found = result.solution
    return {
        "placed": found.placed,
        "total": found.total,
        "smallest": found.smallest,
        "mentor_of": {str(mentee): mentor for mentee, mentor in result.mentor_of().items()},
    }


def _refuse_if_somebody_is_gone(pool: Pool) -> None:
    """Nothing is written of somebody who was erased while the engine worked. Their application is locked until then."""
    known = {*pool.rows, *pool.waiting}
    people = Application.objects.filter(pk__in=known).select_for_update(of=("self",), no_key=True)
    here = people.order_by("pk").values_list("user__email", flat=True)
    if len(here) < len(known) or any(is_nobodys(address) for address in here):
        raise Cancelled


@transaction.atomic
def _store(
    run: MatchRun,
    ours: QuerySet[MatchRun],
    pool: Pool,
    result: solving.Result,
    before: dict[str, Any] | None,
    helpful: list[str],
) -> None:
    """Everything that a run found, if it is still ours to store."""
    text, found, other = records.written(pool, seed=run.seed), result.solution, result.solution.comparison
    if not ours.select_for_update().filter(state=State.RUNNING, cancel_asked=False).exists():
        raise Cancelled
    _refuse_if_somebody_is_gone(pool)
    _store_suggestions(run, pool, result)
    _store_exclusions(run, pool, result)
    figures = {
        "input_hash": records.fingerprint(text),
        "objective": found.objective,
        "placed": found.placed,
        "total": found.total,
        "smallest": found.smallest,
        "upper_bound": found.upper_bound,
        "is_optimal": found.optimal,
        "comparison": {
            "other": _figures(other),
            "in_force": before,
            "proved_bound": _proved_bound(found),
            "newcomers": helpful,
        },
    }
    for name, value in figures.items():
        setattr(run, name, value)
    kept = certificate(result)
    RunRecord.objects.create(run=run, input=records.packed(text), certificate=kept, seal=seal(run, kept))
    _finish(ours, State.DONE, seconds=found.seconds, **figures)


def _proved_bound(found: solving.Solution) -> int | None:
    """What whole numbers prove: of circles it may lie above the solver's own bound."""
    return found.proved_bound if isinstance(found, CircleSolution) else found.upper_bound


def _figures(other: solving.Solution | None) -> dict[str, Any] | None:
    if other is None:
        return None
    return {
        "objective": other.objective,
        "placed": other.placed,
        "total": other.total,
        "smallest": other.smallest,
    }


def _finish(ours: QuerySet[MatchRun], state: str, **values: Any) -> None:
    ours.filter(state=State.RUNNING).update(
        state=state, finished_at=timezone.now(), claim=None, alive_at=None, progress="", **values
    )


def _store_suggestions(run: MatchRun, pool: Pool, result: solving.Result) -> None:
    made = [_suggestion(run, pool, proposal) for proposal in result.proposals]
    Suggestion.objects.bulk_create((suggestion for suggestion, _ in made), batch_size=ROWS_AT_A_TIME)
    for suggestion, members in made:
        for member in members:
            member.suggestion_id = suggestion.pk
    everybody = chain.from_iterable(members for _, members in made)
    SuggestedMember.objects.bulk_create(everybody, batch_size=ROWS_AT_A_TIME)


def _suggestion(
    run: MatchRun, pool: Pool, proposal: solving.Proposal
) -> tuple[Suggestion, list[SuggestedMember]]:
    """A suggestion and who would have which part; who leads a circle that meets already isn't in it again."""
    lead = Part.FACILITATOR if proposal.pathway == Pathway.Kind.CIRCLE else Part.MENTOR
    leading = () if proposal.partnership else proposal.mentors
    mentees = [
        SuggestedMember(
            application_id=mentee,
            part=Part.MENTEE,
            fit=pool.fit(proposal.pathway, mentee, proposal.mentors[0]),
            reasons=reasons.of_pair(pool, proposal.pathway, mentee, proposal.mentors[0]),
        )
        for mentee in proposal.mentees
    ]
    suggestion = Suggestion(
        run=run,
        pathway=proposal.pathway,
        is_locked=proposal.is_locked,
        fit=sum(member.fit for member in mentees) // len(mentees),
        partnership_id=proposal.partnership,
    )
    return suggestion, [*(SuggestedMember(application_id=pk, part=lead) for pk in leading), *mentees]


def _store_exclusions(run: MatchRun, pool: Pool, result: solving.Result) -> None:
    found = reasons.of_left_out(pool, result)
    told = {pk: why for pk, why in found.items() if run.only_for_id in {None, pk}}
    rows = (Exclusion(run=run, application_id=pk, reason=reason) for pk, reason in told.items())
    Exclusion.objects.bulk_create(rows, batch_size=ROWS_AT_A_TIME)
