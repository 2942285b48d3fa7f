"""Two answers to a form that couldn't be taken. They give back what was typed, for nobody should write it twice."""

from contextlib import suppress

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

SHORTEST, LONGEST = 20, 20_000  # letters of a text that is worth copying, and that somebody has typed
_NEVER_SHOWN = ("password", "token", "code", "sheet")


@never_cache
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", {"typed": typed(request)}, status=403)


@never_cache
def server_error(request):
    """Asks nothing of the person or the database: either may be what failed."""
    return HttpResponseServerError(render_to_string("500.html", {"typed": typed(request)}))


def typed(request):
    """The texts of the form that was sent, without secrets and short answers. They are shown once and kept nowhere.

    Another site's page may have sent the form: its words aren't ours to show.
    """
    with suppress(Exception):  # whatever keeps a request from being read, the page comes
        if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}":
            return [text for name, texts in request.POST.lists() for text in texts if _is_text(name, text)]
    return []


def _is_text(name, text):
    is_long = SHORTEST <= len(text) <= LONGEST and len(text.split()) > 1
    return is_long and not any(secret in name for secret in _NEVER_SHOWN)
