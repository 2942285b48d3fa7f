from django import template

from accounts.models import User
from concerns.summary import programmes_with_summary

register = template.Library()


@register.filter
def reads_concern_figures(user: User) -> bool:
    """Whether there is a programme whose concerns somebody may read in figures; by rank alone there is none."""
    return programmes_with_summary(user).exists()
