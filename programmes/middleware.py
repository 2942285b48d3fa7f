"""What the site asks of a signed-in person before any page: not to stay away for long, and of staff a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import proofs
from accounts.models import User
from accounts.second_factor import has_second_factor
from mentorship.lib.typed import typed
from programmes.permissions import holds_a_duty

IDLE = timedelta(hours=2)
IDLE_OF_STAFF = timedelta(minutes=30)
ALTOGETHER = timedelta(hours=12)
BETWEEN_NOTES = timedelta(minutes=1)
SEEN_AT = "seen_at"
GetResponse = Callable[[HttpRequest], HttpResponse]

# Open whatever is still to be shown: signing out, proving who one is, getting help. To set a second factor up come the
# pages for it, and those of addresses: one that isn't confirmed would keep people from it.
_OPEN = {"account_logout", "admin:logout", "account_reauthenticate", "sign_in_again", "mfa_authenticate"}
_OPEN_BEGINNINGS = ("concern", "my_concern", "mfa_reauthenticate")
_SETTING_UP = {"account_email", "account_email_verification_sent"}
_SETTING_UP_BEGINNING = "mfa_"
_FIRST = "You work with other people’s details here, so please set up a second step before you go on."
_SIGNED_OUT = "It has been a while, so we have signed you out to keep your details safe. Sign in to go on."


def sign_out_after_a_while(get_response: GetResponse) -> GetResponse:
    """Two hours away, half an hour for staff, twelve hours altogether: then a person is signed out.

    The request goes on as anybody's: a page for people who are signed in asks them to sign in, and the page of
    concerns shows again what they typed. Who sent something comes back to the page that they sent it from.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return get_response(request)
        if not _is_over(request, user):
            _note(request, user)
            return get_response(request)
        logout(request)
        messages.info(request, _SIGNED_OUT)
        response = get_response(request)
        if request.method == "POST" and _asks_to_sign_in(response):
            return _not_sent(request)
        return response

    return middleware


def _not_sent(request: HttpRequest) -> HttpResponse:
    """The words that were sent, to copy, or else straight to signing in; then back to the page with the form."""
    page = proofs.page_before(request)
    if not (words := typed(request)):
        return redirect_to_login(page)
    return render(request, "accounts/unsent.html", {"typed": words, "next": urlencode({"next": page})})


def _asks_to_sign_in(response: HttpResponse) -> bool:
    page = response.headers.get("Location", "").partition("?")[0]
    return page in {reverse("account_login"), reverse("admin:login")}


def _is_over(request: HttpRequest, user: User) -> bool:
    away = time.time() - _seen_at(request, user)
    if away > IDLE.total_seconds() or time.time() - _since(request, user) > ALTOGETHER.total_seconds():
        return True
    return away > IDLE_OF_STAFF.total_seconds() and holds_a_duty(user)


def _note(request: HttpRequest, user: User) -> None:
    """Never a visit to the pages for help: its moment would lead from a concern without a name to who wrote it."""
    if request.path.startswith(reverse("concern")):
        return
    if time.time() - _seen_at(request, user) >= BETWEEN_NOTES.total_seconds():
        request.session[SEEN_AT] = time.time()


def _since(request: HttpRequest, user: User) -> float:
    """When this session was opened."""
    began: float | None = request.session.get(proofs.SIGNED_IN_AT)
    return began or (user.last_login.timestamp() if user.last_login else 0)


def _seen_at(request: HttpRequest, user: User) -> float:
    """When this session was last noted as used: at the latest when it was opened."""
    return max(request.session.get(SEEN_AT, 0), _since(request, user))


class SecondFactorForStaff:
    """Leads whoever holds a duty to setting up a second factor, and to using it in this session, before any page.

    Help is never held up by it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        if not settings.STAFF_SECOND_FACTOR or page in _OPEN or page.startswith(_OPEN_BEGINNINGS):
            return None
        if not holds_a_duty(request.user):
            return None
        if has_second_factor(request.user):
            is_used = proofs.has_used_second_factor(request)
            return None if is_used else proofs.ask(request, only_second_factor=True)
        if page in _SETTING_UP or page.startswith(_SETTING_UP_BEGINNING):
            return None
        messages.info(request, _FIRST)
        return redirect("mfa_index")
