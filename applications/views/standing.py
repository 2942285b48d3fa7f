"""Where one's application stands, what still has to be accepted, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms import CheckForm
from applications.models import State
from applications.queries import owed
from applications.services import holding, writing
from applications.views.own import own_applications, shown
from declarations.services import has_declared
from mentorship.lib.refusals import NotPossible

_EDITABLE = {State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED}


@login_required
@require_safe
def application(request, pk):
    """Where an application stands and what comes next; a draft goes on where it was left."""
    own = get_object_or_404(own_applications(request.user), pk=pk)
    if own.state == State.DRAFT:
        return redirect("edit_application", own.pk)
    return _page(request, own)


@login_required
@require_http_methods(["POST"])
def accept_policy(request, pk):
    """Accept the texts in force: for people whom the office's sheet brought, and new versions (EI-1a)."""
    own = get_object_or_404(own_applications(request.user).editable(), pk=pk)
    context = shown(own)
    form = CheckForm(request.POST, policy=context["policy"], guidance=context["guidance"])
    if form.is_valid():
        read = {name: form.cleaned_data[name] for name in ("version", "guidance")}
        try:
            writing.accept_policy(own, by=request.user, at=timezone.now(), **read)
        except NotPossible as refusal:
            form.refuse(str(refusal))
        else:
            messages.success(request, "Thank you: your acceptance has been recorded.")
            return redirect("application", own.pk)
    return _page(request, own, form=form)


def _page(request, own, form=None):
    context = shown(own)
    accepted = {row.policy_version_id: row for row in own.acceptances.all()}
    on = timezone.localdate()
    context |= {
        "owed": [] if own.cohort.has_ended(on) else owed([own])[own.pk],
        "acceptance": accepted.get(own.cohort.policy_id),
        "can_edit": own.state in _EDITABLE,
        "has_declared": has_declared(user=request.user, cohort=own.cohort),
        "can_hold": holding.choosable(request.user, on=on).filter(pk=own.pk).exists(),
        "held_until": own.hold_until if own.hold_until and own.hold_until > on else None,
        "form": form or CheckForm(policy=context["policy"], guidance=context["guidance"]),
    }
    return render(request, "applications/application.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_application(request, pk):
    own = get_object_or_404(own_applications(request.user).editable(), pk=pk)
    refused = ""
    if request.method == "POST":
        try:
            writing.withdraw(own, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "Your application has been withdrawn.")
            return redirect("home")
    return render(
        request,
        "applications/withdraw_application.html",
        {"application": own, "refused": refused},
    )
