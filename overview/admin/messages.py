from django.contrib import admin, messages
from django.utils import timezone
from django.utils.text import capfirst

from mentorship.lib.refusals import NotPossible
from outbox import services
from outbox.models import Message
from overview.admin.reading import ReadOnlyAdmin
from overview.queries.messages import visible_messages
from programmes.admin.base import administers_something

_NAMES = {
    "applications/email/new_notice": "New privacy notice",
    "applications/email/confirm_interest": "An address to confirm",
    "applications/email/widened": "Open to more people",
    "meetings/email/nudge": "Reminder",
    "overview/email/digest": "Weekly figures",
    "partnerships/email/flag": "Something waits for the office",
}


def in_words(kind: str) -> str:
    """The kind of a message for people: “partnerships/email/introduction” is an “Introduction”."""
    return _NAMES.get(kind) or capfirst(kind.rpartition("/")[2].replace("_", " "))


class KindFilter(admin.SimpleListFilter):
    """Kinds of the messages that this person may see."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = visible_messages(request.user).order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, in_words(kind)) for kind in kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """When, of what kind, to whom, and whether it left. What it says is nobody's but the reader's."""

    list_display = ["what", "to", "state", "created_at", "sent_at"]
    list_filter = ["state", KindFilter, "programme"]
    list_per_page = 50
    search_fields = ["to"]
    search_help_text = "Search by address."
    fields = ["what", "programme", "to", "state", "attempts", "not_before", "created_at", "sent_at", "error"]
    actions = ["try_again"]

    def get_queryset(self, request):
        return visible_messages(request.user).defer("text", "html").order_by("-pk")

    def get_readonly_fields(self, request, obj=None):
        return ["what"]

    def is_in_scope(self, request, obj):
        if obj is None or obj.pk is None:
            return request.user.is_superuser or administers_something(request)
        return visible_messages(request.user).filter(pk=obj.pk).exists()

    def has_try_again_permission(self, request):
        return self.is_in_scope(request, None)

    @admin.display(description="kind", ordering="kind")
    def what(self, message):
        return in_words(message.kind)

    @admin.action(description="Try failed messages again", permissions=["try_again"])
    def try_again(self, request, queryset):
        tried, refused = 0, 0
        for message in queryset:
            try:
                services.retry(message, at=timezone.now())
                tried += 1
            except NotPossible:
                refused += 1
        if tried:
            self.message_user(request, f"Messages that are tried again: {tried}.", messages.SUCCESS)
        if refused:
            self.message_user(request, f"Left alone, since they hadn’t failed: {refused}.", messages.WARNING)
