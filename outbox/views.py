"""The rehearsal's mailbox: what each person would have received. Without sign-in, hence never in production."""

from functools import wraps

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from outbox.models import Message

PAGE = 50
PREVIEW = 16  # words
# A letter in its frame has its own styles but no script and no form; its links open in place of the whole page.
SANDBOX = "allow-top-navigation-by-user-activation"
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": [SANDBOX],
}


def only_in_the_rehearsal(view):
    """The addresses aren't even there in production (`mentorship.urls`); this is the second lock."""

    @wraps(view)
    def locked(request, *args, **kwargs):
        if not settings.EXAMPLE:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(locked)


def letters():
    """What has left, and what is about to; nothing that was withdrawn or refused reached anybody."""
    return Message.objects.filter(state__in=[Message.State.SENT, Message.State.WAITING])


def preview(text):
    """The first words, as a mail program's list shows them; long addresses of pages say nothing there."""
    words = [word for word in text.split() if "://" not in word]
    return " ".join(words[:PREVIEW]) + (" …" if len(words) > PREVIEW else "")


@only_in_the_rehearsal
def mailbox(request):
    people = list(letters().order_by("to").values("to").annotate(count=Count("pk")))
    person = request.GET.get("to", "")
    shown = letters().defer("html")
    if person:
        # Compared here, not in SQL: an address typed by hand may hold what a database refuses.
        known = any(person == row["to"] for row in people)
        shown = shown.filter(to=person) if known else shown.none()
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    for letter in page:
        letter.preview = preview(letter.text)
    context = {"page": page, "people": people, "person": person, "now": timezone.now()}
    return render(request, "outbox/mailbox.html", context)


@only_in_the_rehearsal
@csp_update({"frame-src": [SELF]})
def mailbox_message(request, pk):
    letter = get_object_or_404(letters(), pk=pk)
    context = {
        "letter": letter,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "sandbox": SANDBOX,
        "now": timezone.now(),
    }
    return render(request, "outbox/mailbox_message.html", context)


@only_in_the_rehearsal
@xframe_options_sameorigin
@csp(LETTER_POLICY)
def mailbox_letter(request, pk):
    """The HTML of a message as it left, under a policy that lets it do nothing but be read and followed."""
    letter = get_object_or_404(letters().exclude(html=""), pk=pk)
    return HttpResponse(letter.html.replace("<head>", '<head><base target="_top">', 1))
