"""The waiting list of a cohort: who waits and why; write to them, look for a match, offer a place."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Application
from matching.admin.cohorts import CohortPages
from matching.models import Offer, Suggestion
from matching.services import offering, waiting
from matching.waiting import free_places, waiting_list
from mentorship.lib.refusals import NotPossible

ROWS_PER_PAGE = 100


class WaitingMixin(CohortPages):
    """For the admin of match runs; `start_for_url_name` is where a match for one person is looked for."""

    start_for_url_name = "admin:matching_start_for"

    def get_urls(self):
        pages = [
            ("waiting/<int:cohort_pk>/", self.waiting_view, "matching_waiting"),
            ("waiting/<int:cohort_pk>/offer/<int:pk>/", require_POST(self.offer_view), "matching_offer"),
            (
                "waiting/<int:cohort_pk>/withdraw-offer/<int:pk>/",
                require_POST(self.withdraw_offer_view),
                "matching_withdraw_offer",
            ),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()

    def waiting_view(self, request, cohort_pk):
        """The list; sent back with ticks, it writes to these people."""
        cohort = self._cohort(request, cohort_pk)
        if request.method == "POST":
            return self._write(request, cohort)
        today = timezone.localdate()
        rows = waiting_list(cohort, viewer=request.user, on=today)
        return self._page(
            request,
            "waiting.html",
            cohort=cohort,
            page=Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
            free=free_places(cohort, on=today),
            start_for_url_name=self.start_for_url_name,
            title="Waiting list",
        )

    def _write(self, request, cohort):
        given = request.POST.getlist("application")
        ticked = [value for value in given if value.isascii() and value.isdigit() and len(value) < 19]
        people = Application.objects.filter(cohort=cohort, pk__in=ticked).order_by("pk")
        if not people:
            messages.warning(request, "Please tick at least one person first.")
            return _back(cohort)
        try:
            count = waiting.write(people, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return _back(cohort)
        messages.success(request, f"Letters written: {count}.")
        if count < len(people):
            messages.info(
                request, "Whoever had the letter before, or doesn’t wait any more, was not written to."
            )
        return _back(cohort)

    def offer_view(self, request, cohort_pk, pk):
        """Offer the place of a suggestion to the person it is for."""
        cohort = self._cohort(request, cohort_pk)
        rows = Suggestion.objects.filter(run__cohort=cohort).select_related("run__cohort__programme")
        suggestion = get_object_or_404(rows, pk=pk)
        try:
            offer = offering.offer(suggestion, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, f"Offered to {offer.application.user.name}, who answers by {offer.answer_by:%-d %B}."
            )
        return _back(cohort)

    def withdraw_offer_view(self, request, cohort_pk, pk):
        cohort = self._cohort(request, cohort_pk)
        offers = Offer.objects.filter(application__cohort=cohort).select_related(
            "application__cohort__programme"
        )
        offer = get_object_or_404(offers, pk=pk)
        try:
            offering.withdraw_offer(offer, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The offer is withdrawn; the place is free again.")
        return _back(cohort)


def _back(cohort):
    return HttpResponseRedirect(reverse("admin:matching_waiting", args=[cohort.pk]))
