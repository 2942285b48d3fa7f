from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils import timezone

from mentorship.lib.refusals import NotPossible
from partnerships import services
from partnerships.models import EndReason
from programmes.admin.base import administers_something


class EndMixin:
    """For the admin of partnerships: end those that are ticked."""

    def has_end_permission(self, request):
        return administers_something(request)

    @admin.action(description="End these partnerships…", permissions=["end"])
    def end(self, request, queryset):
        """Ask once more, then end each; everybody in it is told (EI-2)."""
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": "End partnerships",
                "opts": self.opts,
                "partnerships": queryset,
                "checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/partnerships/partnership/end.html", context)
        ended = 0
        for partnership in queryset:
            try:
                services.end(partnership, by=request.user, at=timezone.now(), reason=EndReason.OFFICE)
                ended += 1
            except NotPossible as refusal:
                self.message_user(request, f"{partnership}: {refusal}", messages.WARNING)
        if ended:
            self.message_user(
                request, f"Partnerships ended: {ended}. Everybody in them is told.", messages.SUCCESS
            )
        return None
