"""The partnership page: the others' cards, what is planned, and the meetings as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from applications.card import Card
from meetings.models import Attendance, Meeting, State
from meetings.queries import takes_meetings
from meetings.services.facts import day_of, moment_of_plan
from meetings.services.letters import how_of
from mentorship.lib.moments import day_in_words, in_words
from mentorship.lib.refusals import NotPossible
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, EndReason, Flag, Membership, Partnership


@dataclass(frozen=True)
class Partner:
    """Somebody else in the partnership: their part and their card. Of the person there is nothing more here."""

    part: str
    card: Card


@dataclass(frozen=True)
class Planned:
    """A planned meeting as one reader sees it; `link` is where to go if the place is an address."""

    pk: int
    when: str
    on: date
    how: str
    place: str
    link: str
    has_passed: bool


@dataclass(frozen=True)
class Line:
    """A meeting of the past, or one that came to nothing; `says` is who has confirmed it and who hasn't."""

    pk: int
    state: str
    on: date
    when: str
    what: str
    says: str
    asks: bool
    is_open: bool

    @property
    def is_held(self) -> bool:
        return self.state == State.HELD

    @property
    def can_be_logged(self) -> bool:
        return self.is_open and self.state == State.MISSED


@dataclass(frozen=True)
class Meetings:
    """What the page says of meetings: the next one first, then all that was, newest first."""

    planned: Sequence[Planned] = field(default_factory=list)
    lines: Sequence[Line] = field(default_factory=list)


def partners(partnership: Partnership, *, viewer: User, at: datetime) -> list[Partner]:
    """The others by their cards, as `cards_for` gives them (EI-4, EI-5); nobody once the cards have closed."""
    if not partnership.shows_cards(at):
        return []
    parts = {row.application_id: Membership.Part(row.part) for row in Membership.objects.inside(partnership)}
    try:
        shown = cards_for(partnership, viewer=viewer, channel=Disclosure.Channel.PAGE, at=at)
    except NotPossible:  # not before they have accepted the circle's agreement
        return []
    return [Partner(parts[person.pk].value, card) for person, card in shown]


def meetings_of(partnership: Partnership, *, viewer: User, at: datetime) -> Meetings:
    """Meetings as the viewer sees them, in a fixed number of queries."""
    rows = list(
        Meeting.objects.filter(partnership=partnership)
        .prefetch_related("attendances")
        .order_by("starts_at", "pk")
    )
    users = dict(Membership.objects.inside(partnership).values_list("pk", "application__user"))
    reader = _Reader(partnership, viewer, users, is_open=takes_meetings(partnership, at=at), at=at)
    past = sorted(
        (row for row in rows if row.state != State.PLANNED),
        key=lambda row: (day_of(row), row.pk),
        reverse=True,
    )
    return Meetings(
        planned=[reader.planned(row) for row in rows if reader.shows_plan(row)],
        lines=[reader.line(row) for row in past],
    )


@dataclass(frozen=True)
class OwnPart:
    """What the reader can do from here: say that they are away or can't go on, print a word of thanks."""

    application: int
    is_mentor: bool
    has_certificate: bool
    has_asked_to_leave: bool


def own_part(partnership: Partnership, *, viewer: User) -> OwnPart:
    """The reader's own part in a partnership of theirs."""
    row = Membership.objects.inside(partnership).filter(application__user=viewer).latest("pk")
    is_mentor = row.part != Membership.Part.MENTEE
    return OwnPart(
        application=row.application_id,
        is_mentor=is_mentor,
        has_certificate=is_mentor and row.stayed_to_the_end and partnership.end_reason == EndReason.PROGRAMME,
        has_asked_to_leave=Flag.objects.open().filter(membership=row, kind=Flag.Kind.LEAVING).exists(),
    )


def cards_close_on(partnership: Partnership) -> date | None:
    """The last day on which partners see each other's cards; empty while the partnership is active."""
    if partnership.ended_at is None:
        return None
    days = partnership.cohort.programme.card_closes_after_days
    return timezone.localdate(partnership.ended_at + timedelta(days=days))


@dataclass(frozen=True)
class _Reader:
    """Who reads the page of which partnership; `users` are the people inside by their membership."""

    partnership: Partnership
    viewer: User
    users: dict[int, int]
    is_open: bool
    at: datetime

    def shows_plan(self, meeting: Meeting) -> bool:
        """Plans of the time that counts: none in a pause, and after the end only what may still be logged."""
        if meeting.state != State.PLANNED or meeting.starts_at is None or not self.is_open:
            return False
        return self.partnership.is_active or meeting.starts_at <= self.at

    def planned(self, meeting: Meeting) -> Planned:
        starts_at = moment_of_plan(meeting)
        has_passed = starts_at <= self.at
        link = meeting.place if meeting.place.startswith("https://") and " " not in meeting.place else ""
        return Planned(
            pk=meeting.pk,
            when=in_words(starts_at, self.viewer.zone),
            on=day_of(meeting),
            how=how_of(meeting),
            place="" if has_passed else meeting.place,
            link="" if has_passed else link,
            has_passed=has_passed,
        )

    def line(self, meeting: Meeting) -> Line:
        is_held = meeting.state == State.HELD
        there = list(meeting.attendances.all()) if is_held else []
        asks = self.is_open and any(self._is_own(row) and row.confirmed_at is None for row in there)
        return Line(
            pk=meeting.pk,
            state=meeting.state,
            on=day_of(meeting),
            when=day_in_words(day_of(meeting)),
            what=self._what(meeting, len(there)),
            says=self._asking(meeting) if asks else self._waiting(there),
            asks=asks,
            is_open=self.is_open,
        )

    def _is_own(self, attendance: Attendance) -> bool:
        return self.users.get(attendance.membership_id) == self.viewer.pk

    def _what(self, meeting: Meeting, present: int) -> str:
        if meeting.state != State.HELD:
            return (
                "Planned, and cancelled"
                if meeting.state == State.CANCELLED
                else "Planned, and didn’t take place"
            )
        official = ", official" if meeting.is_official else ""
        there = f"; {present} were there" if self.partnership.is_circle else ""
        return f"{how_of(meeting)}{official}{there}"

    def _asking(self, meeting: Meeting) -> str:
        """Who noted it, in a question to somebody who was there."""
        if meeting.logged_by_id not in self.users.values():
            return "Noted by the programme’s team: is that right?"
        if meeting.logged_by_id == self.viewer.pk:
            return "Noted by you: is that right?"
        who = "somebody in your circle" if self.partnership.is_circle else "your partner"
        return f"Noted by {who}: is that right?"

    def _waiting(self, there: Sequence[Attendance]) -> str:
        """Who has still to confirm; nothing where nobody has, or can any more."""
        said = sum(row.confirmed_at is not None for row in there)
        if not said:
            return ""
        if said == len(there):
            return (
                "Confirmed by everybody who was there."
                if self.partnership.is_circle
                else "Confirmed by you both."
            )
        if not self.is_open:
            return ""
        if self.partnership.is_circle:
            return f"{said} of {len(there)} have confirmed it."
        return "Your partner hasn’t confirmed it yet."
