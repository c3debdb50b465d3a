"""Signing in with the company's account (OpenID Connect): lets in whom the organisation already knows."""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from jike.apps.organisation.actions.signing_in import record_sign_in_failure
from jike.apps.organisation.pages.signing_in import DOORKEEPER, address_of
from jike.apps.organisation.queries.people import person_by_claim

__all__ = ["CompanyAccountAdapter"]


class CompanyAccountAdapter(DefaultSocialAccountAdapter):
    """Maps the provider's claim to a person at each sign-in; no link is kept that could outlive a change of staff."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        person = person_by_claim(settings.CONFIG.oidc_claim, _claims(sociallogin.account.extra_data))
        sociallogin.user = person
        if person is None:
            record_sign_in_failure(
                None, actor=DOORKEEPER, address=address_of(request), step="company account"
            )


def _claims(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ID token counts before what the user-info endpoint adds."""
    return {**(data.get("userinfo") or {}), **(data.get("id_token") or {})}
