from django.urls import path

from applications import views

urlpatterns = [
    path("programmes/<slug:slug>/apply/<str:role>/", views.apply, name="apply"),
    path("applications/<int:pk>/", views.application, name="application"),
    path(
        "applications/<int:pk>/answers/",
        views.edit_application,
        name="edit_application",
    ),
    path(
        "applications/<int:pk>/check/",
        views.check_application,
        name="check_application",
    ),
    path("applications/<int:pk>/accept/", views.accept_policy, name="accept_policy"),
    path(
        "applications/<int:pk>/withdraw/",
        views.withdraw_application,
        name="withdraw_application",
    ),
]
