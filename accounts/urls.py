from django.urls import path

from accounts import views

urlpatterns = [
    path("welcome/<str:uidb64>/<str:token>/", views.welcome, name="welcome"),
    path("account/settings/", views.account_settings, name="account_settings"),
    # Comes before allauth's own view at this address.
    path("account/login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
]
