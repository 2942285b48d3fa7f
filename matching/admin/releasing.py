"""Release a run's suggestions, and call back what hasn't been introduced yet."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.proofs import step_up
from matching.admin.cohorts import CohortPages
from matching.models import Offer, SuggestedMember, Suggestion
from matching.services import releasing
from matching.services.checking import refuse_unfit_run
from mentorship.lib.refusals import NotPossible

LISTED = 100  # suggestions that a page names one by one


class ReleasingMixin(CohortPages):
    """For the admin of match runs, whose `_run` and `_ticked` it uses."""

    def get_urls(self):
        return [
            path(
                "<int:pk>/release/",
                self.admin_site.admin_view(step_up(self.release_view)),
                name="matching_release",
            ),
            path(
                "<int:pk>/call-back/",
                self.admin_site.admin_view(require_POST(self.call_back_view)),
                name="matching_call_back",
            ),
            *super().get_urls(),
        ]

    def release_view(self, request, pk):
        """Ask once more, then release: all that is left in the run, or what was ticked. Below it what is leaving."""
        run = self._run(request, pk)
        chosen = self._chosen(request, run).open()
        if request.method == "POST" and "confirm" in request.POST:
            return self._release(request, run, chosen)
        named = chosen.apart_from(request.user)
        leaving = run.suggestions.filter(state=Suggestion.State.LEAVING).apart_from(request.user)
        return self._page(
            request,
            "release.html",
            run=run,
            refusal=_refusal(run),
            suggestions=_with_people(named),
            count=named.count(),
            ticked=named.values_list("pk", flat=True) if request.POST.getlist("suggestion") else [],
            leaving=_with_people(leaving),
            leaving_count=leaving.count(),
            minutes=int(settings.RELEASE_DELAY.total_seconds() // 60),
            title="Release",
        )

    def _release(self, request, run, chosen):
        try:
            outcome = releasing.release(run, suggestions=chosen, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(run.get_absolute_url())
        if outcome.released:
            messages.success(request, _said(outcome))
        for held in outcome.held_back[:LISTED]:
            messages.warning(request, f"Held back, {held.people}: {held.reason}")
        if (more := len(outcome.held_back) - LISTED) > 0:
            messages.warning(request, f"And {more} more, each named beside its suggestion.")
        if outcome.leaves_at:
            return redirect("admin:matching_release", run.pk)
        return HttpResponseRedirect(run.get_absolute_url())

    def call_back_view(self, request, pk):
        """Take back what is leaving: what was ticked, or all of it."""
        run = self._run(request, pk)
        chosen = self._chosen(request, run).apart_from(request.user)
        leaving = list(chosen.filter(state=Suggestion.State.LEAVING).values_list("pk", flat=True))
        promised = Offer.objects.filter(suggestion__in=leaving, state=Offer.State.ACCEPTED).count()
        try:
            count = releasing.call_back(chosen, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Called back: {count}. {_told(promised)}")
        return HttpResponseRedirect(run.get_absolute_url())

    def _chosen(self, request, run):
        """Ticked suggestions of this run; all of them where none was ticked."""
        return self._ticked(request, run) if request.POST.getlist("suggestion") else run.suggestions.all()


def _told(promised):
    if not promised:
        return "Nobody has been told anything."
    return (
        f"Who had said yes to an offer ({promised}) is told that it can’t be kept; nobody else hears of it."
    )


def _refusal(run):
    """Why nothing of this run can be released; empty if it can."""
    try:
        refuse_unfit_run(run, at=timezone.now())
    except NotPossible as refusal:
        return str(refusal)
    return ""


def _said(outcome):
    if outcome.leaves_at is None:
        return f"Released: {outcome.released}. Everybody in them has been introduced."
    moment = timezone.localtime(outcome.leaves_at)
    return (
        f"Released: {outcome.released}. Their introductions leave at {moment:%H:%M}; until then you can call them"
        " back, and nobody will know."
    )


def _with_people(suggestions):
    members = SuggestedMember.objects.select_related("application__user").order_by("pk")
    rows = suggestions.select_related("partnership").order_by("pk")
    return rows.prefetch_related(Prefetch("members", queryset=members))[:LISTED]
