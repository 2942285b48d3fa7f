"""The page on which somebody takes their declaration back (BM-2)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.models import Application
from declarations.services import has_declared
from mentorship.lib.refusals import NotPossible
from partnerships import services
from partnerships.services.withdrawing import own_memberships


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_declaration(request, pk):
    """What it means, and the button; where nothing stands any more, one's application says how things are."""
    rows = Application.objects.of(request.user).select_related("cohort__programme")
    own, refused = get_object_or_404(rows, pk=pk), ""
    if not has_declared(user=request.user, cohort=own.cohort):
        return redirect("application", own.pk)
    if request.method == "POST":
        try:
            services.withdraw_declaration(own, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "Your declaration is taken back.")
            return redirect("application", own.pk)
    inside = [row.partnership for row in own_memberships(own)]
    context = {
        "application": own,
        "programme": own.cohort.programme,
        "circles": [row.name for row in inside if row.is_circle],
        "pairs": sum(not row.is_circle for row in inside),
        "refused": refused,
    }
    return render(request, "partnerships/withdraw_declaration.html", context)
