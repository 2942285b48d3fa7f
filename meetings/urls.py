from django.urls import path

from meetings.views import logging

urlpatterns = [
    path("partnerships/<int:pk>/meetings/log/", logging.log_meeting, name="log_meeting"),
    path("partnerships/<int:pk>/frequency/", logging.change_frequency, name="change_frequency"),
]
