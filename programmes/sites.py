"""The admin as an office's workplace: open to holders of an office's duty, and to nobody by rank alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from programmes.permissions import may_use_admin


class OfficeSite(admin.AdminSite):
    site_header = "Mentorship"
    site_title = "Mentorship"
    index_title = "Office"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_use_admin(request)

    def get_urls(self) -> list[Any]:
        """Without the detour by content type, which says for any row of any programme whether it exists (ALL-1)."""
        return [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in on the site's own page, under its limits; who is signed in without a duty is refused."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
