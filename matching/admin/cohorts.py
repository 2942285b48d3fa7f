from django.http import Http404
from django.template.response import TemplateResponse

from programmes.models import Cohort


class CohortPages:
    """What pages about one cohort have in common; another programme's cohort answers as one that doesn't exist."""

    def _cohort(self, request, pk):
        cohorts = Cohort.objects.administered_by(request.user).select_related("programme", "policy")
        cohort = cohorts.filter(pk=pk).first()
        if cohort is None:
            raise Http404
        return cohort

    def _page(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/matching/{template}", context)
