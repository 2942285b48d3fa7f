"""The register of requests about data, for superusers: they install the product and answer for it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from overview.models import MOVES, DataRequest, State
from overview.services import requesting
from programmes.admin.base import ScopedAdmin


class RegisterForm(forms.ModelForm):
    """What came by letter, by e-mail or by telephone. Who has an account is named by their address."""

    account = forms.EmailField(
        label="Address of their account",
        required=False,
        help_text="If they have one here. Otherwise leave it empty, and write name and address below.",
    )

    class Meta:
        model = DataRequest
        fields = ["kind", "channel", "received_on", "name", "address", "text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "channel" not in self.fields:
            return  # only looked at
        self.fields["channel"].choices = [
            (value, label)
            for value, label in DataRequest.Channel.choices
            if value != DataRequest.Channel.SITE
        ]

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("It can’t have been received in the future.")
        return day

    def clean(self):
        answers = super().clean()
        address = answers.get("account")
        self.person = User.objects.filter(email__iexact=address).first() if address else None
        if address and self.person is None:
            self.add_error("account", "Nobody has an account with this address.")
        elif self.person and (answers.get("name") or answers.get("address")):
            self.add_error("account", "Give an account, or a name and an address; not both.")
        elif self.person is None and not answers.get("name"):
            self.add_error("name", "Say whose request it is.")
        return answers


class VerbForm(forms.Form):
    """Nothing to write: the button alone."""


class ReasonForm(forms.Form):
    text = forms.CharField(
        label="Why it takes longer",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text="The person reads it.",
    )


class OutcomeForm(forms.Form):
    text = forms.CharField(
        label="What they are told",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
        help_text="It stands in their letter, as you write it. Name nobody else in it.",
    )


@dataclass(frozen=True)
class Verb:
    """`says` stands above its button, `argument` is what the service calls the text."""

    name: str
    title: str
    to: State
    says: str
    act: Callable[..., DataRequest]
    form: type[forms.Form] = VerbForm
    argument: str = ""

    @property
    def route(self):
        return f"admin:overview_datarequest_{self.name}"


VERBS = [
    Verb(
        "acknowledge",
        "Note that receipt was confirmed",
        State.ACKNOWLEDGED,
        "You have told the person that their request is here. (Where we have an e-mail address this was done at once.)",
        requesting.acknowledge,
    ),
    Verb(
        "extend",
        "Take up to two months more",
        State.EXTENDED,
        "Once, and only where it is complex or there are many. The person is told today, with your reason.",
        requesting.extend,
        ReasonForm,
        "reason",
    ),
    Verb(
        "answer",
        "Answer and close",
        State.ANSWERED,
        "The person has a letter with what you write here, and with where to turn if they aren’t content.",
        requesting.answer,
        OutcomeForm,
        "outcome",
    ),
    Verb(
        "refuse",
        "Refuse and close",
        State.REFUSED,
        "Only where the law allows it. The person has a letter with your reason, and with where to turn.",
        requesting.refuse,
        OutcomeForm,
        "outcome",
    ),
]


@admin.register(DataRequest)
class DataRequestAdmin(ScopedAdmin):
    form = RegisterForm
    list_display = ["number", "kind", "whose", "received_on", "state", "due"]
    list_filter = ["state", "kind", "channel"]
    list_select_related = ["person"]
    change_form_template = "admin/overview/data_request.html"
    readonly_fields = ["whose", "due", "letters"]

    def is_in_scope(self, request, obj=None):
        return DataRequest.objects.opens_by_rank(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["kind", "channel", "received_on", "account", "name", "address", "text"]
        return [
            *["kind", "channel", "received_on", "whose", "address", "letters", "text", "state", "due"],
            *["acknowledged_on", "extended_on", "extension_reason", "closed_on", "outcome"],
        ]

    @admin.display(description="number", ordering="pk")
    def number(self, data_request):
        return data_request.pk

    @admin.display(description="whose", empty_value="Erased")
    def whose(self, data_request):
        return data_request.whose or None

    @admin.display(description="due", ordering="due_on")
    def due(self, data_request):
        if not data_request.is_open:
            return "–"
        is_late = data_request.due_on < timezone.localdate()
        said = f"{data_request.due_on:%-d %B %Y}"
        return format_html("<strong>{}: late</strong>", said) if is_late else said

    @admin.display(description="letters")
    def letters(self, data_request):
        if data_request.email:
            return f"Go to {data_request.email} by themselves."
        return "Please write to them yourself: there is no e-mail address."

    def save_model(self, request, obj, form, change):
        answers = {name: form.cleaned_data[name] for name in RegisterForm.Meta.fields}
        kept = requesting.register(by=request.user, person=form.person, at=timezone.now(), **answers)
        obj.pk = kept.pk

    def get_urls(self):
        own = [
            path(
                f"<int:pk>/{verb.name}/",
                self.admin_site.admin_view(
                    require_http_methods(["GET", "POST"])(partial(self.verb_view, verb=verb))
                ),
                name=verb.route.removeprefix("admin:"),
            )
            for verb in VERBS
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        data_request = self.get_object(request, object_id)
        verbs = [(verb, reverse(verb.route, args=[data_request.pk])) for verb in _fitting(data_request)]
        return super().change_view(request, object_id, form_url, {"verbs": verbs, **(extra_context or {})})

    def verb_view(self, request, pk, verb):
        data_request = self.get_queryset(request).filter(pk=pk).first()
        if data_request is None:
            raise Http404
        page = reverse("admin:overview_datarequest_change", args=[pk])
        if verb not in _fitting(data_request):
            messages.info(request, "That has been done meanwhile, or isn’t possible any more.")
            return redirect(page)
        form = verb.form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            given = {verb.argument: form.cleaned_data["text"]} if verb.argument else {}
            try:
                verb.act(data_request, by=request.user, at=timezone.now(), **given)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, "Done." if data_request.email else "Done. Please write to them now."
                )
                return redirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": verb.title,
            "verb": verb,
            "request_shown": data_request,
            "page": page,
            "form": form,
        }
        return TemplateResponse(request, "admin/overview/data_request_verb.html", context)


def _fitting(data_request):
    if data_request is None:
        return []
    moves = MOVES[data_request.state]
    return [
        verb
        for verb in VERBS
        if verb.to in moves and not (verb.to == State.EXTENDED and data_request.is_complaint)
    ]
