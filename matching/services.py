"""Run, lock, take out, release (EI-M, BM-7, BM-8). Nobody hears anything before a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from matching import pool, reasons, solving
from matching.engine import InvalidProblem, OutOfTime
from matching.models import Exclusion, MatchRun, SuggestedMember, Suggestion
from matching.queries import members_of
from mentorship.lib.refusals import NotPossible
from partnerships import services as partnerships
from partnerships.models import Membership, Partnership
from programmes.models import Cohort, Pathway
from programmes.permissions import can_administer

State = Suggestion.State
Part = Membership.Part
_Ready = list[SuggestedMember]
_Waiting = list[tuple[SuggestedMember, str]]


@transaction.atomic
def run(*, cohort: Cohort, by: User | None, at: datetime, pathway: str = "", seed: int = 0) -> MatchRun:
    """Suggest the best match of everybody who is accepted, free and not on hold, and keep it as a record.

    Locked suggestions of the cohort's latest run stay; pairs that were taken out aren't suggested again. Most
    people placed comes first, then the largest sum of the fits.
    """
    _refuse_stranger(by, cohort)
    if cohort.has_ended(timezone.localdate(at)):
        raise NotPossible(f"{cohort} ended on {cohort.ends_on:%-d %B %Y}: there is nobody to match any more.")
    _one_at_a_time(cohort)
    gathered = pool.gather(cohort, pathway=pathway, on=timezone.localdate(at))
    try:
        result = solving.solve(gathered, seed=seed)
    except (InvalidProblem, OutOfTime) as impossible:
        raise NotPossible(str(impossible)) from impossible
    made = MatchRun.objects.create(
        cohort=cohort,
        pathway=pathway,
        started_by=by,
        started_at=at,
        seed=seed,
        weights=gathered.weights,
        input_hash=solving.fingerprint(gathered, seed=seed),
        placed=result.solution.placed,
        total=result.solution.total,
        upper_bound=result.solution.upper_bound,
        is_optimal=result.solution.optimal,
    )
    _store_suggestions(made, gathered, result)
    _store_exclusions(made, gathered, result)
    return made


def _store_suggestions(made: MatchRun, gathered: pool.Pool, result: solving.Result) -> None:
    suggestions, members = [], []
    for proposal in result.proposals:
        fits = [gathered.fit(mentee, proposal.mentors[0]) for mentee in proposal.mentees]
        suggestion = Suggestion(
            run=made,
            pathway=proposal.pathway,
            state=State.LOCKED if proposal.is_locked else State.PROPOSED,
            fit=sum(fits) // len(fits),
            partnership_id=proposal.partnership,
        )
        suggestions.append(suggestion)
        if proposal.partnership is None:
            lead = Part.FACILITATOR if proposal.pathway == Pathway.Kind.CIRCLE else Part.MENTOR
            members += [
                SuggestedMember(suggestion=suggestion, application_id=m, part=lead) for m in proposal.mentors
            ]
        members += [
            SuggestedMember(
                suggestion=suggestion,
                application_id=mentee,
                part=Part.MENTEE,
                fit=fit,
                reasons=reasons.of_pair(gathered, mentee, proposal.mentors[0]),
            )
            for mentee, fit in zip(proposal.mentees, fits, strict=True)
        ]
    Suggestion.objects.bulk_create(suggestions)
    SuggestedMember.objects.bulk_create(members)


def _store_exclusions(made: MatchRun, gathered: pool.Pool, result: solving.Result) -> None:
    left_out = reasons.of_left_out(gathered, result)
    Exclusion.objects.bulk_create(
        Exclusion(run=made, application_id=application, reason=reason)
        for application, reason in left_out.items()
    )


def lock(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    """Keep suggestions in every further run."""
    _move(suggestions, {State.PROPOSED, State.LOCKED}, State.LOCKED, by=by)


def unlock(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    _move(suggestions, {State.PROPOSED, State.LOCKED}, State.PROPOSED, by=by)


def take_out(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    """Refuse suggestions: they aren't released, and no further run makes them again."""
    _move(
        suggestions,
        {State.PROPOSED, State.LOCKED, State.TAKEN_OUT},
        State.TAKEN_OUT,
        by=by,
    )


