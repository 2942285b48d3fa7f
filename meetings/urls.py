from django.urls import path

from meetings import views

urlpatterns = [
    path("partnerships/<int:pk>/meetings/log/", views.log_meeting, name="log_meeting"),
    path("partnerships/<int:pk>/frequency/", views.change_frequency, name="change_frequency"),
]
