"""A place that came free is offered to somebody who waits, who says yes or no by a day.

While the offer is open its suggestion holds the place. Nothing of the mentor is shown before the introduction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from applications.models import State as ApplicationState
from applications.queries import has_accepted
from matching import moves
from matching.models import Offer, Suggestion
from matching.permissions import one_at_a_time, refuse_stranger
from matching.services import letters
from matching.services.checking import Check, as_reason, lock_people, people_of, refuse_unfit_run
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.models import Membership
from programmes.models import Cohort
from programmes.permissions import can_administer

log = logging.getLogger(__name__)
State = Offer.State
Part = Membership.Part


@transaction.atomic
def offer(suggestion: Suggestion, *, by: User, at: datetime, answer_by: date | None = None) -> Offer:
    """Offer the place of a pair, or a seat in a circle that meets, to the one mentee it is suggested for.

    They answer by `answer_by`, its day included: a few days from now (a setting), and never after the cohort's end.
    Every rule is checked as for a release; NotPossible, with the reason, if they couldn't be introduced now.
    """
    cohort = suggestion.run.cohort
    refuse_stranger(by, cohort)
    refuse_unfit_run(suggestion.run, at=at)
    one_at_a_time(cohort)
    row = _locked(suggestion.pk)
    if row.state != Suggestion.State.PROPOSED:
        raise NotPossible("This place is offered or given already, or these two are refused.")
    mentees = [member for member in people_of([row.pk])[row.pk] if member.part == Part.MENTEE]
    if len(mentees) != 1:
        raise NotPossible("A place is offered to one person; a circle that begins is released as a whole.")
    lock_people([row])
    Check(cohort, [row], by=by, at=at).take(row)
    moves.move_suggestions([row], Suggestion.State.OFFERED, held_back="")
    made = Offer.objects.create(
        suggestion=row,
        application=mentees[0].application,
        made_at=at,
        made_by=by,
        answer_by=_answer_by(cohort, answer_by, on=timezone.localdate(at)),
    )
    letters.post_offer(made, at=at)
    return made


def _answer_by(cohort: Cohort, wished: date | None, *, on: date) -> date:
    if wished is None:
        return min(on + timedelta(days=settings.OFFER_DAYS), cohort.ends_on)
    if not on <= wished <= cohort.ends_on:
        raise NotPossible(f"Choose a day from today to {cohort.ends_on:%-d %B %Y}, the end of the cohort.")
    return wished


def can_be_answered(offer: Offer, *, on: date) -> bool:
    """Open, in time, and the person is still in the programme."""
    return (
        offer.state == State.OPEN
        and on <= offer.answer_by
        and offer.application.state == ApplicationState.ACCEPTED
        and not offer.application.cohort.has_ended(on)
    )


@transaction.atomic
def answer(offer: Offer, *, by: User, at: datetime, yes: bool) -> Offer:
    """Take the place, or leave it to somebody else. The same answer again changes nothing.

    Yes: the suggestion leaves as if whoever made the offer had released it now. If it can't be kept any more, the
    offer is withdrawn, the person is told kindly, and stays on the list. Whoever hasn't accepted the policy and
    guidance in force is asked to do so first (EI-1).
    """
    if by.pk != offer.application.user_id:
        raise NotPossible("Only the person to whom a place is offered can answer.")
    one_at_a_time(offer.application.cohort)
    offer = _open(offer.pk)
    if offer.state == (State.ACCEPTED if yes else State.DECLINED):
        return offer
    if not can_be_answered(offer, on=timezone.localdate(at)):
        raise NotPossible("This offer can't be answered any more.")
    if yes and not has_accepted(offer.application):
        raise NotPossible("There is a new version of the policy: please read and accept it first.")
    outbox.withdraw(letters.offer_key(offer), at=at)
    if yes:
        _accept(offer, at=at)
    else:
        moves.move_suggestions([_locked(offer.suggestion_id)], Suggestion.State.REFUSED)
        moves.move_offer(offer, State.DECLINED, closed_at=at)
    return offer


def _accept(offer: Offer, *, at: datetime) -> None:
    suggestion, cohort, by = _locked(offer.suggestion_id), offer.application.cohort, offer.made_by
    if by is not None and not can_administer(by, cohort.programme):
        by = None  # whoever made it has gone; the promise stands
    lock_people([suggestion])
    try:
        Check(cohort, [suggestion], by=by, at=at).take(suggestion)
    except NotPossible as refusal:
        moves.move_suggestions([suggestion], Suggestion.State.PROPOSED, held_back=as_reason(str(refusal)))
        moves.move_offer(offer, State.WITHDRAWN, closed_at=at)
        letters.post_withdrawn(offer, at=at)
        return
    leaves_at = at + settings.RELEASE_DELAY
    moves.move_suggestions([suggestion], Suggestion.State.LEAVING, leaves_at=leaves_at, released_by=by)
    moves.move_offer(offer, State.ACCEPTED, closed_at=at)


@transaction.atomic
def withdraw_offer(offer: Offer, *, by: User, at: datetime) -> Offer:
    """Take an open offer back; the person is told, unless the offer hadn't left yet."""
    cohort = offer.application.cohort
    refuse_stranger(by, cohort)
    one_at_a_time(cohort)
    offer = _open(offer.pk)
    if not Suggestion.objects.filter(pk=offer.suggestion_id).apart_from(by).exists():
        raise NotPossible("You can't decide on a match of your own: ask a colleague.")
    moves.move_offer(offer, State.WITHDRAWN, closed_at=at)
    moves.move_suggestions([_locked(offer.suggestion_id)], Suggestion.State.PROPOSED)
    _tell(letters.post_withdrawn, offer, at=at)
    return offer


