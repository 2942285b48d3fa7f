from django.urls import path

from outbox import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:pk>/", views.mailbox_message, name="mailbox_message"),
    path("<int:pk>/letter/", views.mailbox_letter, name="mailbox_letter"),
]
