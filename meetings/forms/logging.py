"""Ticking and choosing only: no field takes text, so nothing said in a meeting can end up here (EI-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings import queries, services
from meetings.cadence import Progress
from meetings.forms.pieces import day_field, format_field, helper, minutes_field
from meetings.models import ContactFrequency, Meeting
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership

People = Sequence[tuple[int, str]]


class FactsForm(forms.Form):
    """When, how, how long, official or not; who was there in a circle."""

    held_on = day_field("When did you meet?")
    format = format_field("How did you meet?")
    minutes = minutes_field()
    is_official = forms.BooleanField(label="It was one of our official meetings", required=False)

    def __init__(self, *args: Any, partnership: Partnership, people: People, at: datetime, **kwargs: Any):
        """`people` are memberships of a circle with what to call each."""
        self.partnership, self.at = partnership, at
        super().__init__(*args, **kwargs)
        last_day = min(timezone.localdate(at), queries.last_day_to_meet(partnership))
        self.fields["held_on"].widget.attrs["max"] = last_day.isoformat()
        if partnership.is_circle:
            self.fields["attendees"] = forms.TypedMultipleChoiceField(
                label="Who was there?",
                choices=people,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": "Tick everybody who was there."},
            )
        if not partnership.cohort.programme.official_meetings:
            del self.fields["is_official"]

    def clean_held_on(self) -> date:
        """The service's rule, said beside the field."""
        held_on = self.cleaned_data["held_on"]
        try:
            services.refuse_wrong_day(self.partnership, held_on, at=self.at)
        except NotPossible as refusal:
            raise ValidationError(str(refusal)) from refusal
        return held_on

    @property
    def day_ahead(self) -> date | None:
        """The day that was typed, if it is still to come: it can be planned instead."""
        typed = self._typed_day()
        return typed if typed and typed > timezone.localdate(self.at) else None

    def _typed_day(self) -> date | None:
        if not self.is_bound:
            return None
        try:
            return self.fields["held_on"].clean(self.data.get("held_on", ""))
        except ValidationError:
            return None


class LogMeetingForm(FactsForm):
    """The facts, and how often to write in a new pair (EI-1c)."""

    frequency = forms.ChoiceField(
        label="How often will you be in touch between meetings?",
        help_text="What the two of you have agreed. Either of you can change it later.",
        choices=ContactFrequency.Frequency,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        progress: Progress,
        people: People,
        is_agreed: bool,
        at: datetime,
        planned: Meeting | None = None,
        held_on: date | None = None,
    ):
        """`is_agreed` spares asking how often; so does the end of the partnership: there is nothing left to agree.

        `held_on` and what was `planned` for it are there already for who comes from a plan.
        """
        usual = _usual(partnership, progress, people)
        if planned is not None:
            usual |= {"minutes": planned.minutes, "format": planned.format}
        if held_on is not None:
            usual["held_on"] = held_on
        super().__init__(*args, partnership=partnership, people=people, at=at, initial=usual)
        if partnership.is_circle or is_agreed or not partnership.is_active:
            del self.fields["frequency"]
        self.helper = helper(self, "Log this meeting")


class CorrectForm(FactsForm):
    """The facts as they are noted, to be set right."""

    def __init__(
        self,
        *args: Any,
        meeting: Meeting,
        partnership: Partnership,
        people: People,
        attendees: Sequence[int],
        at: datetime,
    ):
        noted = {name: getattr(meeting, name) for name in ("held_on", "format", "minutes", "is_official")}
        noted["attendees"] = attendees
        super().__init__(*args, partnership=partnership, people=people, at=at, initial=noted)
        self.helper = helper(self, "Save")


class FrequencyForm(forms.Form):
    frequency = forms.ChoiceField(
        label="How often will you be in touch between meetings?",
        choices=ContactFrequency.Frequency,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = helper(self, "Save")


def _usual(partnership: Partnership, progress: Progress, people: People) -> dict[str, Any]:
    """What is probably right: today, the programme's length, official while official ones are wanted."""
    return {
        "held_on": min(progress.today, queries.last_day_to_meet(partnership)),
        "minutes": partnership.cohort.programme.meeting_minutes,
        "is_official": not progress.is_complete,
        "attendees": [pk for pk, _ in people[:1]],
    }
