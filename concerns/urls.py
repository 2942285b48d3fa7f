from django.urls import path, re_path

from concerns.views import handling, reporting, summary

urlpatterns = [
    path("help/", reporting.concern, name="concern"),
    path("help/answers/", reporting.concern_answers, name="concern_answers"),
    path("help/answers/add/", reporting.concern_add, name="concern_add"),
    path("help/mine/", reporting.my_concerns, name="my_concerns"),
    re_path(r"^help/mine/(?P<reference>\w{3}-\w{3})/add/$", reporting.my_concern_add, name="my_concern_add"),
    re_path(
        r"^help/received/(?P<reference>\w{3}-\w{3})/$", reporting.concern_received, name="concern_received"
    ),
    path("cases/", handling.cases, name="cases"),
    path("cases/summary/", summary.cases_summary, name="cases_summary"),
    path("cases/summary/figures.csv", summary.cases_summary_csv, name="cases_summary_csv"),
    path("cases/<uuid:pk>/", handling.case, name="case"),
    path("cases/<uuid:pk>/answer/", handling.case_answer, name="case_answer"),
    path("cases/<uuid:pk>/note/", handling.case_note, name="case_note"),
    path("cases/<uuid:pk>/assign/", handling.case_assign, name="case_assign"),
    path("cases/<uuid:pk>/move/", handling.case_move, name="case_move"),
    path("cases/<uuid:pk>/close/", handling.case_close, name="case_close"),
    path("cases/<uuid:pk>/keep-from/", handling.case_keep_from, name="case_keep_from"),
    path("cases/<uuid:pk>/publish/", handling.case_publish, name="case_publish"),
    path("cases/<uuid:pk>/pause/", handling.case_pause, name="case_pause"),
    path("cases/<uuid:pk>/resume/", handling.case_resume, name="case_resume"),
    path("cases/<uuid:pk>/find/", handling.case_find, name="case_find"),
]
