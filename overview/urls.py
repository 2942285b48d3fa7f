from django.urls import path

from overview import views

urlpatterns = [
    path("", views.home, name="home"),
    path("partnerships/<int:pk>/", views.partnership, name="partnership"),
    path("seen/", views.seen, name="seen"),
]
