from django import template
from django.utils.safestring import SafeString

from mentorship.lib.rich_text import to_html

register = template.Library()


@register.filter
def rich_text(text: str) -> SafeString:
    """An administrator's Markdown as harmless HTML."""
    return to_html(text)
