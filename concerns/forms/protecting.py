"""Forms by which a handler lets a partnership rest or go on, and finds one."""

from django import forms

from concerns import queries
from concerns.forms.handling import HandlersForm
from concerns.limits import MOST_NAMES_LETTERS


class PartnershipForm(HandlersForm):
    """Offers the partnerships at hand; takes any of the programme, since a search may have found it."""

    partnership = forms.ModelChoiceField(
        None,
        label="Partnership",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Please choose a partnership.",
            "invalid_choice": "Please choose one of these partnerships.",
        },
    )

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        rows = queries.running_in(case.programme).select_related("cohort")
        self.fields["partnership"].queryset = rows
        self.offer([])

    def offer(self, pairs):
        """Show these, each by who is in it."""
        self.pairs = pairs
        self.fields["partnership"].choices = [(pair.number, pair.words) for pair in pairs]


class PauseForm(PartnershipForm):
    verb, title, button = "pause", "Let a partnership rest", "Pause it"


class ResumeForm(PartnershipForm):
    verb, title, button = "resume", "Let a paused partnership go on", "Let it go on"


class FindForm(HandlersForm):
    verb, title, button = "find", "Find somebody’s partnership", "Find"
    named = forms.CharField(
        label="Name or e-mail address",
        max_length=MOST_NAMES_LETTERS,
        error_messages={"required": "Please write a name or an e-mail address."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
