"""What tests read of a page."""

import re
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext

HELP = "/help/"
# What a handler does with a case: the ends of the names of its addresses.
VERBS = ("answer", "note", "publish", "assign", "move", "close", "keep_from", "pause", "resume", "find")


def text_of(response):
    """The words of a page in one line, without its marks."""
    html = response.content.decode()
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html[html.index("<main") :]).split()))


def body(response, page):
    """A page without what differs by itself: the token of its forms and its own address."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return html.replace(page, "")


def queries_for(client, page):
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


def form_of(client):
    """What a browser would send of the form for a concern, but for the answers."""
    form = client.get(HELP).context["form"]
    return {name: value for name in form.fields if (value := form[name].value())}


def send(client, **answers):
    """Fill the form for a concern in and send it."""
    return client.post(HELP, form_of(client) | answers)