def break_promises(suggestions: Sequence[Suggestion], *, at: datetime) -> None:
    """Whoever accepted an offer of these, and isn't introduced after all, is told and stays on the list."""
    promised = Offer.objects.filter(suggestion__in=suggestions, state=State.ACCEPTED).order_by("pk")
    for offer in promised.select_related("application__user", "application__cohort__programme", "suggestion"):
        moves.move_offer(offer, State.WITHDRAWN, closed_at=at)
        letters.post_withdrawn(offer, at=at)


def lapse_offers(at: datetime) -> int:
    """Close the offers whose day has passed, or whose person is no longer in the programme; how many there were.

    Each in a transaction of its own, as introductions are. Only who could still be offered another place is told.
    """
    today = timezone.localdate(at)
    over = Q(answer_by__lt=today) | ~Q(application__state=ApplicationState.ACCEPTED)
    due = Offer.objects.filter(over, state=State.OPEN)
    lapsed = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        try:
            lapsed += _lapse(pk, at=at)
        except Exception:  # one that fails holds back no other; it is tried again with the next sweep
            log.exception("Offer %s could not be closed.", pk)
    return lapsed


@transaction.atomic
def _lapse(pk: int, *, at: datetime) -> bool:
    free = Offer.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.OPEN)
    if not free.values_list("pk", flat=True):
        return False
    offer = _open(pk)
    moves.move_offer(offer, State.LAPSED, closed_at=at)
    moves.move_suggestions([_locked(offer.suggestion_id)], Suggestion.State.PROPOSED)
    _tell(letters.post_lapsed, offer, at=at)
    return True


def _tell(post: Callable[..., None], offer: Offer, *, at: datetime) -> None:
    """What became of an offer that nobody answered; whoever hasn't been told of the offer hears nothing at all."""
    if not outbox.withdraw(letters.offer_key(offer), at=at):
        post(offer, at=at)


def _open(pk: int) -> Offer:
    """The offer as it is now, locked before it is read: what a locking query read of other tables may be older."""
    list(Offer.objects.select_for_update().filter(pk=pk).values_list("pk"))
    rows = Offer.objects.select_related(
        "application__user", "application__cohort__programme", "suggestion", "made_by"
    )
    return rows.get(pk=pk)


def _locked(pk: int) -> Suggestion:
    list(Suggestion.objects.select_for_update().filter(pk=pk).values_list("pk"))
    return Suggestion.objects.select_related("partnership").get(pk=pk)
