"""Addresses of the whole site; each app keeps its own. Names apps by string only."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

handler500 = "mentorship.views.server_error"
urlpatterns = [
    path("", include("overview.urls")),
    path("", include("accounts.urls")),
    path("", include("programmes.urls")),
    path("", include("applications.urls")),
    path("", include("training.urls")),
    path("", include("partnerships.urls")),
    path("", include("matching.urls")),
    path("", include("meetings.urls")),
    path("", include("concerns.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
if settings.EXAMPLE:
    urlpatterns.append(path("mailbox/", include("outbox.urls")))
