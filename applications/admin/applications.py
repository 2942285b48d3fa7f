"""Applications as the office sees them: by cohort and state, with what eligibility says, decided one or many."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.queries import with_addresses
from applications import previews
from applications.admin.forms import AcceptanceForm, DecisionForm
from applications.admin.importing import ImportPeopleMixin
from applications.eligibility import Answer, assess, assess_one
from applications.models import MOVES, Application, Interest, State
from applications.queries import owed
from applications.services import deciding
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from programmes.admin.base import ScopedAdmin
from programmes.permissions import can_administer, may_decide

_TONES = {Answer.YES: "good", Answer.ASK: "warn", Answer.NO: "bad"}
_NEEDS_REASON = {State.QUERIED, State.DECLINED}
_VERBS = {
    State.ACCEPTED: "Accept",
    State.QUERIED: "Ask for more",
    State.WAITLISTED: "Put on the waiting list",
    State.DECLINED: "Decline",
}


class VerdictChangeList(ChangeList):
    """A page of applications with the verdict on each, assessed as one set; one's own has none for its reader."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        for application, verdict in _verdicts(self.result_list, viewer=request.user):
            application.verdict_shown = verdict


class AcceptanceFilter(admin.SimpleListFilter):
    """Who has accepted all that their cohort now runs under, and who hasn't (EI-1a)."""

    title = "accepted policy and guidance"
    parameter_name = "accepted"

    def lookups(self, request, model_admin):
        return [("yes", "Yes"), ("no", "Not yet")]

    def queryset(self, request, queryset):
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(has_accepted=self.value() == "yes")


class IntroducedFilter(admin.SimpleListFilter):
    """Who is in a partnership now, and who waits for one."""

    title = "in a partnership"
    parameter_name = "introduced"

    def lookups(self, request, model_admin):
        return [("yes", "Yes"), ("no", "Not at the moment")]

    def queryset(self, request, queryset):
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.with_introduction().filter(is_introduced=self.value() == "yes")


