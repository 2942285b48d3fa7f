"""The texts of a form that couldn't be taken: nobody should write them twice."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest

SHORTEST, LONGEST = 8, 20_000  # letters of a text that is worth copying, and that somebody has typed
_NEVER_SHOWN = ("password", "token", "code", "sheet")


def typed(request: HttpRequest) -> list[str]:
    """The texts of the form that was sent, without secrets and short answers. They are shown once and kept nowhere.

    Another site's page may have sent the form: its words aren't ours to show.
    """
    with suppress(Exception):  # whatever keeps a request from being read, the page comes
        if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}":
            return [text for name, texts in request.POST.lists() for text in texts if _is_text(name, text)]
    return []


def _is_text(name: str, text: str) -> bool:
    is_long = SHORTEST <= len(text) <= LONGEST and len(text.split()) > 1
    return is_long and not any(secret in name for secret in _NEVER_SHOWN)
