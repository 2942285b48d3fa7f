"""Matching in the admin: start a run, read its suggestions and reasons, lock or take out some, run again, release."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from matching import queries, services
from matching.forms import RunForm
from matching.models import MatchRun, SuggestedMember, Suggestion
from mentorship.lib.refusals import NotPossible
from programmes.admin.base import ScopedAdmin
from programmes.models import Cohort


@admin.register(MatchRun)
class MatchRunAdmin(ScopedAdmin):
    list_display = [
        "__str__",
        "cohort",
        "pathway_shown",
        "started_at",
        "placed",
        "left_out",
        "released",
        "is_optimal",
    ]
    list_filter = ["cohort"]
    change_list_template = "admin/matching/runs.html"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("cohort__programme", "started_by")
            .annotate(
                left_out_count=Count("exclusions", distinct=True),
                released_count=Count(
                    "suggestions",
                    filter=Q(suggestions__state="released"),
                    distinct=True,
                ),
            )
        )

    @admin.display(description="pathway")
    def pathway_shown(self, run):
        return run.get_pathway_display() or "Both in one run"

    @admin.display(description="left out", ordering="left_out_count")
    def left_out(self, run):
        return run.left_out_count

    @admin.display(description="released", ordering="released_count")
    def released(self, run):
        return run.released_count

    # Pages of our own

    def get_urls(self):
        verbs = {
            "lock": self.lock,
            "unlock": self.unlock,
            "take-out": self.take_out,
            "put-back": self.put_back,
        }
        own = [
            path(
                "start/",
                self.admin_site.admin_view(self.start_view),
                name="matching_start",
            ),
            path(
                "<int:pk>/release/",
                self.admin_site.admin_view(self.release_view),
                name="matching_release",
            ),
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
        """Choose a cohort and, if wished, one pathway; run; read the suggestions."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = RunForm(
            request.POST or None,
            cohorts=Cohort.objects.visible_to(request.user),
            initial=request.GET.dict(),
        )
        if form.is_valid():
            try:
                run = services.run(by=request.user, at=timezone.now(), **form.cleaned_data)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"{run.placed} people placed. Nobody has been told.")
                return HttpResponseRedirect(run.get_absolute_url())
        return self._page(request, "start.html", form=form, title="Run the matching")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, unquote(object_id))
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._page(
            request, "run.html", run=run, title=str(run), **queries.review(run, viewer=request.user)
        )

    def _page(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/matching/{template}", context)

    def lock(self, request, pk):
        return self._change(request, pk, services.lock, "Locked: a new run keeps them.")

    def unlock(self, request, pk):
        return self._change(request, pk, services.unlock, "Unlocked.")

    def take_out(self, request, pk):
        return self._change(
            request,
            pk,
            services.take_out,
            "Taken out: a new run won't suggest them again.",
        )

    def put_back(self, request, pk):
        return self._change(request, pk, services.put_back, "Put back.")

    def release_view(self, request, pk):
        """Ask once more, then introduce: all that is left in the run, or what was ticked."""
        run = self._run(request, pk)
        chosen = self._chosen(request, run).open().apart_from(request.user)
        if request.method == "POST" and "confirm" in request.POST:
            try:
                outcome = services.release(run, suggestions=chosen, by=request.user, at=timezone.now())
            except NotPossible as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    f"Released: {outcome.released}. Everybody in them is being told.",
                )
                for held in outcome.held_back:
                    messages.warning(request, f"Held back, {held.people}: {held.reason}")
            return HttpResponseRedirect(run.get_absolute_url())
        members = SuggestedMember.objects.select_related("application__user")
        with_people = chosen.prefetch_related(Prefetch("members", queryset=members))
        return self._page(request, "release.html", run=run, suggestions=with_people, title="Release")

    def _change(self, request, pk, service, sentence):
        run = self._run(request, pk)
        chosen = (
            self._chosen(request, run) if request.POST.getlist("suggestion") else Suggestion.objects.none()
        )
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
    def _chosen(request, run):
        """Ticked suggestions of this run; all of them where none was ticked."""
        given = request.POST.getlist("suggestion")
        ticked = [value for value in given if value.isascii() and value.isdigit() and len(value) < 19]
        return run.suggestions.filter(pk__in=ticked) if ticked else run.suggestions.all()
