"""The form with which somebody says that they can't go on."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from partnerships.models import Flag, Membership
from partnerships.services.leaving import MOST_LETTERS

_WISHES = {
    Membership.Part.MENTEE: "Would you like a new mentor?",
    Membership.Part.MENTOR: "Would you like to mentor somebody else later?",
    Membership.Part.FACILITATOR: "Would you like to lead another circle later?",
}


class LeaveForm(forms.Form):
    """It comes filled as far as it can be, so that one click is enough (EI-1b)."""

    reason = forms.ChoiceField(
        label="What is it, roughly? (optional)",
        choices=Flag.Reason,
        widget=forms.RadioSelect,
        required=False,
    )
    line = forms.CharField(
        label="Anything we should know (optional)",
        help_text=f"One line, {MOST_LETTERS} characters at most. Nothing about what you talked about with each other.",
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Please keep it to {MOST_LETTERS} characters."},
    )
    wants_new_partner = forms.TypedChoiceField(
        choices=[("yes", "Yes, please"), ("no", "No, thank you")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        initial="yes",
        error_messages={"required": "Choose one."},
    )

    def __init__(self, *args: Any, part: str, is_circle: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        label = _WISHES[Membership.Part(part)]
        if is_circle and part == Membership.Part.MENTEE:
            label = "Would you like another circle or a mentor?"
        self.fields["wants_new_partner"].label = label
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout("reason", "line", "wants_new_partner", Submit("", "Tell the team"))

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"] or Flag.Reason.OTHER
