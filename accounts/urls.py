from allauth.account.views import password_set
from django.urls import path

from accounts import views
from accounts.proofs import step_up

urlpatterns = [
    path("welcome/<str:uidb64>/<str:token>/", views.welcome, name="welcome"),
    path("account/settings/", views.account_settings, name="account_settings"),
    path("account/again/", views.sign_in_again, name="sign_in_again"),
    # Come before allauth's own views at these addresses.
    path("account/confirm-email/", views.confirm_email, name="account_email_verification_sent"),
    path("account/login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("account/password/set/", step_up(password_set), name="account_set_password"),
    path("account/2fa/totp/activate/", views.activate_totp, name="mfa_activate_totp"),
    path("account/2fa/webauthn/add/", views.add_webauthn, name="mfa_add_webauthn"),
]
