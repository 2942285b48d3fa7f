"""What every request must be and what every answer carries, beside the content security policy."""

from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest


def refuse_what_no_browser_sends(get_response):
    """400 for NUL in a query or a cookie: PostgreSQL doesn't take it, and nobody types it."""

    def middleware(request):
        asked = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if b"\0" in asked or any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("NUL in a query or a cookie.")
        return get_response(request)

    return middleware


def never_store_private_pages(get_response):
    """Keep a signed-in person's pages out of every cache, so that the next person at a shared computer finds none."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return middleware
