"""Matching in the admin: start a run, see how far it is, read what it suggests and why, decide, run again."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Application
from matching import differences, proofs, queries
from matching.admin.criteria import CriteriaMixin
from matching.admin.readiness import ReadinessMixin
from matching.admin.releasing import ReleasingMixin
from matching.admin.suggestions import SuggestionsMixin
from matching.admin.waiting import WaitingMixin
from matching.forms import RunForm
from matching.models import Exclusion, MatchRun, Suggestion
from matching.services import deciding, runs
from mentorship.lib.refusals import NotPossible
from programmes.admin.base import ScopedAdmin
from programmes.models import Cohort

MOST_LEFT_OUT = 200
SOON = timedelta(minutes=1)  # a worker takes a run up within seconds, unless it carries out another


def _count(rows):
    """How many of these rows a run has; counted apart, since two joins would multiply one another."""
    counted = rows.filter(run=OuterRef("pk")).order_by().values("run").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


@admin.register(MatchRun)
class MatchRunAdmin(
    ReadinessMixin, CriteriaMixin, SuggestionsMixin, ReleasingMixin, WaitingMixin, ScopedAdmin
):
    list_display = ["__str__", "cohort", "covers", "started_at", "state", "placed", "left_out", "introduced"]
    list_filter = ["cohort", "state", "is_trial"]
    list_select_related = ["cohort__programme", "only_for__user"]
    change_list_template = "admin/matching/runs.html"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("cohort__programme", "started_by", "only_for__user")
            .annotate(
                left_out_count=_count(Exclusion.objects.all()),
                introduced_count=_count(Suggestion.objects.filter(state=Suggestion.State.RELEASED)),
            )
        )

    @admin.display(description="for")
    def covers(self, run):
        if run.only_for:
            return run.only_for.user.name
        return run.get_pathway_display() or "Everybody, in one run"

    @admin.display(description="left out", ordering="left_out_count")
    def left_out(self, run):
        return run.left_out_count

    @admin.display(description="introduced", ordering="introduced_count")
    def introduced(self, run):
        return run.introduced_count

    # Pages of our own

    def get_urls(self):
        verbs = {
            "lock": self.lock,
            "unlock": self.unlock,
            "refuse": self.refuse,
            "put-back": self.put_back,
            "cancel": self.cancel,
        }
        own = [
            path("start/", self.admin_site.admin_view(self.start_view), name="matching_start"),
            path(
                "start-for/<int:pk>/",
                self.admin_site.admin_view(require_POST(self.start_for_view)),
                name="matching_start_for",
            ),
            path("<int:pk>/proof/", self.admin_site.admin_view(self.proof_view), name="matching_proof"),
        ]
        own += [
            path(
                f"<int:pk>/{verb}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"matching_{verb}",
            )
            for verb, view in verbs.items()
        ]
        return own + super().get_urls()

    def start_view(self, request):
        """Choose a cohort and, if wished, one pathway; a worker carries the run out."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        cohorts = Cohort.objects.administered_by(request.user).filter(ends_on__gte=timezone.localdate())
        form = RunForm(request.POST or None, cohorts=cohorts, initial=request.GET.dict())
        if form.is_valid():
            try:
                run = runs.start(by=request.user, at=timezone.now(), **form.cleaned_data)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(run.get_absolute_url())
        listed = cohorts.select_related("programme").order_by("programme__name", "-starts_on")
        return self._page(request, "start.html", form=form, cohorts=listed, title="Match a cohort")

    def start_for_view(self, request, pk):
        """Look for a match for one person, on what is left."""
        people = Application.objects.select_related("cohort__programme", "user")
        cohorts = Cohort.objects.administered_by(request.user)
        person = get_object_or_404(people.filter(cohort__in=cohorts), pk=pk)
        try:
            run = runs.start(cohort=person.cohort, by=request.user, at=timezone.now(), only_for=person)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:applications_application_change", person.pk)
        return HttpResponseRedirect(run.get_absolute_url())

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, unquote(object_id))
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not run.is_done:
            waits_long = run.state == MatchRun.State.WAITING and timezone.now() - run.started_at > SOON
            return self._page(request, "under_way.html", run=run, title=str(run), waits_long=waits_long)
        others = queries.left_out_of(run, viewer=request.user)
        page, reviewed = queries.suggestions_page(run, viewer=request.user, number=request.GET.get("page"))
        return self._page(
            request,
            "run.html",
            run=run,
            title=str(run),
            page=page,
            reviewed=reviewed,
            left_out=others[:MOST_LEFT_OUT],
            left_out_count=others.count(),
            terms=queries.terms(run),
            other=run.comparison.get("other"),
            difference=self._difference(request, run),
            newcomers=run.comparison.get("newcomers"),
        )

    @staticmethod
    def _difference(request, run):
        """What a trial would change, or what a run changed against the last one."""
        found = differences.of_trial if run.is_trial else differences.to_last_run
        return found(run, viewer=request.user)

    def proof_view(self, request, pk):
        """The proof of a run, worked out anew from what was stored."""
        run = self._run(request, pk)
        return self._page(request, "proof.html", run=run, findings=proofs.prove(run), title="Proof")

    def lock(self, request, pk):
        return self._change(request, pk, deciding.lock, "Locked: a new run keeps them.")

    def unlock(self, request, pk):
        return self._change(request, pk, deciding.unlock, "Unlocked.")

    def refuse(self, request, pk):
        return self._change(
            request, pk, deciding.refuse, "Not this time: no further run of this cohort suggests them."
        )

    def put_back(self, request, pk):
        return self._change(request, pk, deciding.put_back, "Put back.")

    def cancel(self, request, pk):
        run = self._run(request, pk)
        try:
            runs.cancel(run, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(run.get_absolute_url())

    def _change(self, request, pk, service, sentence):
        run = self._run(request, pk)
        chosen = self._ticked(request, run)
        if chosen.exists():
            try:
                service(chosen, by=request.user, at=timezone.now())
                messages.success(request, sentence)
            except NotPossible as refusal:
                messages.error(request, str(refusal))
        else:
            messages.warning(request, "Please tick at least one suggestion first.")
        return HttpResponseRedirect(run.get_absolute_url())

    def _run(self, request, pk):
        run = self.get_queryset(request).filter(pk=pk).first()
        if run is None:
            raise Http404
        return run

    @staticmethod
    def _ticked(request, run):
        """Ticked suggestions of this run; none where none was ticked."""
        given = request.POST.getlist("suggestion")
        ticked = [value for value in given if value.isascii() and value.isdigit() and len(value) < 19]
        return run.suggestions.filter(pk__in=ticked) if ticked else Suggestion.objects.none()
