from django.urls import path, re_path

from concerns import views

urlpatterns = [
    path("help/", views.concern, name="concern"),
    path("help/mine/", views.my_concerns, name="my_concerns"),
    re_path(r"^help/received/(?P<reference>\w{3}-\w{3})/$", views.concern_received, name="concern_received"),
    path("cases/", views.cases, name="cases"),
    path("cases/<uuid:pk>/", views.case, name="case"),
    path("cases/<uuid:pk>/answer/", views.case_answer, name="case_answer"),
    path("cases/<uuid:pk>/note/", views.case_note, name="case_note"),
    path("cases/<uuid:pk>/assign/", views.case_assign, name="case_assign"),
    path("cases/<uuid:pk>/move/", views.case_move, name="case_move"),
    path("cases/<uuid:pk>/close/", views.case_close, name="case_close"),
]
