from django.urls import path, re_path

from programmes import views

urlpatterns = [
    path("programmes/<slug:slug>/", views.programme, name="programme"),
    path("programmes/<slug:slug>/toolkit/", views.toolkit, name="toolkit"),
    path("programmes/<slug:slug>/ask/", views.ask_question, name="ask_question"),
    re_path(
        r"^programmes/(?P<slug>[-\w]+)/(?P<kind>policy|guidance|notice)/(?P<label>[A-Za-z0-9._-]+)/$",
        views.policy_version,
        name="policy_version",
    ),
    re_path(
        r"^programmes/(?P<slug>[-\w]+)/(?P<kind>policy|guidance|notice)/(?P<label>[A-Za-z0-9._-]+)"
        r"/since/(?P<earlier>[A-Za-z0-9._-]+)/$",
        views.compare_versions,
        name="compare_versions",
    ),
    path("privacy/", views.privacy, name="privacy"),
]
