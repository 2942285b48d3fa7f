"""Absences: announce one, change its last day, be back before it (EI-1d). No reason is asked, hence none is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Absence, Application
from applications.models import State as ApplicationState
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from outbox.models import Message
from partnerships import disclosure
from partnerships.models import Disclosure, Membership, Partnership
from partnerships.queries.absences import Span, away_on, called, told_spans
from partnerships.services.letters import context_of, withdraw_reminders

DAYS_BACK = 31
WITHDRAWN = Message.State.WITHDRAWN
OPEN_STATES = (
    ApplicationState.SUBMITTED,
    ApplicationState.QUERIED,
    ApplicationState.WAITLISTED,
    ApplicationState.ACCEPTED,
)


@transaction.atomic
def announce(
    application: Application,
    *,
    by: User,
    from_on: date,
    until_on: date,
    tells_partners: bool = False,
    at: datetime,
) -> Absence:
    """Say on which days one can't be reached, both included (EI-1d).

    Partners are told at once where it is longer than a calendar month, alone or together with absences that it
    touches; otherwise only if the person wishes. The same days again give the absence that is there already.
    """
    application = _lock(application, by=by)
    _refuse_unless_running(application, at=at)
    refuse_wrong_first_day(from_on, at=at)
    refuse_wrong_last_day(from_on, until_on, at=at)
    rows = application.absences.all()
    known = rows.filter(from_on=from_on, until_on=until_on, returned_on=None).first()
    if known and (known.tells_partners or not tells_partners):
        return known
    _refuse_overlap(rows, from_on, until_on)
    rows.filter(from_on=from_on, returned_on=from_on).delete()  # called off before: no day of it is left
    absence = application.absences.create(
        from_on=from_on, until_on=until_on, tells_partners=tells_partners, announced_at=at
    )
    _tell(absence, application, before=[absence.pk], at=at)
    _withdraw_reminders(absence, application, at=at)
    return absence


@transaction.atomic
def change(absence: Absence, *, by: User, until_on: date, at: datetime) -> Absence:
    """Move the last day of an absence that isn't over; who was told is told of the new day (EI-1d)."""
    application = _lock(absence.application, by=by)
    absence = application.absences.get(pk=absence.pk)
    _refuse_if_over(absence, at=at)
    if until_on == absence.until_on:
        return absence
    refuse_wrong_last_day(absence.from_on, until_on, at=at)
    _refuse_overlap(application.absences.exclude(pk=absence.pk), absence.from_on, until_on)
    before = _told_together(absence, application)
    absence.until_on = until_on
    absence.save(update_fields=["until_on"])
    _tell(absence, application, before=before, at=at)
    return absence


@transaction.atomic
def return_early(absence: Absence, *, by: User, at: datetime) -> Absence:
    """Be back from today on, or call off what hasn't begun; who was told of it is told of this too (EI-1d)."""
    application = _lock(absence.application, by=by)
    absence = application.absences.get(pk=absence.pk)
    _refuse_if_over(absence, at=at)
    before = _told_together(absence, application)
    absence.returned_on = max(timezone.localdate(at), absence.from_on)
    absence.save(update_fields=["returned_on"])
    if absence.tells_partners:
        left = _told_after(application, before, at=at)
        is_called_off = absence.returned_on == absence.from_on
        for partnership, member in _receivers(application):
            key = f"back/{partnership.pk}/{absence.pk}/{member.pk}"
            facts = {"absence": _days(absence), "is_called_off": is_called_off, "periods": left}
            _post("back", partnership, member, application, key=key, facts=facts, at=at)
    return absence


@transaction.atomic
def tell_newcomers(partnership: Partnership, *, at: datetime) -> None:
    """Tell the people in a partnership of one another's absences that partners are told of; for who has just met.

    Who knows of one already hears nothing again, so that it may be called whenever somebody joins (EI-1d).
    """
    if not partnership.is_active:
        return
    inside = partnership.memberships.current()
    today = timezone.localdate(at)
    away = Application.objects.filter(absences__returned_on=None, absences__until_on__gte=today)
    for application in away.filter(memberships__in=inside).distinct():
        for span in told_spans(list(application.absences.all())):
            if span.last_on >= today:
                _mark_told(span.absences)
                _introduce_span(span, partnership, application, at=at)


