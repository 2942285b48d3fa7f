"""The application form, built from what a programme asks of a role; wording and shape only.

What an answer must be is said by `applications.answers`, which the office's sheets go through as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from applications.answers import ANYWHERE, EITHER, BadAnswer, clean, folded, options_of
from applications.models import Application
from applications.services.accepting import NO_GUIDANCE
from programmes import countries
from programmes.facts import FACTS, Kind
from programmes.models import Ask, PolicyVersion

_ACCEPTS_BOTH = "I have read and accept the commitments and the policy, and the guidance"
_TICK = "Please tick this to go on."
_YES_NO = [("yes", "Yes"), ("no", "No")]
_HOLD = [("now", "Take part now"), ("hold", "Hold my application until that day")]


class Section(Fieldset):
    """Questions under a heading that an office wrote: shown as it stands, where crispy would run it as a template."""

    def render(
        self, form: forms.Form, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        shown = {"fieldset": self, "legend": escape(self.legend), "fields": fields}
        return render_to_string(self.get_template_name(template_pack), shown)


class AnswersForm(forms.Form):
    """One field per question. `complete=False` saves a draft: nothing is required, what is there must be right.

    `start` has values by fact for who begins from an earlier application (EI-3).
    """

    def __init__(
        self,
        *args: Any,
        application: Application,
        complete: bool,
        start: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ):
        self.application = application
        self.start = start or {}
        self.programme = application.cohort.programme
        self.options = options_of(self.programme)
        self.asks = [
            ask
            for ask in self.programme.asks.filter(role=application.role)
            if FACTS[ask.fact].kind is not Kind.DECLARATION
        ]
        super().__init__(*args, initial=self._initial(), **kwargs)
        for ask in self.asks:
            self.fields[ask.fact] = self._field(ask, required=complete and ask.is_required)
        if "has_mentor_until" in self.fields:
            self._ask_whether_to_hold()
        self.helper = self._helper()

    # Fields

    def _field(self, ask: Ask, *, required: bool) -> forms.Field:
        kind = FACTS[ask.fact].kind
        optional = "" if ask.is_required else " (optional)"
        common = {
            "label": ask.label + optional,
            "help_text": escape(ask.help_text),  # crispy takes it for HTML
            "required": required,
            "error_messages": {"required": "Please answer this."},
        }
        if kind is Kind.CHOICES:
            return forms.MultipleChoiceField(
                choices=self._choices(ask.fact),
                widget=forms.CheckboxSelectMultiple,
                **common,
            )
        if kind in {Kind.YES_NO, Kind.PATHWAY}:
            choices = _YES_NO if kind is Kind.YES_NO else self._pathways()
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        if kind in {Kind.CHOICE, Kind.COUNTRY, Kind.PLACE}:
            return forms.ChoiceField(choices=[("", "Please choose"), *self._choices(ask.fact)], **common)
        if kind is Kind.DATE:
            return forms.DateField(
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                **common,
            )
        if kind in {Kind.NUMBER, Kind.YEAR}:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **common)
        if kind is Kind.LONG_TEXT:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), **common)
        return forms.CharField(widget=_INPUTS.get(kind, forms.TextInput)(), **common)

    def _choices(self, fact: str) -> list[tuple[str, str]]:
        kind = FACTS[fact].kind
        if kind is Kind.COUNTRY:
            return [(name, name) for name in countries.NAMES]
        if kind is Kind.PLACE:
            return [(name, name) for name in [ANYWHERE, *countries.NAMES]]
        return [(option.name, option.name) for option in self.options.get(fact, {}).values()]

    def _pathways(self) -> list[tuple[str, str]]:
        labels = [(row.kind, row.label) for row in self.programme.pathways.all()]
        return [*labels, (Application.PathwayChoice.EITHER, EITHER)] if len(labels) > 1 else labels

    def _ask_whether_to_hold(self) -> None:
        """Who has a mentor is advised to go on with them and chooses freely (BM-9)."""
        self.fields["hold"] = forms.ChoiceField(
            label="If you have a mentor already",
            help_text="A mentoring relationship that does you good is worth continuing to its end. You are welcome"
            " now all the same; or we hold your application until that day and take it up again by ourselves.",
            choices=_HOLD,
            widget=forms.RadioSelect,
            required=False,
            initial="hold" if self.application.hold_until else "now",
        )

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # the page's own form has the token
        sections = [
            Section(section, *[name for ask in asks for name in self._names(ask)])
            for section, asks in groupby(self.asks, key=lambda ask: ask.section)
        ]
        helper.layout = Layout(*sections)
        return helper

    @staticmethod
    def _names(ask: Ask) -> list[str]:
        return [ask.fact, "hold"] if ask.fact == "has_mentor_until" else [ask.fact]

    # Values in and out

    def _initial(self) -> dict[str, Any]:
        if not self.application.pk:
            return {fact: self._shown(fact, value) for fact, value in self.start.items()}
        return {ask.fact: self._shown(ask.fact, self._kept(ask.fact)) for ask in self.asks}

    def _kept(self, fact: str) -> Any:
        kept = getattr(self.application, fact)
        return kept.all() if FACTS[fact].kind is Kind.CHOICES else kept

    @staticmethod
    def _shown(fact: str, value: Any) -> Any:
        kind = FACTS[fact].kind
        if kind is Kind.CHOICES:
            return [option.name for option in value]
        if kind is Kind.YES_NO:
            return "yes" if value else "no"
        return value

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for ask in self.asks:
            if ask.fact in answers and ask.fact not in self.errors:
                try:
                    answers[ask.fact] = self._cleaned(ask.fact, answers[ask.fact])
                except BadAnswer as bad:
                    self.add_error(ask.fact, bad)
        return answers

    def _cleaned(self, fact: str, typed: Any) -> Any:
        kind = FACTS[fact].kind
        if kind is Kind.CHOICES:
            return [self.options[fact][folded(name)] for name in typed]
        if kind is Kind.DATE:
            return typed
        if kind is Kind.PATHWAY:
            return typed
        return clean(fact, typed, options=self.options)

    def answers(self) -> dict[str, Any]:
        """Clean values by fact, for `services.writing.save_answers`."""
        values = {ask.fact: self.cleaned_data[ask.fact] for ask in self.asks if ask.fact in self.cleaned_data}
        if "has_mentor_until" in values:
            held = values["has_mentor_until"] and self.cleaned_data.get("hold") == "hold"
            values["hold_until"] = self._held_until(values["has_mentor_until"]) if held else None
        return values

    def _held_until(self, until: date) -> date:
        """That day, or the earlier one that was chosen before (`HoldForm`), as long as it lies before it."""
        chosen = self.application.hold_until
        return chosen if chosen and chosen < until == self.application.has_mentor_until else until


_INPUTS: dict[Kind, Callable[[], forms.Widget]] = {
    Kind.EMAIL: lambda: forms.EmailInput(attrs={"autocomplete": "off"}),
    Kind.LINKEDIN: lambda: forms.TextInput(
        attrs={"inputmode": "url", "placeholder": "https://www.linkedin.com/in/…"}
    ),
}


class CheckForm(forms.Form):
    """The last page before submission: the promises, in so many words (EI-1, BM-2)."""

    accepts_policy = forms.BooleanField(
        label="I have read and accept the commitments and the policy",
        error_messages={"required": _TICK},
    )

    # Which versions were shown, so that nobody accepts what they haven't read.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    guidance = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        policy: PolicyVersion,
        guidance: PolicyVersion | None,
        declaration: str = "",
        **kwargs: Any,
    ):
        versions = {"version": policy.pk, "guidance": guidance.pk if guidance else NO_GUIDANCE}
        super().__init__(*args, initial=versions, **kwargs)
        if guidance:
            self.fields["accepts_policy"].label = _ACCEPTS_BOTH
        if declaration:
            self.fields["declares"] = forms.BooleanField(
                label=declaration, error_messages={"required": _TICK}
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def refuse(self, sentence: str) -> None:
        """Say why not; the next press is about the versions that the page shows by then, and needs its own tick."""
        self.add_error(None, sentence)
        self.data = {key: value for key, value in self.data.items() if key != "accepts_policy"} | self.initial


class HoldForm(forms.Form):
    """Take part now, or wait until a day (BM-9)."""

    choice = forms.ChoiceField(
        label="What would you like?",
        choices=[("now", "Take part now"), ("hold", "Wait, and take my application up again on a day")],
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one."},
    )
    until = forms.DateField(
        label="Wait until (only if you wait)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        self.latest = application.has_mentor_until
        choice = "hold" if application.hold_until else "now"
        initial = {"choice": choice, "until": application.hold_until or self.latest}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields[
            "until"
        ].help_text = f"{self.latest:%-d %B %Y}, when your mentoring elsewhere ends, or an earlier day."
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        """`until` is the day, or None to take part now; no day given means the latest one."""
        answers = super().clean() or {}
        if answers.get("choice") != "hold":
            self.errors.pop("until", None)
            return {**answers, "until": None}
        if "until" in self.errors:
            return answers
        until = answers.get("until") or self.latest
        if until <= timezone.localdate():
            self.add_error("until", "Please choose a day that is still to come.")
        elif self.latest and until > self.latest:
            self.add_error("until", f"The latest day is {self.latest:%-d %B %Y}.")
        return {**answers, "until": until}


class InterestForm(forms.Form):
    """An address for the day on which a programme widens. `website` is a trap: people don't see it."""

    address = forms.EmailField(
        label="Your e-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Please type your address.",
            "invalid": "Please type an address such as name@example.org.",
        },
    )
    agrees = forms.BooleanField(error_messages={"required": "Please tick this: we keep no address without."})
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, wording: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = escape(wording)  # crispy takes it for HTML
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout(
            "address",
            "agrees",
            Div(Field("website"), css_class="visually-hidden", aria_hidden="true"),
            Submit("", "Leave my address"),
        )

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("website"))
