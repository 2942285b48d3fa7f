"""Whether somebody would like to continue, said by the link in their closing message, without signing in (EI-3)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.links import application_of
from applications.models import ContinuationInterest
from applications.services import continuing

_ANSWERS = {"yes": True, "no": False}


@require_http_methods(["GET", "HEAD", "POST"])
def continue_interest(request, token):
    """Looking changes nothing; either button may be pressed again. It says nothing of who the person is."""
    application = application_of(token)
    if application is None:
        raise Http404
    if (wishes := _ANSWERS.get(request.POST.get("answer"))) is not None:
        continuing.answer(application, wishes_to_continue=wishes, at=timezone.now())
        return redirect("continue_interest", token)
    context = {
        "programme": application.cohort.programme,
        "cohort": application.cohort,
        "interest": ContinuationInterest.objects.filter(application=application).first(),
    }
    return render(request, "applications/continue_interest.html", context)
