"""Release what a run suggests: people are introduced a little later, and until then it can be called back (EI-M).

Nothing exists for anybody before that moment. While a suggestion is leaving it holds its places.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from accounts.models import User
from matching import moves
from matching.models import Decision, MatchRun, SuggestedMember, Suggestion
from matching.permissions import one_at_a_time, refuse_stranger
from matching.services import offering
from matching.services.checking import (
    CIRCLE,
    Apart,
    Check,
    Held,
    Split,
    as_reason,
    lock_people,
    names_of,
    people_of,
    refuse_unfit_run,
    sentences,
)
from mentorship.lib.refusals import NotPossible
from partnerships import services as partnerships
from partnerships.models import Membership, Partnership
from programmes.models import Cohort
from programmes.permissions import can_administer

log = logging.getLogger(__name__)
State = Suggestion.State
Part = Membership.Part


@dataclass(frozen=True)
class HeldBack:
    people: str
    reason: str


@dataclass
class Outcome:
    """What became of a release: how many suggestions left, when their people are introduced, who was held back."""

    released: int = 0
    held_back: list[HeldBack] = field(default_factory=list)
    leaves_at: datetime | None = None
    """None: they were introduced at once."""

    def hold_back(self, members: Sequence[SuggestedMember], reason: str) -> None:
        self.held_back.append(HeldBack(names_of(members), reason))


@transaction.atomic
def release(
    run: MatchRun,
    *,
    by: User | None,
    at: datetime,
    suggestions: QuerySet[Suggestion] | None = None,
    delay: timedelta | None = None,
) -> Outcome:
    """Let a run's suggestions go, all or some: their people are introduced after `delay` (a setting; zero: at once).

    Every rule and place is checked again under lock, so two administrators at once exceed nothing; whoever can't be
    introduced is held back and named. A circle goes with the members who are ready, if they reach the smallest size.
    What concerns the administrator who releases stays for a colleague.
    """
    refuse_stranger(by, run.cohort)
    refuse_unfit_run(run, at=at)
    one_at_a_time(run.cohort)
    delay = settings.RELEASE_DELAY if delay is None else delay
    rows = _chosen(run, suggestions, by=by)
    lock_people(rows)
    sweep = _Sweep(run.cohort, at=at)
    check = Check(run.cohort, rows, by=by, at=at, apart=sweep.apart)
    outcome = Outcome(leaves_at=at + delay if delay else None)
    leaving = [row for row in rows if _can_leave(row, check, outcome)]
    moves.move_suggestions(leaving, State.LEAVING, leaves_at=at + delay, released_by=by, held_back="")
    Suggestion.objects.bulk_update([row for row in rows if row.state == State.PROPOSED], ["held_back"])
    outcome.released = len(leaving)
    if not delay:
        _introduce_at_once(leaving, sweep, check, outcome)
    return outcome


def _chosen(run: MatchRun, suggestions: QuerySet[Suggestion] | None, *, by: User | None) -> list[Suggestion]:
    chosen = Suggestion.objects.filter(run=run).open()
    if suggestions is not None:
        chosen = chosen.filter(pk__in=suggestions.values("pk"))
    if by is not None:
        chosen = chosen.apart_from(by)
    pks = list(chosen.select_for_update().order_by("pk").values_list("pk", flat=True))
    return list(Suggestion.objects.filter(pk__in=pks).select_related("partnership").order_by("pk"))


def _can_leave(suggestion: Suggestion, check: Check, outcome: Outcome) -> bool:
    try:
        split = check.take(suggestion)
    except NotPossible as refusal:
        suggestion.held_back = as_reason(str(refusal))
        outcome.hold_back(check.people[suggestion.pk], str(refusal))
        return False
    for member, reason in split.waiting:
        outcome.hold_back([member], reason)
    return True


def _introduce_at_once(leaving: Sequence[Suggestion], sweep: _Sweep, check: Check, outcome: Outcome) -> None:
    for suggestion in leaving:
        people = check.people[suggestion.pk]
        if refusal := sweep.introduce(suggestion, people):
            outcome.released -= 1
            outcome.hold_back(people, refusal)


@transaction.atomic
def call_back(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> int:
    """Take back what hasn't been introduced yet, without a trace for anybody; how many suggestions it was.

    Of several, those that were introduced meanwhile stay; NotPossible if it is too late for all. Only somebody who
    had accepted an offer of the place hears that it can't be kept.
    """
    cohorts = Cohort.objects.filter(match_runs__suggestions__in=suggestions).select_related("programme")
    for cohort in cohorts.distinct().order_by("pk"):
        refuse_stranger(by, cohort)
        one_at_a_time(cohort)
    chosen = Suggestion.objects.filter(pk__in=suggestions.values("pk"), state=State.LEAVING)
    rows = list(chosen.select_for_update().order_by("pk"))
    if not rows:
        raise NotPossible(
            "None of these is on its way: only what is released and not introduced yet comes back."
        )
    if Suggestion.objects.filter(pk__in=[row.pk for row in rows]).apart_from(by).count() < len(rows):
        raise NotPossible("You can't decide on a match of your own: ask a colleague.")
    _propose_again(rows, at=at)
    return len(rows)


def introduce_due(at: datetime) -> int:
    """Introduce the people of every suggestion whose moment has come; how many suggestions it was.

    Each in a transaction of its own: one that can't go holds back no other. Safe to run twice and at once.
    """
    due = Suggestion.objects.due(at).order_by("leaves_at", "pk").values_list("run__cohort", "pk")
    by_cohort: dict[int, list[int]] = {}
    for cohort, suggestion in due:
        by_cohort.setdefault(cohort, []).append(suggestion)
    cohorts = Cohort.objects.select_related("programme").in_bulk(list(by_cohort))
    return sum(_Sweep(cohorts[pk], at=at).all(suggestions) for pk, suggestions in by_cohort.items())


class _Sweep:
    """Introductions in one cohort: what is the same for all of them is asked once."""

    def __init__(self, cohort: Cohort, *, at: datetime) -> None:
        self._cohort, self._at = cohort, at
        self.apart = Apart(cohort, on=timezone.localdate(at))
        self._decided = self._decisions()
        self._administers: dict[int, bool] = {}

    def all(self, suggestions: Sequence[int]) -> int:
        introduced = 0
        people = people_of(suggestions)
        for pk in suggestions:
            try:
                introduced += self._one(pk, people[pk])
            except Exception:  # one that fails holds back no other; it is tried again with the next sweep
                log.exception("The people of suggestion %s could not be introduced.", pk)
        return introduced

    @transaction.atomic
    def _one(self, pk: int, people: Sequence[SuggestedMember]) -> bool:
        """One introduction of a cohort at a time: circles are numbered as they begin, and decisions wait for it."""
        one_at_a_time(self._cohort)
        due = Suggestion.objects.due(self._at).select_for_update(skip_locked=True)
        suggestion = due.filter(pk=pk).first()
        if suggestion is None:
            return False
        if (now := self._decisions()) != self._decided:
            self.apart, self._decided = Apart(self._cohort, on=timezone.localdate(self._at)), now
        return not self.introduce(suggestion, people)

    def _decisions(self) -> dict[str, Any]:
        """Differs as soon as the office has decided anything else about two people of this programme."""
        decisions = Decision.objects.filter(cohort__programme=self._cohort.programme_id)
        return decisions.aggregate(Count("pk"), Max("at"))

    def introduce(self, suggestion: Suggestion, people: Sequence[SuggestedMember]) -> str:
        """Introduce the people of a suggestion that is leaving and locked; or propose it again, and say why."""
        try:
            with transaction.atomic():
                partnership, waiting = self._partnership(suggestion, people)
                moves.move_suggestions(
                    [suggestion],
                    State.RELEASED,
                    partnership=partnership,
                    leaves_at=None,
                    held_back=as_reason(sentences(waiting)),
                )
        except NotPossible as refusal:
            said = str(refusal)
        except IntegrityError:
            said = "Somebody was introduced elsewhere meanwhile."
        else:
            return ""
        _propose_again([suggestion], at=self._at, held_back=as_reason(said))
        return said

    def _partnership(
        self, suggestion: Suggestion, people: Sequence[SuggestedMember]
    ) -> tuple[Partnership, Held]:
        by = suggestion.released_by
        if by is not None and not self._may_release(by):
            raise NotPossible("Whoever released it no longer administers this programme: release it again.")
        split = self._split(suggestion, people)
        if suggestion.partnership:
            newcomers = [member.application for member in split.ready]
            partnership = partnerships.join(suggestion.partnership, people=newcomers, by=by, at=self._at)
        else:
            partnership = partnerships.introduce(
                cohort=self._cohort,
                pathway=suggestion.pathway,
                people=[(member.application, member.part) for member in split.ready],
                by=by,
                at=self._at,
            )
        return partnership, split.waiting

    def _split(self, suggestion: Suggestion, people: Sequence[SuggestedMember]) -> Split:
        """Of a circle who is ready now. A pair goes as it is: its introduction asks all but who is kept apart."""
        if suggestion.pathway == CIRCLE:
            lock_people([suggestion])
            check = Check(
                self._cohort, [suggestion], by=suggestion.released_by, at=self._at, apart=self.apart
            )
            return check.take(suggestion)
        leads = [member.application_id for member in people if member.part != Part.MENTEE]
        for member in people:
            if reason := self.apart.why(member.application, leads, suggestion.pathway):
                raise NotPossible(reason)
        return Split(list(people), [])

    def _may_release(self, by: User) -> bool:
        if by.pk not in self._administers:
            self._administers[by.pk] = can_administer(by, self._cohort.programme)
        return self._administers[by.pk]


def _propose_again(suggestions: Sequence[Suggestion], *, at: datetime, held_back: str = "") -> None:
    moves.move_suggestions(suggestions, State.PROPOSED, leaves_at=None, released_by=None, held_back=held_back)
    offering.break_promises(suggestions, at=at)
