"""Ticking and choosing only: no field takes text, so nothing said in a meeting can end up here (EI-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from meetings import queries, services
from meetings.cadence import Progress
from meetings.models import ContactFrequency, Meeting
from mentorship.lib.refusals import NotPossible
from partnerships.models import Partnership


class LogMeetingForm(forms.Form):
    """When, how, how long, official or not; who was there in a circle; how often to write in a new pair."""

    held_on = forms.DateField(
        label="When did you meet?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Give the day.", "invalid": "Give a day such as 31/01/2026."},
    )
    format = forms.ChoiceField(
        label="How did you meet?",
        choices=Meeting.Format,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose video call or in person."},
    )
    minutes = forms.IntegerField(
        label="For how many minutes?",
        min_value=services.FEWEST_MINUTES,
        max_value=services.MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], services.LENGTH),
    )
    is_official = forms.BooleanField(label="It was one of our official meetings", required=False)
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
        people: Sequence[tuple[int, str]],
        is_agreed: bool,
        at: datetime,
    ):
        """`people` are memberships of a circle with what to call each; `is_agreed` spares asking how often.

        So does the end of the partnership: there is nothing left to agree.
        """
        self.partnership, self.at = partnership, at
        super().__init__(*args, initial=_usual(partnership, progress, people))
        held_on = self.fields["held_on"].widget.attrs
        held_on["max"] = min(progress.today, queries.last_day_to_meet(partnership)).isoformat()
        if partnership.is_circle:
            self.fields["attendees"] = forms.TypedMultipleChoiceField(
                label="Who was there?",
                choices=people,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": "Tick everybody who was there."},
            )
        if partnership.is_circle or is_agreed or not partnership.is_active:
            del self.fields["frequency"]
        if not partnership.cohort.programme.official_meetings:
            del self.fields["is_official"]
        self.helper = _helper()
        self.helper.layout = Layout(
            *(Field(name, wrapper_class=_WRAPPERS.get(name, "")) for name in self.fields),
            Submit("", "Log this meeting"),
        )

    def clean_held_on(self) -> date:
        """The service's rule, said beside the field."""
        held_on = self.cleaned_data["held_on"]
        try:
            services.refuse_wrong_day(self.partnership, held_on, at=self.at)
        except NotPossible as refusal:
            raise ValidationError(str(refusal)) from refusal
        return held_on


class FrequencyForm(forms.Form):
    frequency = forms.ChoiceField(
        label="How often will you be in touch between meetings?",
        choices=ContactFrequency.Frequency,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.helper.layout = Layout("frequency", Submit("", "Save"))


def _helper() -> FormHelper:
    """The server says what is wrong, once and beside its field, rather than the browser in its own words."""
    helper = FormHelper()
    helper.attrs = {"novalidate": "novalidate"}
    return helper


_WRAPPERS = {"format": "choice-tiles"}


def _usual(partnership: Partnership, progress: Progress, people: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """What is probably right: today, the programme's length, official while official ones are wanted."""
    return {
        "held_on": min(progress.today, queries.last_day_to_meet(partnership)),
        "minutes": partnership.cohort.programme.meeting_minutes,
        "is_official": not progress.is_complete,
        "attendees": [pk for pk, _ in people[:1]],
    }
