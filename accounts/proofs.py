"""How lately somebody has shown that it is still them, and the pages that want to know.

Signing in is a proof, and so is typing the password or using the second factor once more. Moments stand in the
session, as seconds since 1970: nobody but the server writes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.links import local

# Who has opened a form has half an hour to fill it in before what they typed would be asked about first.
FRESH_FOR_READING = timedelta(minutes=15)
FRESH_FOR_WRITING = FRESH_FOR_READING + timedelta(minutes=30)
SIGNED_IN_AT = "signed_in_at"
_SECOND_FACTOR_SET_UP = "second_factor_set_up"
_READING = {"GET", "HEAD", "OPTIONS"}
View = Callable[..., HttpResponseBase]


def step_up(view: View | None = None, *, back: str = "") -> Any:
    """A page that gives much away, or changes who may do what, asks first whether it is still the same person.

    It opens for 15 minutes after a proof; what it sends is taken for 45, so that nobody loses what they typed in the
    half hour in between. After that the person types their password or uses their second factor, and comes back to
    where they were going; who has neither signs in again. Something that was sent isn't sent twice by itself: it
    comes back to the page it was sent from, or to the one named `back` (with the arguments of the address), which
    an address that only takes POST should name.

    For views; methods of an admin take it as `@method_decorator(step_up, name="add_view")`. `STEP_UP=0` turns it off.
    """
    if view is None:
        return partial(step_up, back=back)

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.STEP_UP and not is_fresh(request):
            page = reverse(back, args=args, kwargs=kwargs) if back and request.method not in _READING else ""
            return ask(request, back=page)
        return view(request, *args, **kwargs)

    return asking


def note_sign_in(request: HttpRequest) -> None:
    request.session[SIGNED_IN_AT] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person has proved lately enough, for what they are doing now, that it is them."""
    limit = FRESH_FOR_READING if request.method in _READING else FRESH_FOR_WRITING
    return time.time() - _proved_at(request) < limit.total_seconds()


def _proved_at(request: HttpRequest) -> float:
    again = [
        proof["at"]
        for proof in get_authentication_records(request, request.user)
        if proof.get("reauthenticated")
    ]
    return max([request.session.get(SIGNED_IN_AT, 0), *again])


def ask(request: HttpRequest, *, back: str = "", only_second_factor: bool = False) -> HttpResponseRedirect:
    """The way to the page that takes a proof, and from there to `back` or to where the person is going.

    Whoever isn't signed in signs in; whoever has nothing to prove it by signs in again.
    """
    back = back or (request.get_full_path() if request.method in _READING else page_before(request))
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if only_second_factor:
        ways = [way for way in ways if way["id"].startswith("mfa_")]
    address = ways[0]["url"] if ways else reverse("sign_in_again")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}")


def page_before(request: HttpRequest) -> str:
    """The page of this site that something was sent from; the home page where the browser doesn't say."""
    before = request.headers.get("Referer", "")
    try:
        is_ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure())
        parts = urlsplit(before)
    except ValueError:
        return reverse("home")
    return local(parts._replace(scheme="", netloc="", fragment="").geturl()) if is_ours else reverse("home")


def note_second_factor(request: HttpRequest) -> None:
    """This session has just set one up, and thereby used it."""
    request.session[_SECOND_FACTOR_SET_UP] = True


def has_used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor, or has used or set one up since."""
    records = get_authentication_records(request, request.user)
    return _SECOND_FACTOR_SET_UP in request.session or any(proof["method"] == "mfa" for proof in records)
