"""The pages for who is outside a programme for now: why, and an address for the day it widens (BM-3, BM-10)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.forms import InterestForm
from applications.interest_links import opened
from applications.models import Interest
from applications.outside import boundaries
from applications.services import interest as service
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme

_ASKED = (
    "Thank you. We have written to this address: please open the link in our message, and you are on the list."
    " If nothing comes within a few minutes, please look among unwanted mail."
)


@require_http_methods(["GET", "HEAD", "POST"])
def outside(request, slug):
    """For whom the programme isn't open yet. It answers the same for an address that is known and one that isn't."""
    programme = get_object_or_404(Programme.objects.public(), slug=slug)
    if not (shown := boundaries(programme)):
        return redirect(programme)
    known = request.user.email if request.user.is_authenticated else ""
    form = InterestForm(request.POST or None, wording=service.wording(programme), initial={"address": known})
    if form.is_valid():
        try:
            if not form.is_trapped:
                service.ask(programme, address=form.cleaned_data["address"], at=timezone.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _ASKED)
            return redirect(programme)
    return render(
        request, "applications/outside.html", {"programme": programme, "boundaries": shown, "form": form}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def interest(request, token):
    """Where the link of that message leads: looking changes nothing, and either button may be pressed again."""
    if (found := opened(token)) is None:
        raise Http404
    programme, address = found
    answer = request.POST.get("answer")
    if answer == "yes":
        try:
            service.keep(programme, address=address, at=timezone.now())
        except NotPossible as refusal:
            messages.info(request, str(refusal))
            return redirect(programme)
    elif answer == "no":
        service.forget(programme, address=address)
    if answer in {"yes", "no"}:
        return redirect("interest", token)
    context = {
        "programme": programme,
        "wording": service.wording(programme),
        "is_kept": Interest.objects.filter(programme=programme, address__iexact=address).exists(),
    }
    return render(request, "applications/interest.html", context)
