from django.urls import path

from training import views

urlpatterns = [
    path("training/", views.trainings, name="trainings"),
    path("training/<int:pk>/", views.training_session, name="training_session"),
    path("training/<int:pk>/book/", views.book_training, name="book_training"),
    path("training/<int:pk>/cancel/", views.cancel_training, name="cancel_training"),
    path("training/<int:pk>/calendar/", views.training_calendar, name="training_calendar"),
    path("training/<int:pk>/certificate/", views.training_certificate, name="training_certificate"),
]
