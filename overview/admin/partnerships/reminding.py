from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from meetings.services.nudging import nudge_by_hand
from mentorship.lib.refusals import NotPossible
from overview.services.reminding import rehearse
from programmes.admin.base import administers_something


class RemindMixin:
    """For the admin of partnerships: remind the people of those that are ticked, once their words were read."""

    def has_remind_permission(self, request):
        return administers_something(request)

    @admin.action(description="Send a reminder…", permissions=["remind"])
    def remind(self, request, queryset):
        """First who would have it, who wouldn't and why, and its words; then send it (BM-5, BM-6)."""
        chosen, now = list(queryset), timezone.now()
        try:
            if "confirmed" not in request.POST:
                return self._preview_page(request, chosen, at=now)
            outcome = nudge_by_hand(chosen, by=request.user, at=now)
        except NotPossible as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        if outcome.sent:
            self.message_user(request, f"Reminders on their way: {outcome.sent}.", messages.SUCCESS)
        for name, why in outcome.left:
            self.message_user(request, f"{name}: not reminded, since {why}.", messages.WARNING)
        return None

    def _preview_page(self, request, chosen, *, at):
        """From the list, or from the page of one partnership, which it goes back to."""
        back = reverse("admin:partnerships_partnership_changelist")
        if len(chosen) == 1:
            back = reverse("admin:partnerships_partnership_change", args=[chosen[0].pk])
        context = {
            **self.admin_site.each_context(request),
            "title": "Send a reminder",
            "opts": self.opts,
            "partnerships": chosen,
            "back": back,
            "rehearsal": rehearse(chosen, by=request.user, at=at),
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/partnerships/partnership/remind.html", context)
