from django.urls import path

from matching import views

urlpatterns = [path("offer/<int:pk>/", views.offer, name="offer")]
