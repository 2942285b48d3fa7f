"""Equality figures for who administers a programme: a month of a cohort, and a match run (EI-7)."""

import csv

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.proofs import step_up
from matching.models import MatchRun
from mentorship.lib.cells import harmless
from overview.admin.reading import ReadOnlyAdmin
from overview.equality import tables
from overview.models import Snapshot


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ["month_in_words", "cohort", "new_tables"]
    list_filter = ["cohort"]
    list_select_related = ["cohort__programme"]

    def get_queryset(self, request):
        stages = Count("tables", filter=Q(tables__run=None))
        return super().get_queryset(request).select_related("cohort__programme").annotate(stages=stages)

    @admin.display(description="month", ordering="month")
    def month_in_words(self, snapshot):
        return f"{snapshot.month:%B %Y}"

    @admin.display(description="stages with new figures", ordering="stages")
    def new_tables(self, snapshot):
        return snapshot.stages

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/figures.csv",
                view(require_safe(step_up(self.csv_view))),
                name="overview_snapshot_csv",
            ),
            path("run/<int:pk>/", view(require_safe(self.fairness_view)), name="overview_fairness"),
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The tables of a month, to read and to print."""
        snapshot = self.get_object(request, unquote(object_id))
        if snapshot is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {"snapshot": snapshot, "report": tables.report_of(snapshot)}
        return self._page(request, "snapshot", title=f"Equality figures, {snapshot}", **context)

    def csv_view(self, request, pk):
        """The same figures as a file. Its name says nothing; it begins with the mark by which Excel knows UTF-8."""
        snapshot = self.get_queryset(request).filter(pk=pk).first()
        if snapshot is None:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="figures-{snapshot.month:%Y-%m}.csv"'}
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
        csv.writer(response).writerows([harmless(cell) for cell in line] for line in tables.lines(snapshot))
        return response

    def fairness_view(self, request, pk):
        """Whom a run placed, and how well, by what people answered; never before a month's count has taken it up."""
        runs = MatchRun.objects.visible_to(request.user).done().whole().select_related("cohort__programme")
        run = get_object_or_404(runs, pk=pk)
        return self._page(
            request, "fairness", title="Fairness of a match run", run=run, fairness=tables.fairness_of(run)
        )

    def _page(self, request, name, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/overview/{name}.html", context)
