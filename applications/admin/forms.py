from datetime import datetime, time

from django import forms
from django.utils import timezone


class DecisionForm(forms.Form):
    """A reason in words that the person reads."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        required=False,
        label="What they are told",
        help_text="Each of them reads this in a message: be kind and concrete.",
        error_messages={"required": "Please write what they are told."},
    )

    def __init__(self, *args, needs_reason, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        if not needs_reason:
            self.fields["reason"].label = "What they are told besides (optional)"


class AcceptanceForm(forms.Form):
    """When the policy was accepted, and where the office has it from."""

    accepted_on = forms.DateField(
        label="Accepted on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    note = forms.CharField(
        max_length=200,
        label="Where you have it from",
        help_text="e.g. signed form, 12 January",
    )

    def clean_accepted_on(self):
        day = self.cleaned_data["accepted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day lies in the future.")
        return day

    def accepted_at(self):
        """Noon of the day, or now if that is earlier."""
        noon = timezone.make_aware(datetime.combine(self.cleaned_data["accepted_on"], time(12)))
        return min(noon, timezone.now())
