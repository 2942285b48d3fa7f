"""What is held about oneself: to read, to take along, to put right, to take back, to have deleted."""

import os
from contextlib import suppress

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.proofs import step_up
from mentorship.lib.refusals import NotPossible
from overview import links
from overview.exporting import archive
from overview.forms import AskForm, DeleteAccountForm
from overview.models import DataRequest
from overview.queries import held, seen
from overview.services import erasing, requesting

SEEN_LATELY = 3
PIECE = 64 * 1024  # bytes
COPIES = {"my_data": "10/h/user"}  # more than anybody reads, and too few to keep the server busy


@require_safe
@login_required
def my_data(request):
    """Everything about what is held of oneself, on one page (Articles 13 to 21 UK GDPR)."""
    context = {
        "categories": held.categories_of(request.user),
        "lines": seen.lines(seen.about(request.user)[:SEEN_LATELY]),
        "applications": held.applications_of(request.user),
        "partnerships": held.partnerships_of(request.user),
        "erasure": erasing.standing_request(request.user),
    }
    return render(request, "overview/my_data.html", context)


@require_safe
@login_required
@step_up
def download_my_data(request):
    """A copy of it all. Some copies an hour are enough for anybody."""
    if too_many := ratelimit.consume_or_429(
        request, app="overview", action="my_data", config=COPIES, user=request.user, limit_get=True
    ):
        return too_many
    copy = archive.write(request.user, at=timezone.now())
    headers = {
        "Content-Disposition": 'attachment; filename="my-data.zip"',
        "Content-Length": copy.seek(0, os.SEEK_END),
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(_Pieces(copy), content_type="application/zip", headers=headers)


class _Pieces:
    """The file bit by bit; it is gone with the last one, or when nobody takes it (a question for the head alone)."""

    def __init__(self, copy):
        self.copy, self.close = copy, copy.close

    def __iter__(self):
        with self.copy as copy:
            copy.seek(0)
            while piece := copy.read(PIECE):
                yield piece


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@step_up
def delete_account(request):
    """Ask for everything to be deleted, after three days in which it can be called back (Article 17 UK GDPR)."""
    if erasing.standing_request(request.user):
        return redirect("my_data")
    form = DeleteAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erasing.ask(request.user, at=timezone.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your account will be deleted. Until then you can call it back here.")
            return redirect("my_data")
    return render(request, "overview/delete_account.html", {"form": form})


@require_POST
@login_required
def keep_account(request):
    """Call the deletion back, in its three days."""
    try:
        erasing.call_back(request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Your account stays as it is.")
    return redirect("my_data")


@require_http_methods(["GET", "HEAD", "POST"])
def call_back_erasure(request, token):
    """By the link of a letter, signed in or not. Looking changes nothing; once it has begun there is nothing here."""
    erasure = links.erasure_of(token, at=timezone.now())
    if erasure is None:
        raise Http404
    if request.method == "POST":
        if erasure.called_back_at is None:  # else it would call back a later one
            with suppress(NotPossible):  # called back, or begun, at this moment
                erasing.call_back(erasure.person, timezone.now())
        return redirect("call_back_erasure", token)
    return render(request, "overview/call_back_erasure.html", {"erasure": erasure})


@login_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("text")
def ask_about_my_data(request):
    """Ask or complain about one's own data, and see what became of what one asked before."""
    form = AskForm(request.POST or None)
    if form.is_valid():
        try:
            requesting.ask(by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Thank you: it has reached us. A receipt is on its way to you by e-mail."
            )
            return redirect("ask_about_my_data")
    asked = DataRequest.objects.of(request.user).order_by("-received_on", "-pk")
    return render(request, "overview/ask_about_my_data.html", {"form": form, "requests": asked})
