"""The page on which somebody who waited takes a place that came free, or leaves it to the next person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.queries import has_accepted
from matching.models import Offer
from matching.services import offering
from mentorship.lib.refusals import NotPossible


@login_required
@require_http_methods(["GET", "POST"])
def offer(request, pk):
    """One's own offer: what it is, yes or no, and afterwards what happens next."""
    own = Offer.objects.filter(application__user=request.user).select_related(
        "application__user", "application__cohort__programme", "suggestion"
    )
    offer = get_object_or_404(own, pk=pk)
    answer = request.POST.get("answer")
    if answer in {"yes", "no"}:
        try:
            offering.answer(offer, by=request.user, at=timezone.now(), yes=answer == "yes")
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        return redirect(offer)
    application = offer.application
    context = {
        "offer": offer,
        "application": application,
        "programme": application.cohort.programme,
        "can_answer": offering.can_be_answered(offer, on=timezone.localdate()),
        "has_accepted": has_accepted(application),
        "is_circle": offer.suggestion.pathway == "circle",
        "is_in_programme": application.state == "accepted",
        "is_introduced": offer.suggestion.state == "released",
    }
    return render(request, "matching/offer.html", context)
