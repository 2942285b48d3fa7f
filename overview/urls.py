from django.urls import path

from overview.equality import views as questionnaire
from overview.views import my_data, pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("partnerships/<int:pk>/", pages.partnership, name="partnership"),
    path("seen/", pages.seen, name="seen"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/my-data.zip", my_data.download_my_data, name="download_my_data"),
    path("my-data/ask/", my_data.ask_about_my_data, name="ask_about_my_data"),
    path("my-data/delete/", my_data.delete_account, name="delete_account"),
    path("my-data/keep/", my_data.keep_account, name="keep_account"),
    path("my-data/call-back/<str:token>/", my_data.call_back_erasure, name="call_back_erasure"),
    path("applications/<int:pk>/equality/", questionnaire.equality, name="equality"),
    path("applications/<int:pk>/equality/delete/", questionnaire.delete_equality, name="delete_equality"),
]
