"""When and where a meeting is to be, typed in the reader's own time zone."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings import services
from meetings.forms.pieces import day_field, format_field, helper, minutes_field
from meetings.models import Meeting
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership


class PlanForm(forms.Form):
    """Day, time, length, how, and where; `starts_at` is the moment that they name."""

    on = day_field("On which day?")
    clock = forms.TimeField(
        label="At what time?",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"required": "Give the time.", "invalid": "Give a time such as 17:30."},
    )
    minutes = minutes_field()
    format = format_field("How will you meet?")
    place = forms.CharField(
        label="Where, or by which link? (optional)",
        help_text="A room, a café, or a link that begins with https://. It is forgotten once the meeting is over.",
        required=False,
        max_length=services.LONGEST_PLACE,
        error_messages={"max_length": f"Keep it to {services.LONGEST_PLACE} characters."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        partnership: Partnership,
        zone: ZoneInfo,
        at: datetime,
        meeting: Meeting | None = None,
        on: date | None = None,
    ):
        """With a `meeting` its plan is changed; `on` is a day that is there already for who comes from the log."""
        self.partnership, self.zone, self.at, self.meeting = partnership, zone, at, meeting
        self.starts_at: datetime | None = None
        super().__init__(data, initial=_plan_of(meeting, zone) if meeting else _usual(partnership, on))
        self.fields["clock"].help_text = f"Your time: {services.zone_in_words(zone)}."
        self.helper = helper(self, "Save the change" if meeting else "Plan this meeting")

    def clean_place(self) -> str:
        try:
            return services.place_of(self.cleaned_data["place"])
        except NotPossible as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """The moment, by the service's rule; a day that has passed is said beside the day."""
        cleaned = super().clean() or self.cleaned_data
        if {"on", "clock"} <= cleaned.keys():
            try:
                self.starts_at = self._moment(cleaned["on"], cleaned["clock"])
            except NotPossible as refusal:
                self.add_error("clock", str(refusal))
            else:
                self._check(self.starts_at)
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What the services take."""
        facts = {name: self.cleaned_data[name] for name in ("minutes", "format", "place")}
        return {**facts, "starts_at": self.starts_at}

    @property
    def day_past(self) -> date | None:
        """The School's day of what was typed, if it has passed: it can be logged instead."""
        if self.starts_at is None or self.starts_at > self.at:
            return None
        return timezone.localdate(self.starts_at)

    def _moment(self, on: date, clock: time) -> datetime:
        """What was typed; the planned moment where nothing else was, though clocks may show it twice."""
        planned = self.meeting.starts_at if self.meeting else None
        if planned and _wall(planned, self.zone) == datetime.combine(on, clock):
            return planned
        return services.moment_of(on, clock, self.zone)

    def _check(self, starts_at: datetime) -> None:
        try:
            services.refuse_wrong_moment(self.partnership, starts_at, at=self.at)
        except NotPossible as refusal:
            self.add_error("on", str(refusal))


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in the zone show then, to the minute as forms have it."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0, second=0, microsecond=0)


def _plan_of(meeting: Meeting, zone: ZoneInfo) -> dict[str, Any]:
    local = _wall(services.moment_of_plan(meeting), zone)
    facts = {name: getattr(meeting, name) for name in ("minutes", "format", "place")}
    return {**facts, "on": local.date(), "clock": local.time()}


def _usual(partnership: Partnership, on: date | None) -> dict[str, Any]:
    return {"on": on, "minutes": partnership.cohort.programme.meeting_minutes, "format": Meeting.Format.VIDEO}
