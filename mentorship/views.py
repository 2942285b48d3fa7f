"""Two answers to a form that couldn't be taken. They give back what was typed, for nobody should write it twice."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from mentorship.lib.typed import typed


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", {"typed": typed(request)}, status=403)


def server_error(request):
    """Asks nothing of the person or the database: either may be what failed."""
    return HttpResponseServerError(render_to_string("500.html", {"typed": typed(request)}))
