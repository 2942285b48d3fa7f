"""Fields and frames that the forms of meetings share."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms

from meetings import services
from meetings.models import Meeting

_WRAPPERS = {"format": "choice-tiles"}


def day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Give the day.", "invalid": "Give a day such as 31/01/2026."},
    )


def format_field(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Meeting.Format,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose video call or in person."},
    )


def minutes_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="For how many minutes?",
        min_value=services.FEWEST_MINUTES,
        max_value=services.MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], services.LENGTH),
    )


def helper(form: forms.Form, button: str) -> FormHelper:
    """The server says what is wrong, once and beside its field, rather than the browser in its own words."""
    made = FormHelper()
    made.attrs = {"novalidate": "novalidate"}
    fields: list[Any] = [Field(name, wrapper_class=_WRAPPERS.get(name, "")) for name in form.fields]
    made.layout = Layout(*fields, Submit("", button))
    return made
