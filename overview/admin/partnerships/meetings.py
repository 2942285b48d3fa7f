from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from meetings.models import ContactFrequency
from meetings.queries import progress_of, takes_meetings
from meetings.services import log_meeting
from mentorship.lib.refusals import NotPossible
from overview.admin.partnerships.forms import LogForThemForm
from overview.queries.standing import own_partnerships
from partnerships.models import Membership


class LogMeetingMixin:
    """For the admin of partnerships: note a meeting for people who told the office of it (BM-11, EI-6)."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.log_meeting_view))
        name = "partnerships_partnership_log_meeting"
        return [path("<int:pk>/log-meeting/", view, name=name), *super().get_urls()]

    def log_meeting_view(self, request, pk):
        """Facts only. One's own partnership is noted on its own page, as everybody does."""
        now = timezone.now()
        others = self.get_queryset(request).exclude(pk__in=own_partnerships(request.user))
        partnership = others.filter(pk=pk).first()
        if partnership is None or not takes_meetings(partnership, at=now):
            raise Http404
        members = partnership.inside
        form = LogForThemForm(
            request.POST or None,
            partnership=partnership,
            progress=progress_of(partnership, on=timezone.localdate(now)),
            people=[(member.pk, member.application.user.name) for member in members],
            is_agreed=ContactFrequency.objects.filter(partnership=partnership).exists(),
            at=now,
        )
        if form.is_valid() and self._log(request, partnership, members, form, at=now):
            return redirect(reverse("admin:partnerships_partnership_change", args=[partnership.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Log a meeting",
            "opts": self.opts,
            "partnership": partnership,
            "people": self.people(partnership),
            "form": form,
        }
        return TemplateResponse(request, "admin/partnerships/partnership/log_meeting.html", context)

    @staticmethod
    def _log(request, partnership, members: list[Membership], form, *, at) -> bool:
        ticked = form.cleaned_data.pop("attendees", [])
        attendees = [member for member in members if member.pk in ticked]
        facts = {"is_official": False, **form.cleaned_data}
        try:
            log_meeting(partnership, by=request.user, attendees=attendees, at=at, **facts)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return False
        messages.success(request, "The meeting is logged.")
        return True
