"""Days and a tick: no field takes text, so no reason can end up here (EI-1d)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from mentorship.lib.refusals import NotPossible
from partnerships.services import absences


def _day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Give the day.", "invalid": "Give a day such as 31/01/2026."},
    )


class AbsenceForm(forms.Form):
    from_on = _day_field("First day away")
    until_on = _day_field("Last day away")
    tells_partners = forms.BooleanField(
        label="Tell the people I am partnered with",
        help_text="They are told the days and nothing else. An absence of more than a month is told in any case.",
        required=False,
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any):
        self.at = at
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.helper.layout = Layout(*self.fields, Submit("", "Note this absence"))

    def clean_from_on(self) -> date:
        first = self.cleaned_data["from_on"]
        _beside_the_field(absences.refuse_wrong_first_day, first, at=self.at)
        return first

    def clean_until_on(self) -> date:
        last = self.cleaned_data["until_on"]
        first = self.cleaned_data.get("from_on", last)
        _beside_the_field(absences.refuse_wrong_last_day, first, last, at=self.at)
        return last


class ChangeAbsenceForm(forms.Form):
    until_on = _day_field("Last day away")

    def __init__(self, *args: Any, from_on: date, at: datetime, **kwargs: Any):
        self.from_on, self.at = from_on, at
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.helper.layout = Layout("until_on", Submit("", "Change the last day"))

    def clean_until_on(self) -> date:
        last = self.cleaned_data["until_on"]
        _beside_the_field(absences.refuse_wrong_last_day, self.from_on, last, at=self.at)
        return last


def _beside_the_field(rule: Callable[..., None], *days: date, at: datetime) -> None:
    """The service's rule, said beside the field."""
    try:
        rule(*days, at=at)
    except NotPossible as refusal:
        raise ValidationError(str(refusal)) from refusal


def _helper() -> FormHelper:
    """The server says what is wrong, once and beside its field, rather than the browser in its own words."""
    helper = FormHelper()
    helper.attrs = {"novalidate": "novalidate"}
    return helper
