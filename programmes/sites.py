"""The admin as an office's workplace: open to holders of an office's duty, and to nobody by rank alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from programmes import school_pages
from programmes.permissions import may_use_admin

# How an office works: what waits first, what is set once last; each list with what it is for. A list that isn't
# named here stands at the end, under the name of its app.
ORDER: dict[str, dict[str, str]] = {
    "People": {
        "Application": "Who applied, whether they may join, and your decisions.",
        "AlumniRecord": "The list that mentors are checked against.",
    },
    "Partnerships": {
        "Flag": "What waits for you: who asked for help or can’t go on, and who hasn’t met for too long.",
        "Partnership": "Who is with whom, whether they meet, and what you can do for them.",
        "MatchRun": "Who fits whom: suggestions to look through, decide on and release.",
    },
    "Training": {"Session": "Dates and places, who comes, who waits, who was there."},
    "What people read": {
        "Wording": "Your own words for reminders and for the end of the programme.",
        "PolicyVersion": "Texts that people accept, and what each side sees of the other.",
        "SchoolPage": "The School’s policies that your pages link to: look at each twice a year.",
        "Question": "What visitors asked, and your answers.",
    },
    "Set up": {
        "Cohort": "A run of the programme: its dates and its policy.",
        "Programme": "What it is called, who may join, what applicants are asked, when people are reminded.",
        "Duty": "Who administers, who decides eligibility, who handles concerns.",
    },
    "Records": {
        "Message": "Which e-mails went to whom and when, and which failed.",
        "Disclosure": "Which details of whom were shown to whom, and when.",
        "Snapshot": "Who applies, is matched and completes, month by month, in rounded figures.",
        "RetentionPeriod": "How long each kind of detail is kept, and what is due to be deleted.",
        "RetentionRun": "What was deleted when its period was over: counts.",
        "DataRequest": "What people ask or complain of about their data, and by when they are answered.",
    },
}


class OfficeSite(admin.AdminSite):
    site_header = "Mentorship"
    site_title = "Mentorship"
    index_title = "Office"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_use_admin(request)

    def get_urls(self) -> list[Any]:
        """Without the detour by content type, which says for any row of any programme whether it exists (ALL-1)."""
        return [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists by what an office does with them, rather than by app and alphabet."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        rows = {row["object_name"]: row for app in apps for row in app["models"]}
        groups = [
            _group(heading, [(rows.pop(name, None), hint) for name, hint in lists.items()])
            for heading, lists in ORDER.items()
        ]
        rest = [
            _group(app["name"], [(rows.pop(row["object_name"], None), "") for row in app["models"]])
            for app in apps
        ]
        return [group for group in [*groups, *rest] if group["models"]]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With what is due of the links that somebody looks after."""
        due = school_pages.due_for(request.user, on=timezone.localdate())
        return super().index(request, {"due": due, **(extra_context or {})})

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """On the account's own page, which asks for a proof first and keeps its limits."""
        return redirect("account_change_password")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in on the site's own page, under its limits; who is signed in without a duty is refused."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def _group(heading: str, lists: list[tuple[dict[str, Any] | None, str]]) -> dict[str, Any]:
    """A group as Django's templates take an app."""
    rows = [{**row, "hint": hint} for row, hint in lists if row is not None]
    return {
        "name": heading,
        "app_label": slugify(heading),
        "app_url": "",
        "has_module_perms": True,
        "models": rows,
    }
