"""Plays a script of invented lives day by day, with the clock's sweeps as Celery would ring them.

All goes through the services that real people's acts go through. What was refused (somebody was away, it was paused)
didn't happen and isn't in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from applications.models import Absence, Application
from applications.services import asking, continuing, holding, interest, noticing
from meetings.models import ContactFrequency, Meeting
from meetings.services import answering, flagging, logging, nudging, planning, reminding, settling
from mentorship.lib.refusals import NotPossible
from outbox import delivery
from overview.equality import snapshots
from overview.services import digest, erasing, requesting
from overview.simulation import cohort as setting_up
from overview.simulation import history as facts
from overview.simulation import lives
from overview.simulation.lives import LONDON, Act, Script
from partnerships import tasks as partnership_tasks
from partnerships.models import EndReason, Flag, Membership, Partnership
from partnerships.services import absences, agreement, circles, ending, introducing, leaving, pausing
from programmes.models import Cohort, Pathway, Programme
from training.services import booking
from training.services import reminding as training

# What the clock rings, in an order that doesn't matter to any of them; a test compares it with Celery's schedule.
SWEEPS: dict[str, Callable[[datetime], Any]] = {
    "partnerships.tasks.end_due": partnership_tasks.end_partnerships_due,
    "partnerships.tasks.check_circles": lambda at: circles.check_circles(at=at),
    "meetings.tasks.settle_plans": lambda at: settling.settle_plans(at=at),
    "meetings.tasks.remind_of_plans": lambda at: reminding.remind_of_plans(at=at),
    "meetings.tasks.remind_due": lambda at: nudging.remind_due(at=at),
    "meetings.tasks.flag_due": lambda at: flagging.flag_due(at=at),
    "training.tasks.remind_of_training": lambda at: training.remind_of_training(at=at),
    "training.tasks.free_places": lambda at: booking.free_places(at=at),
    "applications.tasks.ask_again": lambda at: asking.ask_again(at=at),
    "applications.tasks.take_up_held": lambda at: holding.take_up(at=at),
    "applications.tasks.tell_of_next_cohort": lambda at: continuing.tell_of_next_cohort(at=at),
    "applications.tasks.tell_of_widening": lambda at: interest.tell_of_widening(at=at),
    "applications.tasks.make_notices_known": lambda at: noticing.make_known(at=at),
    "overview.tasks.send_digests": lambda at: digest.send_due(at=at),
    "overview.tasks.take_snapshots": lambda at: snapshots.take_due(at=at),
    "overview.tasks.carry_out_erasures": lambda at: erasing.carry_out_due(at=at),
    "overview.tasks.remind_of_requests": lambda at: requesting.remind(at=at),
}
TICKS = (time(9, 5), time(18))


@dataclass(frozen=True)
class Faults:
    """What goes wrong with the clock: days without it, how many there are, days on which no mail leaves."""

    without_clock: frozenset[date] = frozenset()
    clocks: int = 1
    without_worker: frozenset[date] = frozenset()


class Rehearsal:
    """One cohort of a programme, from the day on which it begins, for some days."""

    def __init__(
        self, programme: Programme, *, start: date, days: int, seed: int, pairs: int, faults: Faults
    ):
        self.faults, self.start, self.until = faults, start, start + timedelta(days=days)
        self.cohort: Cohort = setting_up.open_cohort(programme, start=start)
        self.asked = setting_up.asked_of(self.cohort)
        has_circles = programme.pathways.filter(kind=Pathway.Kind.CIRCLE).exists()
        self.script: Script = lives.write(
            self.asked,
            pairs=pairs,
            circles=max(1, pairs // 6) if has_circles else 0,
            until=self.until,
            seed=seed,
        )
        self.history = facts.History(programme=self.asked, team=programme.contact_email)
        self.refused = 0
        self.office: User = setting_up.office_of(self.cohort)
        before = datetime.combine(start - timedelta(days=15), time(12), tzinfo=LONDON)
        self.applications: list[Application] = setting_up.apply_all(
            self.cohort, self.script.people, office=self.office, at=before
        )
        self.partnerships: dict[int, Partnership] = {}
        self.plans: dict[int, Meeting] = {}

    def play(self) -> None:
        """Every day's acts and ticks in their order."""
        moments: list[tuple[datetime, Act | None]] = [(act.at, act) for act in self.script.acts]
        moments += [(at, None) for at in self._ticks()]
        for at, act in sorted(moments, key=lambda row: row[0]):
            if at > self._midnight(self.until):
                break
            if act is None:
                self._tick(at)
            else:
                self._do(act)
        self.office.duties.all().delete()

    # The clock

    def _ticks(self) -> list[datetime]:
        days = (self.until - self.start).days + 20
        all_days = [self.start - timedelta(days=10) + timedelta(days=number) for number in range(days)]
        return [
            datetime.combine(day, hour, tzinfo=LONDON)
            for day in all_days
            if day not in self.faults.without_clock
            for hour in TICKS
        ]

    def _tick(self, at: datetime) -> None:
        before = {row.pk for row in self._running()}
        if self.faults.clocks == 1:
            ring(at)
        else:
            ring_at_once(at, self.faults.clocks)
        if timezone.localdate(at) not in self.faults.without_worker:
            while delivery.deliver_batch():
                pass
        self.history.ticks.append(at)
        self._note_ends(before, at)

    def _running(self) -> Sequence[Partnership]:
        return list(Partnership.objects.running().filter(cohort=self.cohort))

    def _note_ends(self, before: Collection[int], at: datetime) -> None:
        gone = set(before) - {row.pk for row in self._running()}
        for number, row in self.partnerships.items():
            if row.pk in gone:
                self._ended(number, at, "programme")

    @staticmethod
    def _midnight(day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)

    # The acts

    def _do(self, act: Act) -> None:
        try:
            getattr(self, "_" + act.what.replace(" ", "_"))(act)
        except NotPossible:
            self.refused += 1

    def _row(self, act: Act) -> tuple[Partnership, facts.Partnership]:
        if act.partnership not in self.partnerships:
            raise NotPossible("They were never introduced.")
        row = Partnership.objects.select_related("cohort__programme").get(
            pk=self.partnerships[act.partnership].pk
        )
        return row, self.history.partnerships[list(self.partnerships).index(act.partnership)]

    def _user(self, act: Act) -> User:
        return self.applications[act.person].user

    def _member(self, act: Act) -> Membership:
        row, _ = self._row(act)
        member = row.memberships.current().filter(application=self.applications[act.person]).first()
        if member is None:
            raise NotPossible("They have left.")
        member.application = self.applications[act.person]
        return member

    def _introduce(self, act: Act) -> None:
        people = [self.applications[number] for number in act.details["people"]]
        is_circle = act.details["is_circle"]
        lead = Membership.Part.FACILITATOR if is_circle else Membership.Part.MENTOR
        parts = [(row, lead if row.is_mentor else Membership.Part.MENTEE) for row in people]
        pathway = Pathway.Kind.CIRCLE if is_circle else Pathway.Kind.ONE_TO_ONE
        made = introducing.introduce(
            cohort=self.cohort, pathway=pathway, people=parts, by=self.office, at=act.at
        )
        self.partnerships[act.partnership] = made
        members = [facts.Member(row.user.email, part.value, act.at) for row, part in parts]
        self.history.partnerships.append(
            facts.Partnership(name_of(act.partnership), is_circle, act.at, members)
        )
        for row in people:
            self.history.zones[row.user.email] = row.user.time_zone

    def _agree(self, act: Act) -> None:
        row, _ = self._row(act)
        agreement.accept(row, by=self._user(act), at=act.at, round=row.agreement_round)

    def _log(self, act: Act) -> None:
        row, known = self._row(act)
        is_official = bool(self.asked.official)
        logging.log_meeting(
            row,
            by=self._user(act),
            held_on=act.details["held_on"],
            minutes=60,
            format=Meeting.Format.VIDEO,
            is_official=is_official,
            attendees=list(row.memberships.current()) if row.is_circle else (),
            frequency=ContactFrequency.Frequency.FORTNIGHTLY,
            at=act.at,
        )
        known.held.append((act.at, act.details["held_on"], is_official))
        for plan in known.plans:
            if plan.over_at is None and timezone.localdate(plan.starts_at) == act.details["held_on"]:
                plan.over_at = act.at

    def _plan(self, act: Act) -> None:
        row, known = self._row(act)
        starts_at = act.details["starts_at"]
        self.plans[act.partnership] = planning.plan(
            row, by=self._user(act), starts_at=starts_at, minutes=60, format=Meeting.Format.VIDEO, at=act.at
        )
        known.plans.append(facts.Plan(starts_at, act.at, act.at))

    def _own_plan(self, act: Act) -> tuple[Meeting, facts.Plan]:
        _, known = self._row(act)
        if act.partnership not in self.plans or not known.plans:
            raise NotPossible("Nothing was planned.")
        return Meeting.objects.get(pk=self.plans[act.partnership].pk), known.plans[-1]

    def _move(self, act: Act) -> None:
        meeting, plan = self._own_plan(act)
        _, known = self._row(act)
        starts_at = act.details["starts_at"]
        planning.change_plan(
            meeting,
            by=self._user(act),
            starts_at=starts_at,
            minutes=60,
            format=Meeting.Format.VIDEO,
            place="",
            at=act.at,
        )
        plan.over_at = act.at
        known.plans.append(facts.Plan(starts_at, act.at, act.at))

    def _call_off(self, act: Act) -> None:
        meeting, plan = self._own_plan(act)
        planning.cancel_plan(meeting, by=self._user(act), at=act.at)
        plan.over_at, plan.was_called_off = act.at, True

    def _miss(self, act: Act) -> None:
        meeting, plan = self._own_plan(act)
        planning.mark_missed(meeting, by=self._user(act), at=act.at)
        plan.over_at = act.at

    def _arrange(self, act: Act) -> None:
        _, known = self._row(act)
        answering.say_arranging(self._member(act), at=act.at)
        known.arranging.append((self._user(act).email, act.at))

    def _go_away(self, act: Act) -> None:
        first, last, is_told = (act.details[name] for name in ("first", "last", "told"))
        absences.announce(
            self.applications[act.person],
            by=self._user(act),
            from_on=first,
            until_on=last,
            tells_partners=is_told,
            at=act.at,
        )
        self.history.absences.append(facts.Away(self._user(act).email, (first, last), act.at, is_told))

    def _come_back(self, act: Act) -> None:
        row = Absence.objects.filter(application=self.applications[act.person], returned_on=None).last()
        if row is None:
            raise NotPossible("They weren't away.")
        absences.return_early(row, by=self._user(act), at=act.at)
        next(a for a in self.history.absences if a.person == self._user(act).email).back_at = act.at

    def _ask_to_leave(self, act: Act) -> None:
        row, known = self._row(act)
        leaving.ask_to_leave(
            row,
            by=self._user(act),
            reason=Flag.Reason.TIME,
            wants_new_partner=act.details["wants_new"],
            at=act.at,
        )
        known.leaving.append(facts.Leaving(self._user(act).email, act.at))

    def _end(self, act: Act) -> None:
        row, _ = self._row(act)
        ending.end(row, by=self.office, at=act.at, reason=EndReason.LEAVING)
        self._ended(act.partnership, act.at, "leaving")

    def _ended(self, number: int, at: datetime, why: str) -> None:
        known = self.history.partnerships[list(self.partnerships).index(number)]
        known.ended_at, known.end = at, why
        for member in known.members:
            if member.left_at is None:
                member.left_at, member.stayed = at, True
        for asked in known.leaving:
            asked.settled_at = asked.settled_at or at
        for plan in known.plans:
            plan.over_at = plan.over_at or at
        if known.pauses and known.pauses[-1][1] is None:
            known.pauses[-1] = (known.pauses[-1][0], at)

    def _let_go(self, act: Act) -> None:
        _, known = self._row(act)
        circles.let_go(self._member(act), by=self.office, at=act.at)
        person = self._user(act).email
        next(member for member in known.members if member.person == person).left_at = act.at
        for asked in known.leaving:
            if asked.person == person:
                asked.settled_at = act.at

    def _pause(self, act: Act) -> None:
        row, known = self._row(act)
        pausing.pause(row, by=self.office, at=act.at)
        known.pauses.append((act.at, None))

    def _resume(self, act: Act) -> None:
        row, known = self._row(act)
        pausing.resume(row, by=self.office, at=act.at)
        known.pauses[-1] = (known.pauses[-1][0], act.at)

    def _continue(self, act: Act) -> None:
        continuing.answer(self.applications[act.person], wishes_to_continue=act.details["wishes"], at=act.at)


def name_of(partnership: int) -> str:
    """What a history and a ledger call a partnership: the same in every run of a script."""
    return f"partnership {partnership}"


def ring(at: datetime) -> None:
    """Every sweep once, at a moment."""
    for sweep in SWEEPS.values():
        sweep(at)


def ring_at_once(at: datetime, clocks: int) -> None:
    """Every sweep by several clocks at the same moment, each with a connection of its own."""

    def one(_: int) -> None:
        try:
            ring(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(clocks) as pool:
        list(pool.map(one, range(clocks)))
