"""The short form of a reporter, and one form for each thing that a handler does."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse

from concerns import queries
from concerns.models import MOVES, About, AtRisk, Category, Outcome, State
from concerns.services import MOST_CONTACT_LETTERS, MOST_LETTERS, MOST_POLICY_LETTERS
from programmes.models import Programme


def _fields_only():
    """Crispy draws the fields; the form around them stands in the page, which knows where it goes."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def _text(label, help_text="", rows=6):
    return forms.CharField(
        label=label,
        help_text=help_text,
        error_messages={"required": "Please write something."},
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )


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
    text = _text("What happened?", "In your own words, as much or as little as you like.", rows=8)
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
        self.helper = _fields_only()

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


class HandlersForm(forms.Form):
    """Something that a handler does with a case; `verb` is the service and the end of the address."""

    verb = title = button = ""

    def __init__(self, data=None, *, case):
        super().__init__(data, auto_id=f"{self.verb}-%s")
        self.action = reverse(f"case_{self.verb}", args=[case.pk])
        self.helper = _fields_only()

    def answers(self):
        return self.cleaned_data


class AnswerForm(HandlersForm):
    verb, title, button = "answer", "Answer", "Send the answer"
    text = _text(
        "Your answer", "The person reads it on this site; their e-mail only says that there is news."
    )


class NoteForm(HandlersForm):
    verb, title, button = "note", "Write a note", "Keep the note"
    text = _text("Note", "For those who handle this case. The person who raised it never sees it.", rows=4)


class AssignForm(HandlersForm):
    """Offers the handlers who may read the case, and nobody else."""

    verb, title, button = "assign", "Give it to a handler", "Give the case"
    to = forms.ChoiceField(label="Handler")

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        self.readers = {str(user.pk): user for user in queries.readers_of(case)}
        self.fields["to"].choices = [(pk, str(user)) for pk, user in self.readers.items()]

    def answers(self):
        return {"to": self.readers[self.cleaned_data["to"]]}


def _policy(help_text):
    return forms.CharField(
        label="Policy", help_text=help_text, max_length=MOST_POLICY_LETTERS, required=False
    )


class MoveForm(HandlersForm):
    """Offers the states that the case can go to; closing has a form of its own."""

    verb, title, button = "move", "Change the state", "Change the state"
    to = forms.ChoiceField(
        label="New state", widget=forms.RadioSelect, error_messages={"required": "Please choose one."}
    )
    policy = _policy("Needed when you refer the case: the policy under which the School takes it up.")

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        onward = MOVES[case.state] - {State.CLOSED}
        self.fields["to"].choices = [(value, label) for value, label in State.choices if value in onward]
        self.fields["policy"].initial = case.programme.conduct_policy


class CloseForm(HandlersForm):
    verb, title, button = "close", "Close", "Close the case"
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one."},
    )
    policy = _policy("If it was followed up under one.")
