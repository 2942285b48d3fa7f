from django.urls import path

from overview import views
from overview.equality import views as questionnaire

urlpatterns = [
    path("", views.home, name="home"),
    path("partnerships/<int:pk>/", views.partnership, name="partnership"),
    path("my-data/call-back/<str:token>/", views.call_back_erasure, name="call_back_erasure"),
    path("seen/", views.seen, name="seen"),
    path("applications/<int:pk>/equality/", questionnaire.equality, name="equality"),
    path("applications/<int:pk>/equality/delete/", questionnaire.delete_equality, name="delete_equality"),
]
