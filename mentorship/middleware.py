"""What every answer carries beside the content security policy."""


def never_store_private_pages(get_response):
    """Keep a signed-in person's pages out of every cache, so that the next person at a shared computer finds none."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return middleware
