from django.urls import path

from meetings.views import answers, correcting, logging, planning

urlpatterns = [
    path("partnerships/<int:pk>/meetings/log/", logging.log_meeting, name="log_meeting"),
    path("partnerships/<int:pk>/meetings/plan/", planning.plan_meeting, name="plan_meeting"),
    path("meetings/<int:pk>/change/", planning.change_plan, name="change_plan"),
    path("meetings/<int:pk>/cancel/", planning.cancel_plan, name="cancel_plan"),
    path("meetings/<int:pk>/missed/", planning.miss_meeting, name="miss_meeting"),
    path("meetings/<int:pk>/appointment.ics", planning.meeting_calendar, name="meeting_calendar"),
    path("meetings/<int:pk>/confirm/", correcting.confirm_meeting, name="confirm_meeting"),
    path("meetings/<int:pk>/correct/", correcting.correct_meeting, name="correct_meeting"),
    path("meetings/<int:pk>/strike/", correcting.strike_meeting, name="strike_meeting"),
    path("partnerships/<int:pk>/frequency/", logging.change_frequency, name="change_frequency"),
    path("reminders/<str:token>/arranging/", answers.answer_arranging, name="answer_arranging"),
    path("reminders/<str:token>/help/", answers.answer_help, name="answer_help"),
    path("reminders/<str:token>/met/", answers.answer_met, name="answer_met"),
    path("reminders/<str:token>/away/", answers.answer_away, name="answer_away"),
]
