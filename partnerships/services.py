"""Begin and end partnerships. All that follows from it (places, disclosures, messages) is in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.eligibility import Answer, assess
from applications.models import MOST_PLACES, Application
from applications.models import State as ApplicationState
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships import disclosure
from partnerships.models import (
    Disclosure,
    EndReason,
    Membership,
    Partnership,
    Place,
    State,
)
from programmes.models import Cohort, Pathway
from programmes.permissions import can_administer

Part = Membership.Part


@transaction.atomic
def introduce(
    *, cohort: Cohort, pathway: str, people: Sequence[tuple[Application, str]], by: User | None, at: datetime
) -> Partnership:
    """Make a partnership of these people and introduce each to the others (EI-4, EI-5, ALL-2).

    `people` are applications with their parts. Takes places, writes the disclosure record and posts one message
    per person. Refused with a sentence if the cohort has ended, if it isn't a pair or a circle of its size, if
    somebody isn't ready, has no place or is taken already, or if who releases has no right or is among them.
    """
    _refuse_stranger(by, cohort)
    _refuse_if_ended(cohort, at)
    locked = {a.pk: a for a in _lock([application for application, _ in people])}
    members = [(locked[application.pk], part) for application, part in people]
    _refuse_shape(cohort, pathway, members)
    _refuse_unready([application for application, _ in members], cohort=cohort, by=by, at=at)
    partnership = Partnership.objects.create(
        cohort=cohort,
        pathway=pathway,
        introduced_at=at,
        name=_name_of_next_circle(cohort) if pathway == Pathway.Kind.CIRCLE else "",
    )
    for application, part in members:
        _enter(partnership, application, part, at=at)
    for application, _ in members:
        _post_introduction(partnership, application, at=at)
    return partnership


@transaction.atomic
def join(
    partnership: Partnership, *, people: Sequence[Application], by: User | None, at: datetime
) -> Partnership:
    """Let further mentees into a circle: each is introduced, and everybody there is told whom they now see (BM-7)."""
    locked = Partnership.objects.select_for_update(of=("self",)).select_related(
        "cohort__programme", "cohort__policy"
    )
    partnership = locked.get(pk=partnership.pk)
    _refuse_stranger(by, partnership.cohort)
    _refuse_if_ended(partnership.cohort, at)
    if not (partnership.is_circle and partnership.is_active):
        raise NotPossible("Only a circle that is active takes further members.")
    before = [m.application for m in partnership.memberships.current().select_related("application__user")]
    if by is not None and any(application.user_id == by.pk for application in before):
        raise NotPossible("You can't let anybody into a circle of your own: ask a colleague to do it.")
    mentees = partnership.memberships.current().filter(part=Part.MENTEE).count()
    largest = partnership.cohort.programme.pathways.get(kind=Pathway.Kind.CIRCLE).largest
    if mentees + len(people) > largest:
        raise NotPossible(f"{partnership.name} has room for {max(0, largest - mentees)} more.")
    joining = _lock(people)
    _refuse_unready(joining, cohort=partnership.cohort, by=by, at=at)
    for application in joining:
        _enter(partnership, application, Part.MENTEE, at=at)
    for application in joining:
        _post_introduction(partnership, application, at=at)
    for application in before:
        _post_joined(partnership, application, joining, at=at)
    return partnership


@transaction.atomic
def end(partnership: Partnership, *, by: User | None, at: datetime, reason: EndReason) -> Partnership:
    """End a partnership, free its places, and tell everybody in it once (EI-2)."""
    locked = Partnership.objects.select_for_update(of=("self",)).select_related("cohort__programme")
    partnership = locked.get(pk=partnership.pk)
    _refuse_stranger(by, partnership.cohort)
    partnership.move_to(State.ENDED, at=at, reason=reason)
    members = list(partnership.memberships.current().select_related("application__user"))
    outbox.withdraw(f"no-meeting/{partnership.pk}/", at=at)
    if by is not None and any(membership.application.user_id == by.pk for membership in members):
        raise NotPossible("You can't end a partnership of your own for the office: ask a colleague to do it.")
    for membership in members:
        _post(partnership, membership.application, "ended", f"{membership.application_id}", at=at)
    partnership.memberships.current().update(left_on=timezone.localdate(at), stayed_to_the_end=True)
    return partnership


def _lock(applications: Sequence[Application]) -> list[Application]:
    """The applications as they are now, locked in one order, so that two releases can't take the same place."""
    pks = [application.pk for application in applications]
    list(Application.objects.filter(pk__in=pks).order_by("pk").select_for_update().values_list("pk"))
    found = Application.objects.with_card_facts().with_acceptance().select_related("cohort__programme")
    rows = {row.pk: row for row in found.filter(pk__in=pks)}
    return [rows[pk] for pk in pks]


def _refuse_stranger(by: User | None, cohort: Cohort) -> None:
    """`by` is nobody where the clock or the command line acts."""
    if by is not None and not can_administer(by, cohort.programme):
        raise NotPossible("You don't administer this programme.")


def _refuse_if_ended(cohort: Cohort, at: datetime) -> None:
    if cohort.has_ended(timezone.localdate(at)):
        raise NotPossible(
            f"{cohort} ended on {cohort.ends_on:%-d %B %Y}: nobody can be introduced in it any more."
        )


