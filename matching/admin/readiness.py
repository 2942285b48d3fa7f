"""Who is ready before a run: one page per cohort, with links to what mends it."""

from urllib.parse import urlencode

from django.urls import path, reverse
from django.utils import timezone

from applications.models import State
from matching.admin.cohorts import CohortPages
from matching.readiness import readiness
from mentorship.lib.refusals import NotPossible

MOST_IN_A_LINK = 300
"""Longer addresses are refused by web servers."""


class ReadinessMixin(CohortPages):
    def get_urls(self):
        own = path(
            "readiness/<int:cohort_pk>/",
            self.admin_site.admin_view(self.readiness_view),
            name="matching_readiness",
        )
        return [own, *super().get_urls()]

    def readiness_view(self, request, cohort_pk):
        """Who is in the pool, who isn't and why, what is left blank, and demand against places; then run."""
        cohort = self._cohort(request, cohort_pk)
        today = timezone.localdate()
        try:
            found, refusal = readiness(cohort, on=today), ""
        except NotPossible as error:
            found, refusal = None, str(error)
        return self._page(
            request,
            "readiness.html",
            title="Who is ready",
            cohort=cohort,
            readiness=found,
            refusal=refusal,
            groups=[(group, *_mending(cohort, group)) for group in found.groups] if found else [],
            has_ended=cohort.has_ended(today),
        )


def _mending(cohort, group):
    """Where a whole group is looked after, and in which words; both empty where that is one by one."""
    if group.key in State.values:
        asked = urlencode({"cohort__id__exact": cohort.pk, "state__exact": group.key})
        page = reverse("admin:applications_application_changelist")
        return f"{page}?{asked}", "Look at these applications"
    if group.key == "policy":
        ids = [str(person.application) for person in group.people[:MOST_IN_A_LINK]]
        page = reverse("admin:applications_application_record_acceptance")
        some = "all of them" if len(ids) == len(group.people) else f"the first {len(ids)}"
        return f"{page}?ids={','.join(ids)}", f"Record an acceptance given elsewhere for {some}"
    return "", ""
