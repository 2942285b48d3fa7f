"""Taking part now, or waiting until another mentoring ends (BM-9)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.forms import HoldForm
from applications.services import holding
from mentorship.lib.refusals import NotPossible


@login_required
@require_http_methods(["GET", "POST"])
def hold_application(request, pk):
    """The choice of who has a mentor elsewhere; it can be changed until they are introduced."""
    choosable = holding.choosable(request.user, on=timezone.localdate())
    own = get_object_or_404(choosable.select_related("cohort__programme"), pk=pk)
    form = HoldForm(request.POST or None, application=own)
    if form.is_valid():
        try:
            own = holding.choose(own, by=request.user, at=timezone.now(), until=form.cleaned_data["until"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(own))
            return redirect("application", own.pk)
    context = {"application": own, "programme": own.cohort.programme, "cohort": own.cohort, "form": form}
    return render(request, "applications/hold_application.html", context)


def _said(application):
    if application.hold_until is None:
        return "You take part now."
    return f"Your application waits until {application.hold_until:%-d %B %Y}."
