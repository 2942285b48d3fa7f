"""One suggestion in the admin: both people side by side, what the office decides about them, whom they could have."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Application
from matching.admin.by_hand import ByHandMixin
from matching.admin.left_out import LeftOutMixin
from matching.choices import instead_of
from matching.closer import closer
from matching.models import LONGEST_REASON, Suggestion
from matching.services import choosing, deciding
from matching.situation import pool_of
from mentorship.lib.refusals import NotPossible
from programmes.models import Pathway, Role


class NeverForm(forms.Form):
    reason = forms.CharField(max_length=LONGEST_REASON)


class ChoiceForm(forms.Form):
    """Which mentee of a suggestion, and which mentor of its cohort."""

    mentee = forms.ModelChoiceField(queryset=None)
    mentor = forms.ModelChoiceField(queryset=None)
    pathway = forms.ChoiceField(choices=Pathway.Kind.choices)

    def __init__(self, *args, suggestion, **kwargs):
        super().__init__(*args, **kwargs)
        people = Application.objects.filter(cohort=suggestion.run.cohort_id).select_related(
            "user", "cohort__programme"
        )
        inside = suggestion.members.values("application")
        self.fields["mentee"].queryset = people.filter(role=Role.MENTEE, pk__in=inside)
        self.fields["mentor"].queryset = people.filter(role=Role.MENTOR)


class SuggestionsMixin(ByHandMixin, LeftOutMixin):
    """Pages of a run's suggestions, of pairing by hand and of people left out, for the admin of runs."""

    def get_urls(self):
        verbs = {
            "lock": self.lock_one,
            "unlock": self.unlock_one,
            "refuse": self.refuse_one,
            "never": self.never_view,
            "put-back": self.put_back_one,
            "choose": self.choose_view,
        }
        view = self.admin_site.admin_view
        own = [path("suggestion/<int:pk>/", view(self.suggestion_view), name="matching_suggestion")]
        own += [
            path(f"suggestion/<int:pk>/{verb}/", view(require_POST(page)), name=f"matching_suggestion_{verb}")
            for verb, page in verbs.items()
        ]
        return own + super().get_urls()

    def suggestion_view(self, request, pk):
        """The people of a suggestion side by side; nothing of it for who is in it."""
        suggestion = self._suggestion(request, pk)
        context = {"suggestion": suggestion, "run": suggestion.run, "page": _page_of(request.GET)}
        if self._is_own(request, suggestion):
            return self._page(request, "suggestion.html", is_own=True, title="A suggestion", **context)
        met = pool_of(suggestion.run)
        shown = closer(suggestion, met)
        is_open = suggestion.state in deciding.UNDECIDED and not suggestion.run.is_trial
        context |= {"closer": shown, "is_own": False, "is_open": is_open, "longest": LONGEST_REASON}
        context |= self._others(request, suggestion, shown, met) if is_open else {"chooser": None}
        return self._page(request, "suggestion.html", title="A suggestion", **context)

    def _others(self, request, suggestion, shown, met):
        """Whom the mentee of a pair could have, or the member of a circle who was asked for."""
        asked = request.GET.get("for", "")
        found = [
            m
            for m in shown.mentees
            if suggestion.pathway != Pathway.Kind.CIRCLE or str(m.application.pk) == asked
        ]
        if not found:
            return {"chooser": None}
        chooser = found[0]
        try:
            others = instead_of(
                suggestion, chooser.application.pk, met, on=timezone.localdate(), viewer=request.user
            )
        except NotPossible as reason:
            return {"chooser": chooser, "choices": [], "no_choice": str(reason)}
        return {"chooser": chooser, "choices": others, "no_choice": ""}

    def lock_one(self, request, pk):
        return self._decide(request, pk, deciding.lock, "Locked: every further run keeps them.")

    def unlock_one(self, request, pk):
        return self._decide(request, pk, deciding.unlock, "Unlocked.")

    def refuse_one(self, request, pk):
        return self._decide(
            request, pk, deciding.refuse, "Not this time: no further run suggests them again."
        )

    def put_back_one(self, request, pk):
        return self._decide(request, pk, deciding.put_back, "Put back.")

    def never_view(self, request, pk):
        """Refuse for ever, with a reason that only the office sees."""
        form = NeverForm(request.POST)
        if not form.is_valid():
            suggestion = self._suggestion(request, pk)
            said = f"Please say why they should never be matched, in {LONGEST_REASON} characters at most."
            messages.error(request, said)
            return HttpResponseRedirect(_address(suggestion, request))
        return self._decide(
            request,
            pk,
            deciding.refuse,
            "They are never suggested again.",
            for_ever=True,
            **form.cleaned_data,
        )

    def choose_view(self, request, pk):
        """Give a mentee another mentor: a lock and a new run, which places everybody else around the two."""
        suggestion = self._suggestion(request, pk)
        run = suggestion.run
        form = ChoiceForm(request.POST, suggestion=suggestion)
        if not form.is_valid():
            raise Http404
        try:
            self._refuse_settled(request, suggestion)
            started = choosing.choose(
                **form.cleaned_data, by=request.user, at=timezone.now(), over=run.pathway, seed=run.seed
            )
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_address(suggestion, request))
        messages.success(request, "Chosen and locked. This run places everybody else around them.")
        return HttpResponseRedirect(started.get_absolute_url())

    def _refuse_settled(self, request, suggestion):
        if self._is_own(request, suggestion):
            raise NotPossible("You can't decide on a match of your own: ask a colleague.")
        if suggestion.state not in deciding.UNDECIDED or suggestion.run.is_trial:
            raise NotPossible("Nobody else can be chosen here any more: see its state.")

    def _decide(self, request, pk, service, sentence, **details):
        suggestion = self._suggestion(request, pk)
        try:
            service(
                Suggestion.objects.filter(pk=suggestion.pk), by=request.user, at=timezone.now(), **details
            )
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_address(suggestion, request))
        messages.success(request, sentence)
        page = _page_of(request.POST)
        back = suggestion.run.get_absolute_url()
        return HttpResponseRedirect(f"{back}?page={page}" if page else back)

    def _suggestion(self, request, pk):
        rows = Suggestion.objects.visible_to(request.user).prefetch_related("members")
        return get_object_or_404(
            rows.select_related("run__cohort__programme", "run__record", "partnership"), pk=pk
        )

    @staticmethod
    def _is_own(request, suggestion):
        return not Suggestion.objects.filter(pk=suggestion.pk).apart_from(request.user).exists()


def _page_of(given):
    """The page of the run to come back to."""
    page = given.get("page", "")
    return page if page.isascii() and page.isdigit() and len(page) < 6 else ""


def _address(suggestion, request):
    address = reverse("admin:matching_suggestion", args=[suggestion.pk])
    page = _page_of(request.POST)
    return f"{address}?page={page}" if page else address
