from django.urls import path, re_path

from concerns.views import handling, reporting

urlpatterns = [
    path("help/", reporting.concern, name="concern"),
    path("help/mine/", reporting.my_concerns, name="my_concerns"),
    re_path(
        r"^help/received/(?P<reference>\w{3}-\w{3})/$", reporting.concern_received, name="concern_received"
    ),
    path("cases/", handling.cases, name="cases"),
    path("cases/<uuid:pk>/", handling.case, name="case"),
    path("cases/<uuid:pk>/answer/", handling.case_answer, name="case_answer"),
    path("cases/<uuid:pk>/note/", handling.case_note, name="case_note"),
    path("cases/<uuid:pk>/assign/", handling.case_assign, name="case_assign"),
    path("cases/<uuid:pk>/move/", handling.case_move, name="case_move"),
    path("cases/<uuid:pk>/close/", handling.case_close, name="case_close"),
]