@admin.register(Application)
class ApplicationAdmin(ImportPeopleMixin, ScopedAdmin):
    list_display = [
        "person",
        "role",
        "state_shown",
        "eligibility",
        "accepted_policy",
        "pathway_shown",
        "submitted_at",
    ]
    list_filter = ["cohort", "state", "role", "pathway", AcceptanceFilter, IntroducedFilter, "source"]
    search_fields = ["user__name", "user__email"]
    date_hierarchy = None
    actions = ["accept", "ask_for_more", "waitlist", "decline", "record_acceptance"]

    # Open to who decides eligibility as well as to who administers (`ApplicationQuerySet.visible_to`)

    def is_in_scope(self, request, obj=None):
        if obj is None:
            return may_decide(request)
        return Application.objects.visible_to(request.user).filter(pk=obj.pk).exists()

    # Read only: answers are the person's own, and decisions are made by the buttons

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        rows = super().get_queryset(request).submitted().with_acceptance()
        return rows.select_related("user", "cohort__programme", "cohort__policy").prefetch_related(
            with_addresses("user"), "sectors", "support_areas"
        )

    def changelist_view(self, request, extra_context=None):
        """With the number of people outside who left an address: never who they are (BM-3)."""
        waiting = Interest.objects.visible_to(request.user).order_by("programme")
        counted = waiting.values_list("programme__name").annotate(count=Count("pk"))
        return super().changelist_view(request, {"interests": list(counted), **(extra_context or {})})

    def get_changelist(self, request, **kwargs):
        return VerdictChangeList

    @admin.display(description="person", ordering="user__name")
    def person(self, application):
        return application.user.name

    @admin.display(description="state", ordering="state")
    def state_shown(self, application):
        held = application.hold_until and application.hold_until > timezone.localdate()
        return f"{application.get_state_display()}{f', held until {application.hold_until:%d/%m/%Y}' if held else ''}"

    @admin.display(description="eligibility")
    def eligibility(self, application):
        return application.verdict_shown

    @admin.display(description="accepted policy", boolean=True)
    def accepted_policy(self, application):
        return application.has_accepted

    @admin.display(description="pathway and room")
    def pathway_shown(self, application):
        if not application.is_mentor:
            return application.get_pathway_display()
        circle = " and a circle" if application.can_facilitate else ""
        return f"Room for {application.places}{circle}"

    # Decisions

    @admin.action(description="Accept")
    def accept(self, request, queryset):
        return self._decide_page(request, queryset, State.ACCEPTED)

    @admin.action(description="Ask for more information")
    def ask_for_more(self, request, queryset):
        return self._decide_page(request, queryset, State.QUERIED)

    @admin.action(description="Put on the waiting list")
    def waitlist(self, request, queryset):
        return self._decide_page(request, queryset, State.WAITLISTED)

    @admin.action(description="Decline")
    def decline(self, request, queryset):
        return self._decide_page(request, queryset, State.DECLINED)

    @admin.action(description="Record acceptance of the policy")
    def record_acceptance(self, request, queryset):
        return self._acceptance_page(request, queryset)

    def get_urls(self):
        own = [
            path(
                "decide/<str:state>/",
                self.admin_site.admin_view(self.decide_view),
                name="applications_application_decide",
            ),
            path(
                "record-acceptance/",
                self.admin_site.admin_view(self.record_acceptance_view),
                name="applications_application_record_acceptance",
            ),
        ]
        return own + super().get_urls()

    def decide_view(self, request, state):
        """One page for every decision: who is concerned, what eligibility says, a reason, and the button."""
        if state not in _VERBS:
            raise Http404
        to = State(state)
        form = DecisionForm(request.POST or None, needs_reason=to in _NEEDS_REASON)
        chosen = self._chosen(request)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                outcome = deciding.decide(chosen, to=to, by=request.user, at=timezone.now(), reason=reason)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                self._report(request, outcome, to)
                return HttpResponseRedirect(reverse("admin:applications_application_changelist"))
        return self._decide_page(request, chosen, to, form)

    def _decide_page(self, request, chosen, to, form=None):
        chosen = list(chosen)
        return self._page(
            request,
            "decide.html",
            form=form or DecisionForm(needs_reason=to in _NEEDS_REASON),
            rows=_verdicts(chosen, viewer=request.user),
            title=_VERBS[to],
            address=reverse("admin:applications_application_decide", args=[to]),
        )

    def record_acceptance_view(self, request):
        """Acceptances that people gave elsewhere, with their source (EI-1)."""
        chosen, form = self._chosen(request), AcceptanceForm(request.POST or None)
        if not form.is_valid():
            return self._acceptance_page(request, chosen, form)
        recorded, note, at = 0, form.cleaned_data["note"], timezone.now()
        for application in chosen:
            try:
                deciding.record_acceptance(
                    application, by=request.user, at=at, accepted_at=form.accepted_at(), note=note
                )
                recorded += 1
            except NotPossible as refusal:
                messages.warning(request, f"{application.user.name}: {refusal}")
        messages.success(request, f"Recorded for {recorded}.")
        return HttpResponseRedirect(reverse("admin:applications_application_changelist"))

    def _acceptance_page(self, request, chosen, form=None):
        chosen = list(chosen)
        texts = owed(chosen)
        rows = [
            (
                application,
                ", ".join(str(text.version) for text in texts[application.pk]) or "Nothing is missing",
            )
            for application in chosen
        ]
        return self._page(
            request,
            "decide.html",
            form=form or AcceptanceForm(),
            rows=rows,
            title="Record acceptance of the policy",
            address=reverse("admin:applications_application_record_acceptance"),
        )

    def _chosen(self, request):
        """Whom a page is about: their numbers come with the form, or with the link that led here."""
        given = request.POST.get("ids") or request.GET.get("ids", "")
        ids = [value for value in given.split(",") if value.isascii() and value.isdigit() and len(value) < 19]
        chosen = list(self.get_queryset(request).filter(pk__in=ids[:5000]).order_by("user__name"))
        if not chosen:
            raise Http404
        return chosen

    def _page(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/applications/{template}", context)

    @staticmethod
    def _report(request, outcome, state):
        if outcome.decided:
            count = len(outcome.decided)
            messages.success(
                request,
                f"{state.label}: {count} {'person' if count == 1 else 'people'}, told by e-mail.",
            )
        for application, sentence in outcome.refused:
            messages.warning(request, f"{application.user.name}: {sentence}")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        application = self.get_object(request, unquote(object_id))
        if application is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if application.user_id == request.user.pk:
            return self._page(
                request, "own_application.html", title=application.user.name, application=application
            )
        return self._page(
            request,
            "application.html",
            title=application.user.name,
            application=application,
            verdict=assess_one(application) if _is_open(application) else None,
            answers=previews.answers(application),
            cards=previews.cards(application),
            declaration=self._declaration(request, application),
            acceptances=application.acceptances.select_related("policy_version", "recorded_by"),
            verbs=[(state, verb) for state, verb in _VERBS.items() if state in MOVES[application.state]],
            may_look_for_match=self._may_look_for_match(request, application),
        )

    @staticmethod
    def _may_look_for_match(request, application):
        """Who administers may look for a partner for somebody accepted: a mentor, or a mentee who has none."""
        if application.state != State.ACCEPTED or not can_administer(
            request.user, application.cohort.programme
        ):
            return False
        alone = Application.objects.with_introduction().filter(pk=application.pk, is_introduced=False)
        return application.is_mentor or alone.exists()

    @staticmethod
    def _declaration(request, application):
        """The person's standing declaration, if whoever looks may read it (BM-2)."""
        mine = Declaration.objects.visible_to(request.user).standing()
        return mine.filter(user=application.user_id, cohort=application.cohort_id).first()


def _is_open(application):
    """Whether the office could still decide something about it.

    Where it can't, no verdict is shown: else a no that comes later would say why somebody left (BM-2).
    """
    return bool(MOVES[application.state] & set(_VERBS))


def _verdicts(applications, *, viewer):
    """Each with its verdict as a list shows it, assessed as one set."""
    verdicts = assess(applications)
    return [(row, _shown(row, verdicts[row.pk], viewer=viewer)) for row in applications]


def _shown(application, verdict, *, viewer):
    if application.user_id == viewer.pk:
        return "Yours: a colleague looks after it"
    if not _is_open(application):
        return "–"
    return format_html(
        '<span class="state state-{}">{}</span> <span class="reasons">{}</span>',
        _TONES[verdict.answer],
        verdict.answer.value.capitalize(),
        " ".join(verdict.reasons),
    )
