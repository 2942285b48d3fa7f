"""What a person fills in who raises a concern or comes back to one."""

import uuid

from crispy_forms.layout import Field, Layout
from django import forms
from django.db.models import TextChoices
from django.utils.html import format_html

from concerns import queries
from concerns.forms.fields import WordsField, fields_only, text_field
from concerns.limits import MOST_CONTACT_LETTERS, MOST_NAMES_LETTERS
from concerns.models import About, AtRisk, Category
from concerns.services import Report
from programmes.models import Programme


class Door(TextChoices):
    """The two ways to write, each with what it means."""

    NAMED = "named", "With my name"
    ANONYMOUS = "anonymous", "Without my name"

    @property
    def meaning(self):
        return _MEANINGS[self]

    @property
    def tile(self):
        return format_html('<strong>{}</strong><span class="form-text">{}</span>', self.label, self.meaning)


_MEANINGS = {
    Door.NAMED: (
        "You read the answer on this site, and an e-mail says when it is there. Knowing who wrote, we can do more, "
        "and we keep it from your mentor, your mentee and your circle by ourselves."
    ),
    Door.ANONYMOUS: (
        "We neither ask nor keep who you are, even if you are signed in. You get a code, once, that opens the answer "
        "and that nobody can recover. Leave out what tells who you are. We can’t know who your mentor or mentee is: "
        "name whoever must not read it."
    ),
}
_SIGNED_OUT = "This hasn’t been sent, since you are signed out and it was to go with your name."
_NOT_OPEN = "This hasn’t been sent: please say whether you write with your name."


def _choice(choices, label):
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


class ProgrammeField(forms.ModelChoiceField):
    """Says of a programme what its list can't: that nothing comes in without a name."""

    only_named = frozenset()

    def label_from_instance(self, programme):
        return f"{programme} (only with your name)" if programme in self.only_named else str(programme)


class ConcernForm(forms.Form):
    """Only the text is required, and the programme of whoever takes part in several or in none.

    `doors` are those that are open to this person; without one there is no form.
    """

    door = forms.ChoiceField(label="How do you want to write?", widget=forms.RadioSelect)
    programme = ProgrammeField(
        Programme.objects.none(),
        label="Which programme is it about?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], "Please say which programme it is about."
        ),
    )
    at_risk = _choice(
        [kind for kind in AtRisk.choices if kind[0] != AtRisk.UNSAID], "Is anybody at risk now?"
    )
    category = _choice(Category.choices, "What kind of thing is it?")
    about = _choice(About.choices, "Whom is it about?")
    named = WordsField(
        label="Name who it is about, or anybody who must not read this",
        help_text="Names or e-mail addresses. Each word of a name counts by itself: “Ada Quill” keeps out everybody"
        " called Ada and everybody called Quill. Who is kept out can’t open it, whatever their duty, now or later."
        " “My mentor” tells us nobody: write the name.",
        max_length=MOST_NAMES_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = text_field("What happened?", "In your own words, as much or as little as you like.", rows=8)
    contact = WordsField(
        label="How may we reach you?",
        help_text="For instance a telephone number, and when it is safe to ring. If you give none, we answer here.",
        max_length=MOST_CONTACT_LETTERS,
        required=False,
    )
    key = WordsField(max_length=100, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.fields["text"].error_messages["required"] = "Please write what happened."
        anonymous = list(queries.programmes_for_anonymous())
        with_name = list(queries.programmes_of(user)) or list(queries.programmes_open_to(user))
        self.programmes = with_name or anonymous
        self.only_named = frozenset(self.programmes) - frozenset(anonymous)
        self.doors = [Door.NAMED] if with_name else []
        self.doors += [Door.ANONYMOUS] if len(self.only_named) < len(self.programmes) else []
        self._ask_for_the_door(is_signed_in=user.is_authenticated)
        self._ask_for_the_programme()
        self.helper = fields_only()
        wrapped = [Field("door", wrapper_class="choice-tiles choice-tiles-long")]
        self.helper.layout = Layout(*wrapped, *(name for name in self.fields if name != "door"))

    def _ask_for_the_door(self, *, is_signed_in):
        """Where one door is open, it is shown as a choice only to whoever had come for the other."""
        field = self.fields["door"]
        field.choices = [(door.value, door.tile) for door in self.doors]
        field.initial = next(iter(self.doors), None)
        refusal = _NOT_OPEN if is_signed_in else _SIGNED_OUT
        field.error_messages |= dict.fromkeys(["required", "invalid_choice"], refusal)
        if len(self.doors) == 1 and self["door"].value() == field.initial:
            field.widget = forms.HiddenInput(attrs={"autocomplete": "off"})

    def _ask_for_the_programme(self):
        if len(self.programmes) < 2:
            del self.fields["programme"]
            return
        field = self.fields["programme"]
        field.queryset = Programme.objects.filter(pk__in=[programme.pk for programme in self.programmes])
        field.only_named = self.only_named

    def clean(self):
        """The service refuses it too; here it is said beside the choice, and before anything else is asked again."""
        data = super().clean()
        programme = data.get("programme")
        if data.get("door") == Door.ANONYMOUS and programme in self.only_named:
            self.add_error(
                "door", f"{programme} takes nothing without a name. Write with yours, or choose another way."
            )
        return data

    @property
    def is_anonymous(self):
        return self.cleaned_data["door"] == Door.ANONYMOUS

    def report(self):
        """What both services take; what wasn't answered is said so."""
        data = self.cleaned_data
        return Report(
            programme=data.get("programme") or self.programmes[0],
            category=data["category"] or Category.OTHER,
            about=data["about"] or About.UNSAID,
            at_risk=data["at_risk"] or AtRisk.UNSAID,
            **{name: data[name] for name in ("named", "text", "contact", "key")},
        )

    def typed(self):
        """The words that were sent, as they came: shown again where there is no form to show them in."""
        return [words for name in ("text", "named", "contact") if (words := self.data.get(name, "").strip())]


class AddForm(forms.Form):
    """A further message to a case of one's own; a page may hold several, so their fields have names of their own."""

    text = text_field("Your message", "It goes to the people who handle it, and you get an answer.", rows=5)

    def __init__(self, data=None, *, reference=""):
        super().__init__(data, auto_id=f"{reference}-%s" if reference else "id_%s")
        self.helper = fields_only()


class CodeForm(forms.Form):
    """By which whoever wrote without a name comes back."""

    code = WordsField(
        label="Your code",
        help_text="As it stood on the page, with or without the dashes; small letters are as good.",
        max_length=200,
        error_messages={"required": "Please type your code."},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["code"].error_messages["max_length"] = "This is much longer than a code of ours."
        self.helper = fields_only()
        self.helper.layout = Layout(Field("code", wrapper_class="code-entry code-entry-long"))