def refuse_wrong_first_day(from_on: date, *, at: datetime) -> None:
    """An absence may have begun, though not longer ago than a month."""
    if from_on < timezone.localdate(at) - timedelta(days=DAYS_BACK):
        raise NotPossible(f"The first day can’t lie more than {DAYS_BACK} days back.")


def refuse_wrong_last_day(from_on: date, until_on: date, *, at: datetime) -> None:
    """An absence ends after it begins, not before today, and within a year."""
    today = timezone.localdate(at)
    if until_on < from_on:
        raise NotPossible("The last day away can’t lie before the first.")
    if until_on < today:
        raise NotPossible("That day has passed. Choose today or a later day.")
    if (until_on.year - 1, until_on.month, until_on.day) > (today.year, today.month, today.day):
        raise NotPossible("Choose a last day within a year from today.")


def _lock(application: Application, *, by: User) -> Application:
    """The application as it is now, locked, after the partnerships that the person is in.

    So somebody who joins one of these at the same moment is told of the absence either by this or by the introduction.
    """
    theirs = Partnership.objects.running().filter(
        pk__in=Membership.objects.current().filter(application=application).values("partnership")
    )
    lock_rows(theirs)
    locked = Application.objects.select_for_update(of=("self",), no_key=True)
    application = locked.select_related("user", "cohort__programme").get(pk=application.pk)
    if by.pk != application.user_id:
        raise NotPossible("Only the person themselves can say when they are away.")
    return application


def _refuse_unless_running(application: Application, *, at: datetime) -> None:
    if application.state not in OPEN_STATES:
        raise NotPossible("There is nothing to be away from: this application isn’t running.")
    if application.cohort.has_ended(timezone.localdate(at)):
        raise NotPossible("The programme has ended, so you needn’t tell us of absences any more.")


def _refuse_if_over(absence: Absence, *, at: datetime) -> None:
    if absence.returned_on or absence.until_on < timezone.localdate(at):
        raise NotPossible("This absence is over already.")


def _refuse_overlap(others: Iterable[Absence], from_on: date, until_on: date) -> None:
    for other in others:
        if other.from_on <= other.last_on and other.from_on <= until_on and from_on <= other.last_on:
            raise NotPossible(
                f"You have told us already that you are away from {_day(other.from_on)} to"
                f" {_day(other.last_on)}. Change that absence, or choose other days."
            )


def _told_together(absence: Absence, application: Application) -> list[int]:
    """The absences that partners were told of as one with this one; itself at least."""
    spans = told_spans(list(application.absences.all()))
    return [absence.pk, *(row.pk for span in spans if absence in span.absences for row in span.absences)]


def _told_after(application: Application, before: Collection[int], *, at: datetime) -> list[Span]:
    """What partners are to know now of these absences: running or to come."""
    return [
        span
        for span in told_spans(list(application.absences.all()))
        if span.last_on >= timezone.localdate(at) and any(row.pk in before for row in span.absences)
    ]


def _tell(absence: Absence, application: Application, *, before: Collection[int], at: datetime) -> None:
    """Tell partners what has become of an absence and of those that were told as one with it."""
    spans = _told_after(application, before, at=at)
    if not spans:
        return
    _mark_told([row for span in spans for row in span.absences])
    absence.refresh_from_db(fields=["tells_partners"])
    for partnership, member in _receivers(application):
        key = _next(_key(absence, member), _keys(absence, partnership))
        _post("away", partnership, member, application, key=key, facts={"periods": spans}, at=at)


