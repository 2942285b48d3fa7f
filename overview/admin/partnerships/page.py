from django.contrib.admin.utils import unquote
from django.urls import reverse
from django.utils import timezone

from meetings.queries import takes_meetings
from overview.admin.verbs import VERBS
from overview.queries.standing import standings
from overview.queries.timeline import timeline
from partnerships.models import Flag


class PageMixin:
    """For the admin of partnerships: one partnership as its office may know it, in facts (EI-6).

    Whoever takes part in it finds nothing here that their own page doesn't tell them.
    """

    fields = ["cohort"]
    change_form_template = "admin/partnerships/partnership/change_form.html"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        partnership = self.get_object(request, unquote(object_id))
        if partnership is not None and request.method != "POST":
            extra_context = {**self._facts(request, partnership), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def _facts(self, request, partnership):
        now = timezone.now()
        standing = standings([partnership], viewer=request.user, on=timezone.localdate(now))[partnership.pk]
        flags = Flag.objects.visible_to(request.user).filter(partnership=partnership)
        return {
            "title": partnership.name or self.people(partnership),
            "subtitle": None,
            "standing": standing,
            "members": partnership.inside,
            "flags": list(flags.open().select_related("membership__application__user")),
            "moments": timeline(partnership, viewer=request.user, on=timezone.localdate(now)),
            "log_url": self._log_url(partnership, standing, at=now),
            "runs": partnership.is_active and not standing.is_own,
            "verbs": [] if standing.is_own else self._verbs(partnership),
        }

    @staticmethod
    def _verbs(partnership):
        """What the office can do, but for what an open flag alone asks."""
        return [verb for verb in VERBS if not verb.needs_flag and verb.fits(partnership, None)]

    @staticmethod
    def _log_url(partnership, standing, *, at):
        """Where the office notes a meeting for them; nowhere for one's own, or once none is counted any more."""
        if standing.is_own or not takes_meetings(partnership, at=at):
            return None
        return reverse("admin:partnerships_partnership_log_meeting", args=[partnership.pk])
