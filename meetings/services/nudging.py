"""Remind who hasn't met (EI-1b, BM-5, BM-6): one mail per person and week at most, over all their partnerships.

A sweep that selects what is due now. A line per meeting and step makes "once" a fact of the database; a mail that was
withdrawn before it left counts as never written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import User
from meetings.cadence import Stage, days_within, reminder_due
from meetings.models import Nudge, NudgeLine
from meetings.queries import Clock, clocks
from meetings.services import nudge_letters
from meetings.services.nudge_letters import Due
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from mentorship.lib.sweeps import in_sets
from outbox.models import Message
from partnerships.models import Flag, Membership, Partnership
from programmes.permissions import can_administer

WEEK = timedelta(days=7)
BATCH = 100  # people whose reminders are written in one transaction
AWAY = "somebody is away"
BY_HAND = 0  # the step of a reminder that the office sent


def remind_due(*, at: datetime) -> int:
    """Remind everybody of all that is due now; how many were written to. Safe to run twice and at once.

    Whose mail can't be written holds back nobody else.
    """
    if timezone.localtime(at).hour < settings.REMINDERS_FROM_HOUR:
        return 0
    _forget_withdrawn(at)
    people = sorted({due.membership.application.user_id for due in _due(_running(at), at=at)})
    return in_sets(people, lambda some: _remind(some, at=at), what="person", size=BATCH)


@dataclass
class ByHand:
    """What became of a reminder that the office sent: how many have it, and who hasn't and why."""

    sent: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def nudge_by_hand(partnerships: Iterable[Partnership], *, by: User, at: datetime) -> ByHand:
    """Remind the people of these partnerships, though nothing need be overdue; the same rests and limits hold.

    Who had a mail of reminders within the week has the next one once the week is over, and counts as reminded: else an
    office would learn that somebody takes part in another programme (ALL-1).
    """
    rows = list(partnerships)
    if any(not can_administer(by, row.cohort.programme) for row in rows):
        raise NotPossible("You don't administer this programme.")
    outcome = ByHand()
    by_user: dict[int, list[Due]] = defaultdict(list)
    for due, why in _by_hand(_locked(rows), by=by, at=at):
        if why:
            outcome.left.append((due.membership.application.user.name, why))
        else:
            by_user[due.membership.application.user_id].append(due)
    lock_rows(User.objects.filter(pk__in=list(by_user)))
    today, last = timezone.localdate(at), _last_nudges(by_user)
    for user, dues in by_user.items():
        on = max(today, last[user] + WEEK) if user in last else today
        standing = [due for due in dues if _is_reachable(due, on)]
        outcome.left += [(due.membership.application.user.name, AWAY) for due in dues if due not in standing]
        outcome.sent += _write(user, standing, on=on, at=at)
    return outcome


def _is_reachable(due: Due, on: date) -> bool:
    """Whether nothing rests in the partnership on a day to come, and its cohort still runs."""
    is_away = days_within(due.clock.rest.away, on, on)
    return not is_away and on <= due.clock.partnership.cohort.ends_on


def preview(membership: Membership, *, at: datetime) -> tuple[str, str]:
    """Subject and text of the reminder that this person would have if the office sent it now; nothing is sent."""
    return nudge_letters.preview(_due_by_hand(membership, at=at))


def preview_wording(kind: str, text: str, membership: Membership, *, at: datetime) -> str:
    """A programme's own words of a kind, filled for a real person; nothing is sent."""
    return nudge_letters.preview_words(kind, text, _due_by_hand(membership, at=at), at=at)


def _due_by_hand(membership: Membership, *, at: datetime) -> Due:
    partnership = membership.partnership
    clock = clocks([partnership], on=timezone.localdate(at))[partnership.pk]
    overdue = clock.progress.overdue
    return Due(membership, clock, overdue.number if overdue else clock.progress.held + 1, BY_HAND)


def _remind(people: Sequence[int], *, at: datetime) -> int:
    """Write the reminders of these people, asked again under the locks: they may just have met or answered."""
    inside = Membership.objects.current().filter(application__user__in=people).order_by()
    running = _running(at).filter(
        pk__in=lock_rows(Partnership.objects.filter(pk__in=inside.values("partnership")))
    )
    lock_rows(User.objects.filter(pk__in=people))
    today, last = timezone.localdate(at), _last_nudges(people)
    by_user: dict[int, list[Due]] = defaultdict(list)
    for due in _due(running, at=at):
        user = due.membership.application.user_id
        if user in people and (user not in last or today - last[user] >= WEEK):
            by_user[user].append(due)
    return sum(_write(user, dues, on=today, at=at) for user, dues in by_user.items())


def _running(at: datetime) -> QuerySet[Partnership]:
    """Active partnerships of cohorts that run: before and after, nobody is chased (EI-2)."""
    today = timezone.localdate(at)
    rows = Partnership.objects.active().filter(cohort__starts_on__lte=today, cohort__ends_on__gte=today)
    return rows.select_related("cohort__programme")


