"""How allauth and axes are bent to the organisation: no sign-up, our passwords, our lock-out page."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

__all__ = ["AccountAdapter", "CompanyAccountAdapter", "SecondFactorAdapter", "locked_out"]


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the organisation, never from a sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class CompanyAccountAdapter(DefaultSocialAccountAdapter):
    """A company account signs in whom the organisation already knows."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors for everyone."""


def locked_out(request: HttpRequest, credentials: Any, *args: object, **kwargs: object) -> HttpResponse:
    """Answer a sign-in under a name that is locked."""
    return render(request, "account/locked.html", status=429)
