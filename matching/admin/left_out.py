"""Somebody whom a run left out, in the admin: why, and what would place them."""

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from matching.admin.cohorts import CohortPages
from matching.left_out import Help, help_for
from matching.models import Exclusion


class LeftOutMixin(CohortPages):
    def get_urls(self):
        view = self.admin_site.admin_view
        own = [path("left-out/<int:pk>/", view(self.left_out_view), name="matching_left_out")]
        return own + super().get_urls()

    def left_out_view(self, request, pk):
        rows = Exclusion.objects.visible_to(request.user)
        exclusion = get_object_or_404(
            rows.select_related("application__user", "run__cohort__programme", "run__record"), pk=pk
        )
        application = exclusion.application
        is_own = application.user_id == request.user.pk
        found = Help()
        if not is_own and not application.is_mentor:
            found = help_for(exclusion, on=timezone.localdate(), viewer=request.user)
        context = {"exclusion": exclusion, "run": exclusion.run, "is_own": is_own, "help": found}
        return self._page(request, "left_out.html", title="Left out", **context)
