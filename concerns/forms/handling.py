"""One form for each thing that a handler does with a case itself; those about partnerships are in `protecting`."""

from django import forms
from django.urls import reverse

from concerns import queries
from concerns.forms.fields import fields_only, text_field
from concerns.limits import MOST_NAMES_LETTERS, MOST_POLICY_LETTERS, MOST_QUESTION_LETTERS
from concerns.models import MOVES, Category, Outcome, State


class HandlersForm(forms.Form):
    """Something that a handler does with a case; `verb` is the service and the end of the address."""

    verb = title = button = hint = ""
    is_open = False  # on the page, before anybody asks for it

    def __init__(self, data=None, *, case):
        super().__init__(data, auto_id=f"{self.verb}-%s")
        self.action = reverse(f"case_{self.verb}", args=[case.pk])
        self.helper = fields_only()

    def answers(self):
        return self.cleaned_data


class AnswerForm(HandlersForm):
    verb, title, button = "answer", "Answer", "Send the answer"
    is_open = True
    text = text_field(
        "Your answer", "The person reads it on this site; their e-mail only says that there is news."
    )

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        if case.is_anonymous:
            self.fields["text"].help_text = (
                "The person reads it on this site with the code that they kept. Nothing can tell them that it is"
                " there: say it all in one answer, and by when you look again."
            )


class NoteForm(HandlersForm):
    verb, title, button = "note", "Write a note", "Keep the note"
    is_open = True
    text = text_field(
        "Note", "For those who handle this case. The person who raised it never sees it.", rows=4
    )


class PublishForm(HandlersForm):
    """A question that others have too, and its answer, where everybody reads them."""

    verb, title, button = "publish", "Answer in public", "Publish the answer"
    question = forms.CharField(
        label="The question, in your own words",
        help_text="As anybody could have asked it: no name, no date, nothing that tells who did.",
        max_length=MOST_QUESTION_LETTERS,
        error_messages={"required": "Please write the question."},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    text = text_field("The answer", "The person who asked gets these words too, as your answer.")

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        self.hint = (
            f"It stands under “Questions and answers” on the page of {case.programme}, at once, for everybody who can"
            " open that page. Nothing there leads back to this case."
        )


class AssignForm(HandlersForm):
    """Offers the handlers who may read the case, and nobody else."""

    verb, title, button = "assign", "Give it to a handler", "Give the case"
    to = forms.ChoiceField(label="Handler")

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        self.readers = {str(user.pk): user for user in queries.readers_of(case)}
        self.fields["to"].choices = [(pk, str(user)) for pk, user in self.readers.items()]
        self.fields["to"].initial = case.handler_id

    def answers(self):
        return {"to": self.readers[self.cleaned_data["to"]]}


def _policy(help_text):
    return forms.CharField(
        label="Policy", help_text=help_text, max_length=MOST_POLICY_LETTERS, required=False
    )


class MoveForm(HandlersForm):
    """Offers the states that the case can go to; closing has a form of its own."""

    verb, title, button = "move", "Change the state, or refer it", "Change the state"
    to = forms.ChoiceField(
        label="New state", widget=forms.RadioSelect, error_messages={"required": "Please choose one."}
    )
    policy = _policy("Needed when you refer the case: the policy under which the School takes it up.")

    def __init__(self, data=None, *, case):
        super().__init__(data, case=case)
        onward = MOVES[case.state] - {State.CLOSED}
        self.fields["to"].choices = [(value, label) for value, label in State.choices if value in onward]
        self.fields["policy"].initial = case.programme.conduct_policy


class ReopenForm(HandlersForm):
    """The same move for a closed case, which knows one way only."""

    verb, title, button = "move", "Reopen", "Reopen the case"
    hint = "It is in progress again. Nobody is told; write an answer if the person should know."
    to = forms.ChoiceField(
        choices=[(State.IN_PROGRESS, "")], initial=State.IN_PROGRESS, widget=forms.HiddenInput
    )


class CloseForm(HandlersForm):
    verb, title, button = "close", "Close", "Close the case"
    hint = "The person hears that there is news, and reads that it is closed; not the outcome that you choose here."
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one."},
    )
    policy = _policy("If it was followed up under one.")


class KeepFromForm(HandlersForm):
    verb, title, button = "keep_from", "Keep it from somebody", "Keep it from them"
    hint = (
        "They can’t open it from now on, whatever duty they have or are given, and hear nothing of it. It can’t be"
        " taken back. If you write your own name, the case closes to you too."
    )
    named = forms.CharField(
        label="Names or e-mail addresses",
        help_text="Nothing else. Each word of a name counts by itself: “Ada Quill” keeps out everybody called Ada and"
        " everybody called Quill.",
        max_length=MOST_NAMES_LETTERS,
        error_messages={"required": "Please write a name or an e-mail address."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def offered(case):
    """What can be done with a case as it stands, the likeliest first."""
    if case.is_closed:
        return [ReopenForm, KeepFromForm]
    publishing = [PublishForm] if case.category == Category.QUESTION else []
    closing = [] if case.is_waiting else [CloseForm]
    return [AnswerForm, NoteForm, *publishing, AssignForm, MoveForm, *closing, KeepFromForm]
