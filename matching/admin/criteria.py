"""Rules and weights: who is kept apart and what counts, tried out before it is saved."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from matching.admin.cohorts import CohortPages
from matching.admin.forms import CriteriaForm
from matching.criteria import Criteria, from_json
from matching.models import MatchRun
from matching.parts import asked_by
from matching.services import runs, settling
from mentorship.lib.refusals import NotPossible


class CriteriaMixin(CohortPages):
    def get_urls(self):
        views = {
            "": (self.criteria_view, "matching_criteria"),
            "try/": (require_POST(self.try_view), "matching_try"),
            "adopt/<int:run_pk>/": (require_POST(self.adopt_view), "matching_adopt"),
        }
        own = [
            path(f"criteria/<int:cohort_pk>/{rest}", self.admin_site.admin_view(view), name=name)
            for rest, (view, name) in views.items()
        ]
        return own + super().get_urls()

    def criteria_view(self, request, cohort_pk):
        """What is set for each pathway, or what a trial had; saved if it is sent back."""
        cohort = self._cohort(request, cohort_pk)
        trial = self._trial(request, cohort)
        forms = self._forms(request, cohort, trial)
        if request.method == "POST" and all(form.is_valid() for form in forms):
            try:
                changed = settling.settle(cohort, _chosen(forms), by=request.user, at=timezone.now())
            except NotPossible as refusal:
                messages.error(request, str(refusal))
            else:
                _say_saved(request, changed)
                return redirect("admin:matching_criteria", cohort.pk)
        return self._criteria_page(request, cohort, forms, trial)

    def try_view(self, request, cohort_pk):
        """Run with these rules and weights, which stay as they are; the trial's page tells the difference."""
        cohort = self._cohort(request, cohort_pk)
        forms = self._forms(request, cohort)
        if all(form.is_valid() for form in forms):
            try:
                run = runs.start(cohort=cohort, by=request.user, at=timezone.now(), trying=_chosen(forms))
            except NotPossible as refusal:
                messages.error(request, str(refusal))
            else:
                return redirect(run)
        return self._criteria_page(request, cohort, forms)

    def adopt_view(self, request, cohort_pk, run_pk):
        """Save what a trial has tried out."""
        cohort = self._cohort(request, cohort_pk)
        run = self._run_of(cohort, run_pk)
        try:
            changed = settling.adopt(run, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            _say_saved(request, changed)
        return redirect("admin:matching_criteria", cohort.pk)

    @staticmethod
    def _run_of(cohort, pk):
        run = MatchRun.objects.filter(cohort=cohort, pk=pk).select_related("cohort__programme").first()
        if run is None:
            raise Http404
        return run

    def _trial(self, request, cohort):
        """The trial that the link names, from which the form is filled in."""
        given = request.GET.get("trial", "")
        if not given:
            return None
        if not (given.isascii() and given.isdigit() and len(given) < 19):
            raise Http404
        return self._run_of(cohort, int(given))

    @staticmethod
    def _forms(request, cohort, trial=None):
        """A form for each pathway, with what is set now or what the trial had."""
        pathways = list(cohort.programme.pathways.prefetch_related("weights"))
        asked = asked_by(cohort.programme)
        tried = from_json(trial.criteria) if trial else {}
        return [
            CriteriaForm(
                request.POST if request.method == "POST" else None,
                pathway=pathway,
                criteria=tried.get(pathway.kind) or Criteria.of(pathway),
                asked=asked,
            )
            for pathway in pathways
        ]

    def _criteria_page(self, request, cohort, forms, trial=None):
        return self._page(
            request,
            "criteria.html",
            title="Rules and weights",
            cohort=cohort,
            forms=forms,
            trial=trial,
            has_errors=any(form.errors for form in forms),
        )


def _chosen(forms):
    return {form.pathway.kind: form.criteria() for form in forms}


def _say_saved(request, changed):
    if changed:
        names = " and ".join(f"“{pathway}”" for pathway in changed)
        messages.success(request, f"Saved for {names}. The next run takes them; runs that are done stay.")
    else:
        messages.info(request, "Nothing to save: these rules and weights are in force already.")
