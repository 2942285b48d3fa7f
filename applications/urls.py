from django.urls import path

from applications.views import applying, continuing, holding, outside, standing

urlpatterns = [
    path("programmes/<slug:slug>/apply/<str:role>/", applying.apply, name="apply"),
    path("applications/<int:pk>/", standing.application, name="application"),
    path("applications/<int:pk>/answers/", applying.edit_application, name="edit_application"),
    path("applications/<int:pk>/check/", applying.check_application, name="check_application"),
    path("applications/<int:pk>/accept/", standing.accept_policy, name="accept_policy"),
    path("applications/<int:pk>/hold/", holding.hold_application, name="hold_application"),
    path("applications/<int:pk>/withdraw/", standing.withdraw_application, name="withdraw_application"),
    path("programmes/<slug:slug>/outside/", outside.outside, name="outside"),
    path("interest/<str:token>/", outside.interest, name="interest"),
    path("continue/<str:token>/", continuing.continue_interest, name="continue_interest"),
]