def put_back(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    _move(
        suggestions,
        {State.TAKEN_OUT, State.PROPOSED, State.LOCKED},
        State.PROPOSED,
        by=by,
    )


@transaction.atomic
def _move(suggestions: QuerySet[Suggestion], allowed: set[State], to: State, *, by: User) -> None:
    rows = list(
        suggestions.select_for_update(of=("self",)).select_related("run__cohort__programme").order_by("pk")
    )
    for cohort in {row.run.cohort for row in rows}:
        _refuse_stranger(by, cohort)
    if any(row.state not in allowed for row in rows):
        raise NotPossible("Some of these have been released already; nothing was changed.")
    chosen = Suggestion.objects.filter(pk__in=[row.pk for row in rows])
    if chosen.apart_from(by).count() < len(rows):
        raise NotPossible("You can't decide on a match of your own: ask a colleague.")
    chosen.update(state=to)


def _refuse_stranger(by: User | None, cohort: Cohort) -> None:
    """`by` is nobody where the command line acts."""
    if by is not None and not can_administer(by, cohort.programme):
        raise NotPossible("You don't administer this programme.")


@dataclass(frozen=True)
class HeldBack:
    people: str
    reason: str


@dataclass
class Outcome:
    """What became of a release: how many suggestions became partnerships, and which were held back and why."""

    released: int = 0
    held_back: list[HeldBack] = field(default_factory=list)


@transaction.atomic
def release(
    run: MatchRun,
    *,
    by: User | None,
    at: datetime,
    suggestions: QuerySet[Suggestion] | None = None,
) -> Outcome:
    """Introduce the people of a run's suggestions, all or some; whoever can't be is held back and named.

    Places and rules are checked again under lock, so two administrators at once exceed nothing. A circle is released
    with the members who are ready, if they reach the smallest size.
    """
    _refuse_stranger(by, run.cohort)
    if run.cohort.has_ended(timezone.localdate(at)):
        ended = f"{run.cohort} ended on {run.cohort.ends_on:%-d %B %Y}"
        raise NotPossible(f"{ended}: nobody can be introduced in it any more.")
    _one_at_a_time(run.cohort)
    chosen = Suggestion.objects.filter(run=run).open()
    if suggestions is not None:
        chosen = chosen.filter(pk__in=suggestions.values("pk"))
    if by is not None:
        chosen = chosen.apart_from(by)
    rows = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    _lock_people(rows)
    members = members_of(rows)
    release = _Release(run.cohort, by=by, at=at)
    for suggestion in rows:
        people = members[suggestion.pk]
        try:
            with transaction.atomic():
                release.one(suggestion, people)
        except (NotPossible, IntegrityError) as refusal:
            said = (
                str(refusal)
                if isinstance(refusal, NotPossible)
                else "Somebody was introduced elsewhere meanwhile."
            )
            release.outcome.held_back.append(HeldBack(_names(people), said))
    return release.outcome


def _one_at_a_time(cohort: Cohort) -> None:
    """Runs and releases of a cohort wait for one another; whoever signs up meanwhile waits for neither."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _lock_people(suggestions: Sequence[Suggestion]) -> None:
    """Everybody in the suggestions, in the one order in which decisions lock them too, so that neither blocks both."""
    people = SuggestedMember.objects.filter(suggestion__in=suggestions).values("application")
    list(Application.objects.filter(pk__in=people).order_by("pk").select_for_update().values_list("pk"))


class _Release:
    """One release: the rules as they are now, and what became of it so far."""

    def __init__(self, cohort: Cohort, *, by: User | None, at: datetime) -> None:
        self.outcome = Outcome()
        self._by, self._at = by, at
        self._apart = pool.ruled_out(cohort, on=timezone.localdate(at))

    def one(self, suggestion: Suggestion, people: Sequence[SuggestedMember]) -> None:
        """Introduce the people of a suggestion who are ready, or raise NotPossible."""
        ready, waiting = self._split(suggestion, people)
        if suggestion.pathway != Pathway.Kind.CIRCLE and waiting:
            raise NotPossible(waiting[0][1])
        if suggestion.partnership:
            partnership = self._joined(suggestion.partnership, ready, waiting)
        else:
            partnership = self._introduced(suggestion, ready, waiting)
        suggestion.state, suggestion.partnership = State.RELEASED, partnership
        suggestion.save(update_fields=["state", "partnership"])
        self.outcome.released += 1
        self.outcome.held_back += [HeldBack(_names([member]), reason) for member, reason in waiting]

    def _split(self, suggestion: Suggestion, people: Sequence[SuggestedMember]) -> tuple[_Ready, _Waiting]:
        leads = [member.application_id for member in people if member.part != Part.MENTEE] or _leads(
            suggestion
        )
        ready, waiting = [], []
        for member in people:
            reason = partnerships.why_not_ready(member.application, by=self._by, at=self._at)
            reason = reason or self._rule_against(member, leads)
            if reason:
                waiting.append((member, reason))
            else:
                ready.append(member)
        return ready, waiting

    def _rule_against(self, member: SuggestedMember, leads: Sequence[int]) -> str:
        for lead in leads:
            if rule := self._apart.get((member.application_id, lead)):
                return f"A rule keeps {member.application.user} apart from the other: {reasons.RULES[rule]}."
        return ""

    def _joined(self, circle: Partnership, ready: _Ready, waiting: _Waiting) -> Partnership:
        if not ready:
            raise NotPossible(waiting[0][1])
        newcomers = [member.application for member in ready]
        return partnerships.join(circle, people=newcomers, by=self._by, at=self._at)

    def _introduced(self, suggestion: Suggestion, ready: _Ready, waiting: _Waiting) -> Partnership:
        cohort = suggestion.run.cohort
        if suggestion.pathway == Pathway.Kind.CIRCLE:
            _refuse_circle(
                ready, waiting, smallest=cohort.programme.pathways.get(kind=Pathway.Kind.CIRCLE).smallest
            )
        return partnerships.introduce(
            cohort=cohort,
            pathway=suggestion.pathway,
            people=[(member.application, member.part) for member in ready],
            by=self._by,
            at=self._at,
        )


def _leads(suggestion: Suggestion) -> list[int]:
    """Facilitators of the circle that a suggestion joins."""
    inside = Membership.objects.current().filter(partnership=suggestion.partnership, part=Part.FACILITATOR)
    return list(inside.values_list("application_id", flat=True))


def _refuse_circle(ready: _Ready, waiting: _Waiting, *, smallest: int) -> None:
    for member, reason in waiting:
        if member.part != Part.MENTEE:
            raise NotPossible(reason)
    members = sum(member.part == Part.MENTEE for member in ready)
    if members < smallest:
        waits = " ".join(reason for _, reason in waiting)
        raise NotPossible(
            f"Only {members} of its members are ready; a circle begins with {smallest}. {waits}"
        )


def _names(people: Sequence[SuggestedMember]) -> str:
    return " and ".join(member.application.user.name for member in people)


def report(run: MatchRun, outcome: Outcome | None) -> dict[str, Any]:
    """A run, and what became of its release, as plain data for the command line."""
    suggestions = list(run.suggestions.order_by("fit", "pk"))
    members = members_of(suggestions)
    left_out = run.exclusions.select_related("application__user").order_by("pk")
    return {
        "run": run.pk,
        "programme": run.cohort.programme.slug,
        "cohort": run.cohort.slug,
        "pathway": run.pathway or None,
        "seed": run.seed,
        "input_hash": run.input_hash,
        "placed": run.placed,
        "total": run.total,
        "upper_bound": run.upper_bound,
        "optimal": run.is_optimal,
        "suggestions": [
            {
                "pathway": suggestion.pathway,
                "state": suggestion.state,
                "fit": suggestion.fit,
                "members": [_member(member) for member in members[suggestion.pk]],
            }
            for suggestion in suggestions
        ],
        "left_out": [
            {
                **_person(exclusion.application),
                "role": exclusion.application.role,
                "reason": exclusion.reason,
            }
            for exclusion in left_out
        ],
        "released": outcome.released if outcome else None,
        "held_back": [{"people": held.people, "reason": held.reason} for held in outcome.held_back]
        if outcome
        else [],
    }


def _member(member: SuggestedMember) -> dict[str, Any]:
    return {
        **_person(member.application),
        "part": member.part,
        "fit": member.fit,
        "reasons": member.reasons,
    }


def _person(application: Application) -> dict[str, Any]:
    return {
        "application": application.pk,
        "name": application.user.name,
        "email": application.user.email,
    }
