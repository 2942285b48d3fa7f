"""The beginning of a partnership, and further members of a circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships import disclosure
from partnerships.models import Disclosure, Membership, Partnership
from partnerships.queries.circles import agreement_of
from partnerships.services.absences import tell_newcomers
from partnerships.services.letters import post
from partnerships.services.places import free_place, free_seat
from partnerships.services.readiness import refuse_unready
from partnerships.services.rights import lock, refuse_own, refuse_stranger
from programmes.models import Cohort, Pathway

Part = Membership.Part
MOST_FACILITATORS = 2


@transaction.atomic
def introduce(
    *, cohort: Cohort, pathway: str, people: Sequence[tuple[Application, str]], by: User | None, at: datetime
) -> Partnership:
    """Make a partnership of these people and introduce each to the others (EI-4, EI-5, ALL-2).

    `people` are applications with their parts. Takes places, writes the disclosure record and posts one message
    per person. Refused with a sentence if the cohort has ended, if it isn't a pair or a circle of its size, if
    somebody isn't ready, has no place or is taken already, or if who releases has no right or is among them.
    """
    refuse_stranger(by, cohort)
    _refuse_if_ended(cohort, at)
    locked = {a.pk: a for a in _lock([application for application, _ in people])}
    members = [(locked[application.pk], part) for application, part in people]
    _refuse_shape(cohort, pathway, members)
    refuse_unready([application for application, _ in members], cohort=cohort, pathway=pathway, by=by, at=at)
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
    tell_newcomers(partnership, at=at)
    return partnership


@transaction.atomic
def join(
    partnership: Partnership, *, people: Sequence[Application], by: User | None, at: datetime
) -> Partnership:
    """Let further mentees into a circle: each is introduced, and everybody there is told whom they now see (BM-7)."""
    circle = _open_circle(partnership, by=by, at=at)
    mentees = circle.memberships.current().filter(part=Part.MENTEE).count()
    largest = circle.cohort.programme.pathways.get(kind=Pathway.Kind.CIRCLE).largest
    if any(application.is_mentor for application in people):
        raise NotPossible("Mentors mentor or facilitate; mentees are mentored.")
    if mentees + len(people) > largest:
        raise NotPossible(f"{circle.name} has room for {max(0, largest - mentees)} more.")
    return _let_in(circle, people, Part.MENTEE, by=by, at=at)


@transaction.atomic
def add_facilitator(
    partnership: Partnership, *, application: Application, by: User | None, at: datetime
) -> Partnership:
    """Give a circle that has fewer than two facilitators another one, introduced like anybody who joins (BM-7)."""
    circle = _open_circle(partnership, by=by, at=at)
    if not application.is_mentor:
        raise NotPossible("Mentors mentor or facilitate; mentees are mentored.")
    if circle.memberships.current().filter(part=Part.FACILITATOR).count() >= MOST_FACILITATORS:
        raise NotPossible(f"{circle.name} has {MOST_FACILITATORS} facilitators already.")
    return _let_in(circle, [application], Part.FACILITATOR, by=by, at=at)


def _open_circle(partnership: Partnership, *, by: User | None, at: datetime) -> Partnership:
    """A circle that takes somebody in now, locked."""
    partnership = lock(partnership)
    refuse_stranger(by, partnership.cohort)
    _refuse_if_ended(partnership.cohort, at)
    if not (partnership.is_circle and partnership.is_active):
        raise NotPossible("Only a circle that is active takes further members.")
    refuse_own(by, partnership, "let anybody into")
    return partnership


def _let_in(
    circle: Partnership, people: Sequence[Application], part: str, *, by: User | None, at: datetime
) -> Partnership:
    """Introduce the newcomers. Everybody then accepts the agreement again: it holds between those who are there."""
    before = [m.application for m in circle.memberships.current().select_related("application__user")]
    joining = _lock(people)
    if {a.user_id for a in before} & {a.user_id for a in joining}:
        raise NotPossible("Nobody can be introduced to themselves.")
    refuse_unready(joining, cohort=circle.cohort, pathway=circle.pathway, by=by, at=at)
    circle.agreement_round += 1
    circle.save(update_fields=["agreement_round"])
    for application in joining:
        _enter(circle, application, part, at=at)
    for application in joining:
        _post_introduction(circle, application, at=at)
    for application in before:
        _post_joined(circle, application, joining, at=at)
    tell_newcomers(circle, at=at)
    return circle


def _lock(applications: Sequence[Application]) -> list[Application]:
    """The applications as they are now, locked in one order, so that two releases can't take the same place.

    The people as well: a ceiling of their own holds over all programmes, hence over two offices at once (BM-8).
    """
    pks = [application.pk for application in applications]
    lock_rows(Application.objects.filter(pk__in=pks))
    people = Application.objects.filter(pk__in=pks).order_by().values("user")
    lock_rows(User.objects.filter(pk__in=people))
    found = Application.objects.with_card_facts().with_acceptance().select_related("cohort__programme")
    rows = {row.pk: row for row in found.filter(pk__in=pks)}
    return [rows[pk] for pk in pks]


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
        fits = (
            1 <= parts[Part.FACILITATOR] <= MOST_FACILITATORS
            and found.smallest <= parts[Part.MENTEE] <= found.largest
        )
    else:
        fits = parts == {Part.MENTOR: 1, Part.MENTEE: 1}
    if not fits:
        raise NotPossible("These people don't make a pair, or a circle of the programme's size.")


def _enter(partnership: Partnership, application: Application, part: str, *, at: datetime) -> None:
    if part == Part.MENTEE:
        taken = Membership.objects.current().filter(application=application, part=Part.MENTEE)
        if taken.exists():
            raise NotPossible(f"{application.user} has been introduced already.")
        place = seat = None
    else:
        place, seat = free_place(application, partnership.pathway), free_seat(application.user)
    partnership.memberships.create(
        application=application,
        part=part,
        place=place,
        seat=seat,
        joined_on=timezone.localdate(at),
    )


def _name_of_next_circle(cohort: Cohort) -> str:
    """Circles are numbered as they begin; the unique name keeps two releases at once from sharing a number."""
    return f"Circle {cohort.partnerships.filter(pathway=Pathway.Kind.CIRCLE).count() + 1}"


def introduce_again(partnership: Partnership, *, at: datetime) -> None:
    """Introduce those whose introduction was kept back by a pause before it had left."""
    kept_back = Message.objects.filter(
        key__startswith=f"introduction/{partnership.pk}/", state=Message.State.WITHDRAWN
    )
    receivers = set(kept_back.values_list("to", flat=True))
    members = partnership.memberships.current().select_related("application__user")
    for member in members.filter(application__user__email__in=receivers):
        _post_introduction(partnership, member.application, at=at, again=f"/{at.timestamp():.0f}")


def _post_introduction(
    partnership: Partnership, application: Application, *, at: datetime, again: str = ""
) -> None:
    shown = disclosure.cards_for(
        partnership, viewer=application.user, channel=Disclosure.Channel.EMAIL, at=at
    )
    rounds = partnership.agreement_round
    occasion = f"{application.pk}/{rounds}" if rounds > 1 else f"{application.pk}"
    context = {"cards": [card for _, card in shown], "agreement_url": _agreement_url(partnership)}
    post(partnership, application, "introduction", occasion + again, at=at, **context)


def _post_joined(
    partnership: Partnership, application: Application, joining: Sequence[Application], *, at: datetime
) -> None:
    shown = disclosure.cards_for(
        partnership, viewer=application.user, of=joining, channel=Disclosure.Channel.EMAIL, at=at
    )
    context = {"cards": [card for _, card in shown], "agreement_url": _agreement_url(partnership)}
    post(
        partnership,
        application,
        "joined",
        f"{application.pk}/{partnership.agreement_round}",
        at=at,
        **context,
    )


def _agreement_url(partnership: Partnership) -> str:
    """Where a circle's agreement is accepted; empty where there is none."""
    if not agreement_of(partnership):
        return ""
    return settings.SITE_URL + reverse("agreement", args=[partnership.pk])
