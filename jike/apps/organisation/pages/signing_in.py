"""How Django, allauth and axes are bent to the organisation: our people, our passwords, our lock-out, our history.

Nobody signs up, nobody connects further accounts. Whoever may not sign in is refused in the words of a wrong password.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.organisation.actions import change_own_password
from jike.apps.organisation.actions.second_factor import spend_code
from jike.apps.organisation.actions.signing_in import (
    record_lock_out,
    record_sign_in,
    record_sign_in_failure,
    record_sign_out,
)
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries.people import person_known_as, person_numbered
from jike.apps.organisation.rules.passwords import PASSWORD_LIMIT
from jike.foundation.ciphers import open_secret, sealed_secret
from jike.foundation.errors import Invalid
from jike.foundation.scope import Actor, ActorKind, fetch, system_actor

__all__ = [
    "AccountAdapter",
    "ChangePasswordForm",
    "SecondFactorAdapter",
    "SecondFactorAgainForm",
    "SecondFactorForm",
    "SetUpApp",
    "StaffBackend",
    "locked_name",
    "locked_out",
]

DOORKEEPER = system_actor("sign-in")
PURPOSE = "second-factor"
"""Of the key under which the secrets of second factors are enciphered."""


def address_of(request: HttpRequest) -> str:
    """Return the address of whoever asks; behind trusted proxies the server has put the real one here."""
    return str(request.META.get("REMOTE_ADDR", ""))


def myself(person: Person, request: HttpRequest) -> Actor:
    """Return the actor under which somebody's own coming and going is recorded."""
    number = getattr(request, "jike_id", None)
    extra = {"request": number} if number else {}
    return Actor(kind=ActorKind.PERSON, uid=person.uid, name=person.name, person=person.pk, **extra)


class StaffBackend(ModelBackend):
    """Knows people by staff or telephone number; the unknown cost as much time as the known."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **rest: Any,
    ) -> Any:
        if not username or not password:
            return None
        person = person_known_as(username)
        if person is None or len(password) > PASSWORD_LIMIT or not person.has_usable_password():
            Person().set_password(password[:PASSWORD_LIMIT])
            return None
        return person if person.check_password(password) and person.standing else None

    def get_user(self, user_id: int) -> Any:
        """Return who a session belongs to, as they are now; None when they may no longer sign in."""
        person = person_numbered(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.standing)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the organisation, never from a sign-up form; what happens at the door is recorded."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The staff number or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        hosts = {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, hosts, require_https=self.request.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        person = person_known_as(str(credentials.get("username") or ""))
        record_sign_in_failure(person, actor=DOORKEEPER, address=address_of(request))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        methods = [str(record.get("method")) for record in get_authentication_records(request, user)]
        method = "+".join(dict.fromkeys(methods))
        record_sign_in(user, actor=myself(user, request), method=method, address=address_of(request))

    def logout(self, request: HttpRequest) -> None:
        person = request.user if isinstance(request.user, Person) else None
        super().logout(request)
        if person is not None:
            record_sign_out(person, actor=myself(person, request), address=address_of(request))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors for everyone; their secrets are enciphered at rest, and stay where the operator demands them."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right."),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.staff_no)

    def encrypt(self, text: str) -> str:
        return sealed_secret(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text, purpose=PURPOSE)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not settings.CONFIG.require_second_factor


class _CountedCode:
    """A wrong code counts towards the lock-out like a wrong password, and is recorded; so does a used one."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> Any:
        credentials = {"login": self.user.staff_no}
        if not AxesProxyHandler.is_allowed(context.request, credentials):
            raise ValidationError(_("Too many wrong attempts; try again later."))
        code = super().clean_code()  # type: ignore[misc]
        of_app = self.authenticator.type == Authenticator.Type.TOTP
        if of_app and not spend_code(self.user, code, actor=DOORKEEPER):
            self._emit_authentication_failed(self.authenticator)
            raise ValidationError(_("This code was used before. Wait for the next one."))
        return code

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        AxesProxyHandler.user_login_failed(type(self), {"login": self.user.staff_no}, request=context.request)
        record_sign_in_failure(
            self.user, actor=DOORKEEPER, address=address_of(context.request), step="second factor"
        )


class SecondFactorForm(_CountedCode, AuthenticateForm):
    """Asks for the code while signing in."""


class SecondFactorAgainForm(_CountedCode, ReauthenticateForm):
    """Asks for the code before something delicate."""


class SetUpApp(ActivateTOTPView):
    """Sets an app up; the code that proves it works is used up by that."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        spend_code(self.request.user, form.cleaned_data["code"], actor=DOORKEEPER)
        return response


class ChangePasswordForm(AllauthChangePasswordForm):
    """Changes one's own password through the action, which knows the policy; the open page stays signed in."""

    def clean_oldpassword(self) -> str:
        typed = str(self.cleaned_data.get("oldpassword", ""))
        if authenticate(context.request, username=self.user.staff_no, password=typed) is None:
            raise ValidationError(_("This is not your current password."))
        return typed

    def clean(self) -> Any:
        cleaned = super().clean()
        if not self.errors:
            self._change()
        return cleaned

    def _change(self) -> None:
        actor: Actor = context.request.actor
        given = {"current": self.cleaned_data["oldpassword"], "new": self.cleaned_data["password1"]}
        session = str(context.request.session.session_key or "")
        # allauth renews the session from this row, which must be the changed one.
        self.user = fetch(Person, actor.uid or "", actor)
        try:
            change_own_password(self.user, actor=actor, session=session, **given)
        except Invalid as problem:
            names = {"current": "oldpassword", "new": "password1"}
            for name, sentences in problem.fields.items():
                self.add_error(names.get(name), sentences)

    def save(self) -> None:
        """Nothing more to do: the action has stored it; the session's key is renewed by allauth afterwards."""


def locked_name(request: HttpRequest, credentials: Any = None) -> str:
    """Return the name under which failures count: the person's staff number, however it was typed.

    For names that nobody bears it is a keyed digest: people type passwords into the wrong field.
    """
    given = credentials or {}
    typed = str(given.get("login") or given.get("username") or "")
    person = person_known_as(typed)
    if person is not None:
        return person.staff_no
    return "?" + salted_hmac("jike.locked_name", typed[:200].strip().casefold()).hexdigest()[:24]


def locked_out(request: HttpRequest, original: Any, credentials: Any = None) -> HttpResponse:
    """Answer a sign-in under a name that is locked."""
    given = credentials or {}
    person = person_known_as(str(given.get("login") or given.get("username") or ""))
    record_lock_out(person, actor=DOORKEEPER, address=address_of(request))
    return render(request, "account/locked.html", status=429)
