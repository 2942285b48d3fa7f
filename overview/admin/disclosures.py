from django.contrib import admin

from overview.admin.reading import ReadOnlyAdmin
from overview.admin.seen_by import SeenByMixin
from overview.queries.standing import own_partnerships
from partnerships.models import Disclosure
from programmes.facts import FACTS


@admin.register(Disclosure)
class DisclosureAdmin(SeenByMixin, ReadOnlyAdmin):
    """Which facts of whom were shown to whom, when, how, and under which version (ALL-2).

    Whoever takes part finds what concerns their own partnerships on their own page, and a colleague looks after it.
    """

    list_display = ["first_at", "whose", "to", "channel", "what"]
    list_per_page = 50
    list_filter = ["channel", "partnership__cohort"]
    list_select_related = ["of__user", "to"]
    search_fields = ["of__user__name", "to__name"]
    search_help_text = "Search by name."
    fields = ["first_at", "whose", "to", "what", "channel", "policy_version", "partnership"]

    readonly_fields = ["whose", "what"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(partnership__in=own_partnerships(request.user))

    @admin.display(description="of", ordering="of__user__name")
    def whose(self, disclosure):
        return disclosure.of.user.name

    @admin.display(description="facts")
    def what(self, disclosure):
        keys = disclosure.facts.split(",")
        return ", ".join(FACTS[key].label if key in FACTS else key for key in keys)
