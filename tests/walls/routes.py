"""Every route of the URL configuration by its name, or by its pattern where it has none."""

import re

from django.urls import get_resolver
from django.urls.resolvers import URLPattern


def routes() -> set[str]:
    return set(_walk(get_resolver()))


def _walk(resolver, space="", prefix=""):
    for each in resolver.url_patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}" if each.name else f"/{pattern}"
        else:
            yield from _walk(each, f"{space}{each.namespace}:" if each.namespace else space, pattern)


def without_a_name(pattern: str, given: str) -> str:
    """The address of a route that has no name, with what is given in place of its one part."""
    return re.sub(r"<path:object_id>|\(\?P<url>.*", given, pattern)
