"""One form for each thing that a handler does; `verb` is the service and the end of the address."""

from django import forms
from django.urls import reverse

from concerns import queries
from concerns.forms.fields import fields_only, text_field
from concerns.limits import MOST_POLICY_LETTERS
from concerns.models import MOVES, Outcome, State


class HandlersForm(forms.Form):
    """Something that a handler does with a case; `verb` is the service and the end of the address."""

    verb = title = button = ""

    def __init__(self, data=None, *, case):
        super().__init__(data, auto_id=f"{self.verb}-%s")
        self.action = reverse(f"case_{self.verb}", args=[case.pk])
        self.helper = fields_only()

    def answers(self):
        return self.cleaned_data


class AnswerForm(HandlersForm):
    verb, title, button = "answer", "Answer", "Send the answer"
    text = text_field(
        "Your answer", "The person reads it on this site; their e-mail only says that there is news."
    )


class NoteForm(HandlersForm):
    verb, title, button = "note", "Write a note", "Keep the note"
    text = text_field(
        "Note", "For those who handle this case. The person who raised it never sees it.", rows=4
    )


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
