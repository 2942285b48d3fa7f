"""Administrators' texts: Markdown in, harmless HTML out."""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

_TAGS = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "code"}


def to_html(text: str) -> SafeString:
    """HTML of a Markdown text with a short list of tags; links only to https and mailto."""
    html = markdown.markdown(text, extensions=["sane_lists"], output_format="html")
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it
