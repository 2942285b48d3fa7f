"""Pages of the person who raises a concern."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from concerns import contents, queries, services
from concerns.forms import reporting as forms
from concerns.models import Case
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def concern(request):
    """Where to turn, for everybody (EI-6b); the form, for whoever is in a programme (EI-6).

    Words that couldn't be sent because the session had ended are shown again: nobody has to write them twice.
    """
    programmes = queries.programmes_of(request.user)
    form = forms.ConcernForm(request.POST or None, programmes=programmes) if programmes else None
    if form and form.is_valid():
        try:
            case = services.file(by=request.user, at=timezone.now(), **form.answers())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("concern_received", reference=case.reference)
    context = {
        "form": form,
        "programmes": programmes or Programme.objects.public(),
        "unsent": request.POST.get("text", "") if form is None else "",
    }
    return render(request, "concerns/concern.html", context)


@never_cache
@login_required
@require_safe
def concern_received(request, reference):
    """The receipt: the reference at once, and what happens next (EI-6)."""
    case = get_object_or_404(Case.objects.of(request.user).select_related("programme"), reference=reference)
    return render(request, "concerns/concern_received.html", {"case": case})


@never_cache
@login_required
@require_safe
def my_concerns(request):
    """What this person has sent, where it stands, and the answers."""
    mine = Case.objects.of(request.user).order_by("-created_at", "pk")
    mine = mine.select_related("programme").prefetch_related("entries")
    receipts = [{"case": case, "answers": contents.conversation_of(case)} for case in mine]
    return render(request, "concerns/my_concerns.html", {"receipts": receipts})
