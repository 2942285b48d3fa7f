"""The page on which somebody says that they can't go on (EI-1b)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mentorship.lib.refusals import NotPossible
from partnerships import services
from partnerships.forms.leaving import LeaveForm
from partnerships.models import Flag, Membership, Partnership


@login_required
@require_http_methods(["GET", "POST"])
def leave(request, pk):
    """One's own request if one is open, otherwise the form."""
    membership = _own(request, pk)
    partnership = membership.partnership
    asked = Flag.objects.open().filter(membership=membership, kind=Flag.Kind.LEAVING).first()
    form = LeaveForm(request.POST or None, part=membership.part, is_circle=partnership.is_circle)
    if not asked and form.is_valid():
        try:
            services.ask_to_leave(partnership, by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("leave", partnership.pk)
    context = {
        "form": form,
        "asked": asked,
        "partnership": partnership,
        "programme": partnership.cohort.programme,
        "is_mentee": membership.part == Membership.Part.MENTEE,
    }
    return render(request, "partnerships/leave.html", context)


@login_required
@require_POST
def take_back_leaving(request, pk):
    membership = _own(request, pk)
    try:
        services.take_back(membership.partnership, by=request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Taken back: everything goes on as before.")
    return redirect(membership.partnership)


def _own(request, pk):
    """One's own part in a partnership that still runs; anything else isn't there."""
    rows = Membership.objects.current().filter(
        application__user=request.user, partnership__in=Partnership.objects.running()
    )
    return get_object_or_404(rows.select_related("partnership__cohort__programme"), partnership__pk=pk)