def _due(partnerships: Iterable[Partnership], *, at: datetime) -> list[Due]:
    """Each person's overdue meetings with the reminder that is due now."""
    standing = {
        pk: clock
        for pk, clock in clocks(partnerships, on=timezone.localdate(at)).items()
        if clock.progress.overdue
    }
    leaving = _being_left(standing)
    sent = _sent(standing)
    found = []
    for membership in _members(standing):
        clock = standing[membership.partnership_id]
        if membership.pk in clock.away or membership.partnership_id in leaving:
            continue
        occasion = clock.progress.overdue
        step = reminder_due(
            clock.progress,
            sent.get((membership.pk, occasion.number if occasion else 0), {}),
            rest=clock.rest,
            again_days=clock.plan.again_days,
        )
        if occasion and step:
            found.append(Due(membership, clock, occasion.number, step))
    return found


def _by_hand(partnerships: Sequence[Partnership], *, by: User, at: datetime) -> Iterable[tuple[Due, str]]:
    """Everybody in these partnerships, each with why they aren't reminded, or nothing."""
    standing = clocks(partnerships, on=timezone.localdate(at))
    leaving = _being_left(standing)
    members = list(_members(standing))
    own = set(Membership.objects.filter(application__user=by).values_list("partnership", flat=True))
    since = timezone.localdate(at) - WEEK
    lines = NudgeLine.objects.filter(membership__in=members, nudge__on__gt=since)
    reminded = set(lines.values_list("membership", flat=True))
    for membership in members:
        clock = standing[membership.partnership_id]
        occasion = clock.progress.overdue
        due = Due(membership, clock, occasion.number if occasion else clock.progress.held + 1, BY_HAND)
        yield due, _why_not(membership, clock, own=own, leaving=leaving, reminded=reminded)


def _why_not(
    membership: Membership,
    clock: Clock,
    *,
    own: Collection[int],
    leaving: Collection[int],
    reminded: Collection[int],
) -> str:
    if membership.partnership_id in own:
        return "you are in this partnership yourself"
    if clock.progress.stage is Stage.OVER:
        return "it is over"
    if clock.partnership.is_paused:
        return "it is paused"
    if membership.pk in clock.away or clock.progress.stage is Stage.RESTING:
        return AWAY
    if membership.pk in reminded:
        return "was reminded within the last week"
    return "it waits for a word from you" if membership.partnership_id in leaving else ""


def _members(standing: Mapping[int, Clock]) -> Iterable[Membership]:
    inside = Membership.objects.current().filter(
        partnership__in=list(standing), application__user__is_active=True
    )
    return inside.select_related("application__user").order_by("application__user", "pk")


def _being_left(standing: Iterable[int]) -> set[int]:
    """Partnerships in which somebody has said that they can't go on: the office has it, so nobody is chased."""
    open_flags = Flag.objects.open().filter(partnership__in=list(standing), kind=Flag.Kind.LEAVING)
    return set(open_flags.values_list("partnership", flat=True))


def _sent(standing: Iterable[int]) -> Mapping[tuple[int, int], dict[int, date]]:
    """When which reminder was sent, by membership and occasion."""
    sent: dict[tuple[int, int], dict[int, date]] = defaultdict(dict)
    lines = NudgeLine.objects.filter(membership__partnership__in=list(standing)).exclude(step=BY_HAND)
    for member, occasion, step, on in lines.values_list("membership", "occasion", "step", "nudge__on"):
        sent[member, occasion][step] = on
    return sent


def _last_nudges(people: Iterable[int]) -> dict[int, date]:
    """The day of everybody's last mail of reminders; one that the office asked for may be to come."""
    rows = Nudge.objects.filter(user__in=list(people)).order_by()
    return dict(rows.values_list("user").annotate(Max("on")))


def _write(user: int, dues: Sequence[Due], *, on: date, at: datetime) -> int:
    """One mail for one person with a line for each thing that is due; 1, or 0 where nothing is."""
    if not dues:
        return 0
    nudge = Nudge.objects.create(user_id=user, on=on)
    NudgeLine.objects.bulk_create(
        NudgeLine(nudge=nudge, membership=due.membership, occasion=due.occasion, step=due.step)
        for due in dues
    )
    nudge_letters.post(nudge, dues, at=at)
    return 1


def _forget_withdrawn(at: datetime) -> None:
    """A mail that was withdrawn before it left was never written: what is still due in it comes in a new one."""
    lately = Nudge.objects.filter(on__gt=timezone.localdate(at) - WEEK)
    keys = {nudge_letters.key_of(user, pk): pk for pk, user in lately.values_list("pk", "user")}
    gone = Message.objects.filter(key__in=list(keys), state=Message.State.WITHDRAWN)
    Nudge.objects.filter(pk__in=[keys[key] for key in gone.values_list("key", flat=True)]).delete()


def _locked(partnerships: Sequence[Partnership]) -> list[Partnership]:
    pks = lock_rows(Partnership.objects.filter(pk__in=[row.pk for row in partnerships]))
    return list(Partnership.objects.filter(pk__in=pks).select_related("cohort__programme").order_by("pk"))