def _introduce_span(span: Span, partnership: Partnership, application: Application, *, at: datetime) -> None:
    keys = {absence: _keys(absence, partnership) for absence in span.absences}
    left = [key for states in keys.values() for key, state in states.items() if state != WITHDRAWN]
    knows = {_reader(key) for key in left}
    for receiver in _others(partnership, application):
        if receiver.pk not in knows:
            latest = span.absences[-1]
            key = _next(_key(latest, receiver), keys[latest])
            _post("away", partnership, receiver, application, key=key, facts={"periods": [span]}, at=at)


def _mark_told(absences: Sequence[Absence]) -> None:
    silent = [absence.pk for absence in absences if not absence.tells_partners]
    if silent:
        Absence.objects.filter(pk__in=silent).update(tells_partners=True)


def _receivers(application: Application) -> list[tuple[Partnership, Membership]]:
    """Everybody else in each partnership of this person that is active; in a pause nobody is told anything."""
    inside = Membership.objects.current().filter(application=application).values("partnership")
    partnerships = Partnership.objects.active().filter(pk__in=inside).select_related("cohort__programme")
    return [(row, member) for row in partnerships for member in _others(row, application)]


def _others(partnership: Partnership, application: Application) -> list[Membership]:
    members = partnership.memberships.current().filter(application__user__is_active=True)
    return list(members.exclude(application=application).select_related("application__user"))


def _key(absence: Absence, receiver: Membership) -> str:
    """It begins with the partnership: what hasn't left yet is kept back where that one rests or ends."""
    return f"away/{receiver.partnership_id}/{absence.pk}/{absence.until_on}/{receiver.pk}"


def _reader(key: str) -> int:
    """The membership that a key is for."""
    return int(key.split("/")[4])


def _keys(absence: Absence, partnership: Partnership) -> dict[str, str]:
    """Keys of all messages about an absence in a partnership, each with its state."""
    rows = Message.objects.filter(key__startswith=f"away/{partnership.pk}/{absence.pk}/")
    return dict(rows.values_list("key", "state"))


def _next(key: str, said: Collection[str]) -> str:
    """The key, or one more of it where a last day comes back after another: that is news as well."""
    number = 2
    free = key
    while free in said:
        free, number = f"{key}/{number}", number + 1
    return free


def _post(
    name: str,
    partnership: Partnership,
    receiver: Membership,
    application: Application,
    *,
    key: str,
    facts: dict[str, object],
    at: datetime,
) -> None:
    """One message to one person: who is away by the card's name alone, the days, and nothing else (ALL-2)."""
    ((_, card),) = disclosure.cards_for(
        partnership,
        viewer=receiver.application.user,
        of=[application],
        channel=Disclosure.Channel.EMAIL,
        at=at,
        only=["name"],
    )
    outbox.post(
        f"partnerships/email/{name}",
        to=receiver.application.user.email,
        key=key,
        programme=partnership.cohort.programme.slug,
        context={
            **context_of(partnership, receiver.application),
            "who": called(card.name, partnership),
            **facts,
        },
        at=at,
    )


def _withdraw_reminders(absence: Absence, application: Application, *, at: datetime) -> None:
    """Keep back what would remind somebody during an absence that has begun or begins tomorrow (EI-1d).

    Everybody's in a partnership that rests by it: a pair, or a circle whose facilitators are all away. In any
    other circle only the person's own, since the others go on meeting.
    """
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    if absence.from_on > tomorrow:
        return
    outbox.withdraw(f"nudge/{application.user_id}", at=at)
    inside = Membership.objects.current().filter(application=application).values("partnership")
    for partnership in Partnership.objects.running().filter(pk__in=inside):
        if _rests(partnership, on=max(absence.from_on, tomorrow - timedelta(days=1))):
            withdraw_reminders(partnership, at=at)


def _rests(partnership: Partnership, *, on: date) -> bool:
    if not partnership.is_circle:
        return True
    leading = partnership.memberships.current().filter(part=Membership.Part.FACILITATOR)
    leads = list(leading.values_list("application", flat=True))
    return bool(leads) and len(away_on(leads, on)) == len(leads)


def _days(absence: Absence) -> Span:
    """The days that were announced."""
    return Span(absence.from_on, absence.until_on, (absence,))


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
