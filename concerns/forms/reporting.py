"""What a person fills in who raises a concern."""

import uuid

from django import forms

from concerns.forms.fields import fields_only, text_field
from concerns.limits import MOST_CONTACT_LETTERS
from concerns.models import About, AtRisk, Category
from programmes.models import Programme


class ConcernForm(forms.Form):
    """Only the text is required; a person in several programmes also says which one it is about."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label="Which programme is it about?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Please say which programme it is about."},
    )
    category = forms.ChoiceField(
        label="What kind of thing is it?", choices=Category, widget=forms.RadioSelect, required=False
    )
    about = forms.ChoiceField(
        label="Whom is it about?", choices=About, widget=forms.RadioSelect, required=False
    )
    at_risk = forms.ChoiceField(
        label="Is anybody at risk now?",
        choices=[choice for choice in AtRisk.choices if choice[0] != AtRisk.UNSAID],
        widget=forms.RadioSelect,
        required=False,
    )
    text = text_field("What happened?", "In your own words, as much or as little as you like.", rows=8)
    contact = forms.CharField(
        label="How may we reach you?",
        help_text="For instance a telephone number, and when it is safe to ring. If you give none, we answer here.",
        max_length=MOST_CONTACT_LETTERS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, programmes, **kwargs):
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        self.fields["text"].error_messages["required"] = "Please write what happened."
        self.programmes = list(programmes)
        if len(self.programmes) > 1:
            self.fields["programme"].queryset = programmes
        else:
            del self.fields["programme"]
        self.helper = fields_only()

    def answers(self):
        """What the service takes; what wasn't answered is said so."""
        data = self.cleaned_data
        return {
            "programme": data.get("programme") or self.programmes[0],
            "category": data["category"] or Category.OTHER,
            "about": data["about"] or About.UNSAID,
            "at_risk": data["at_risk"] or AtRisk.UNSAID,
            "text": data["text"],
            "contact": data["contact"],
            "key": data["key"],
        }
