"""What every request must be and what every answer carries, beside the content security policy."""

import uuid
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest, RequestDataTooBig

from mentorship.lib import logs

LARGEST_REQUEST = 20 * 1024 * 1024  # bytes: more than any sheet, so that one too large is told why
# What pages here never ask a browser for, so that nothing that slips into one can. Signing in by a key of the device
# (publickey-credentials) is left as it is: this site only.
_NEVER_ASKED_FOR = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _NEVER_ASKED_FOR)


def name_each_request(get_response):
    """An id of our own, on all lines of the log and on the answer; one that is sent isn't taken."""

    def middleware(request):
        token = logs.request_id.set(uuid.uuid4().hex)
        try:
            response = get_response(request)
            response["X-Request-ID"] = logs.request_id.get()
            return response
        finally:
            logs.request_id.reset(token)

    return middleware


def lock_what_no_page_needs(get_response):
    """No page may use the device, and no other site may embed what lies here."""

    def middleware(request):
        response = get_response(request)
        response["Permissions-Policy"] = _PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware


def refuse_what_is_too_large(get_response):
    """Before anything of it is read, and for everybody: files are bound by no limit of Django's."""

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            raise RequestDataTooBig("The request is larger than any form of ours.")
        return get_response(request)

    return middleware


def refuse_what_no_browser_sends(get_response):
    """400 for NUL in a query or a cookie: PostgreSQL doesn't take it, and nobody types it."""

    def middleware(request):
        asked = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if b"\0" in asked or any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("NUL in a query or a cookie.")
        return get_response(request)

    return middleware


def never_store_pages(get_response):
    """Keep every page out of every cache, so that the next person at a shared computer finds none.

    Those of visitors too: a help page, a form with words in it, what a link in a letter opens. Files of the site say
    themselves how long they are kept.
    """

    def middleware(request):
        response = get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return middleware