def _refuse_shape(cohort: Cohort, pathway: str, members: Sequence[tuple[Application, str]]) -> None:
    """A pair is a mentor and a mentee; a circle has one or two facilitators and the pathway's number of mentees."""
    found = cohort.programme.pathways.filter(kind=pathway).first()
    if found is None:
        raise NotPossible("This programme doesn't have that pathway.")
    if len({application.user_id for application, _ in members}) < len(members):
        raise NotPossible("Nobody can be introduced to themselves.")
    if any(application.is_mentor == (part == Part.MENTEE) for application, part in members):
        raise NotPossible("Mentors mentor or facilitate; mentees are mentored.")
    parts = Counter(part for _, part in members)
    if pathway == Pathway.Kind.CIRCLE:
        fits = parts[Part.FACILITATOR] in {1, 2} and found.smallest <= parts[Part.MENTEE] <= found.largest
    else:
        fits = parts == {Part.MENTOR: 1, Part.MENTEE: 1}
    if not fits:
        raise NotPossible("These people don't make a pair, or a circle of the programme's size.")


def why_not_ready(application: Application, *, by: User | None, at: datetime) -> str:
    """Why a person can't be introduced at this moment, in a sentence; empty if they can (EI-1, BM-9).

    Load the application with `user` and `with_acceptance()`.
    """
    person = application.user
    if by is not None and by.pk == person.pk:
        return "You can't release a match of your own: ask a colleague to do it."
    if not person.is_active or application.state != ApplicationState.ACCEPTED:
        return f"{person} isn't accepted at the moment."
    if application.hold_until and application.hold_until > timezone.localdate(at):
        return f"{person}'s application is held until {application.hold_until:%-d %B %Y}."
    if not application.has_accepted:  # type: ignore[attr-defined]
        return f"{person} hasn't accepted the policy yet."
    return ""


def _refuse_unready(
    applications: Sequence[Application], *, cohort: Cohort, by: User | None, at: datetime
) -> None:
    verdicts = assess(applications)
    for application in applications:
        if application.cohort_id != cohort.pk:
            raise NotPossible(f"{application.user} applied to another cohort.")
        if reason := why_not_ready(application, by=by, at=at):
            raise NotPossible(reason)
        if verdicts[application.pk].answer is Answer.NO:
            raise NotPossible(f"{application.user}: the programme's rules say no; see the application.")


def _enter(partnership: Partnership, application: Application, part: str, *, at: datetime) -> None:
    if part == Part.MENTEE:
        taken = Membership.objects.current().filter(application=application, part=Part.MENTEE)
        if taken.exists():
            raise NotPossible(f"{application.user} has been introduced already.")
        place = None
    else:
        place = _free_place(application, partnership.pathway)
    partnership.memberships.create(
        application=application,
        part=part,
        place=place,
        joined_on=timezone.localdate(at),
    )


def room_declared(application: Application, pathway: str) -> int:
    """How many places a mentor has declared in a pathway: mentees in pairs, or the one circle they would lead."""
    if pathway == Pathway.Kind.CIRCLE:
        return 1 if application.can_facilitate else 0
    return min(application.places, MOST_PLACES)


def _free_place(application: Application, pathway: str) -> Place:
    """The mentor's first free place, as a row; the unique index on places in use is what holds the promise (BM-8)."""
    held = set(
        Membership.objects.current()
        .filter(application=application, place__pathway=pathway)
        .values_list("place__number", flat=True)
    )
    free = [number for number in range(1, room_declared(application, pathway) + 1) if number not in held]
    if not free or len(held) >= room_declared(application, pathway):
        raise NotPossible(f"{application.user} has no free place.")
    place, _ = Place.objects.get_or_create(application=application, pathway=pathway, number=free[0])
    return place


def _name_of_next_circle(cohort: Cohort) -> str:
    """Circles are numbered as they begin; the unique name keeps two releases at once from sharing a number."""
    return f"Circle {cohort.partnerships.filter(pathway=Pathway.Kind.CIRCLE).count() + 1}"


def _post_introduction(partnership: Partnership, application: Application, *, at: datetime) -> None:
    shown = disclosure.cards_for(
        partnership, viewer=application.user, channel=Disclosure.Channel.EMAIL, at=at
    )
    _post(
        partnership,
        application,
        "introduction",
        f"{application.pk}",
        at=at,
        cards=[card for _, card in shown],
    )


def _post_joined(
    partnership: Partnership, application: Application, joining: Sequence[Application], *, at: datetime
) -> None:
    shown = disclosure.cards_for(
        partnership, viewer=application.user, of=joining, channel=Disclosure.Channel.EMAIL, at=at
    )
    occasion = f"{application.pk}/{max(other.pk for other in joining)}"
    _post(partnership, application, "joined", occasion, at=at, cards=[card for _, card in shown])


def _post(
    partnership: Partnership,
    application: Application,
    name: str,
    occasion: str,
    *,
    at: datetime,
    **context: object,
) -> None:
    """Post one message about a partnership to one person in it, once per occasion."""
    outbox.post(
        f"partnerships/email/{name}",
        to=application.user.email,
        key=f"{name}/{partnership.pk}/{occasion}",
        programme=partnership.cohort.programme.slug,
        context={**_context(partnership, application), **context},
        at=at,
    )


def _context(partnership: Partnership, application: Application) -> dict[str, object]:
    """What every message about a partnership may say of its reader and the programme; partners only come by cards."""
    return {
        "programme": partnership.cohort.programme,
        "cohort": partnership.cohort,
        "partnership": partnership,
        "name": application.user.name,
        "role": application.role,
        "partnership_url": settings.SITE_URL + reverse("partnership", args=[partnership.pk]),
        "help_url": settings.SITE_URL + reverse("concern"),
        "seen_url": settings.SITE_URL + reverse("seen"),
    }
