"""The addresses of sign-in: those pages of allauth that an organisation's staff may use, and no others.

Accounts come from the organisation, so there is no sign-up, no mail confirmation and no connecting of further accounts;
a forgotten password is reset by an administrator.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as company
from allauth.usersessions import views as sessions
from django.http import HttpRequest, HttpResponse
from django.urls import path

from jike.apps.organisation.pages.signing_in import SetUpApp
from jike.foundation.errors import NotFound

__all__ = ["urlpatterns"]


def closed(request: HttpRequest) -> HttpResponse:
    """Answer for pages that allauth must be able to name, and that nobody is to see."""
    raise NotFound


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/none/", closed, name="account_set_password"),
    path("password/forgotten/", closed, name="account_reset_password"),
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("email/sent/", closed, name="account_email_verification_sent"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/ask/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("company/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("company/failed/", social.login_error, name="socialaccount_login_error"),
    path("company/unknown/", social.signup, name="socialaccount_signup"),
    path("company/connections/", closed, name="socialaccount_connections"),
    path("oidc/<slug:provider_id>/login/", company.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", company.callback, name="openid_connect_callback"),
]
