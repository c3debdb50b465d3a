"""The second factor: set up, asked for, counted, demanded, taken away."""

from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from jike.apps.organisation import actions
from jike.foundation.ciphers import open_secret
from jike.foundation.models import Change
from tests.apps.organisation.conftest import PASSWORD, sign_in


def code_of(secret, *, ahead=0):
    counter = next(iter(yield_hotp_counters_from_time())) + ahead
    return format_hotp_value(hotp_value(secret, counter))


def set_up(browser):
    """Confirm the password, then set a second factor up; give its secret."""
    browser.post("/account/confirm/", {"password": PASSWORD})
    secret = browser.get("/account/second-factor/app/").context["form"].secret
    done = browser.post("/account/second-factor/app/", {"code": code_of(secret)})
    assert done.status_code == 302
    return secret


@pytest.fixture
def protected(organisation, signed_in):
    """Set up a second factor for AM; give its secret."""
    return set_up(signed_in("AM"))


def test_the_secret_lies_enciphered_in_the_database(organisation, protected):
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert protected not in stored
    assert open_secret(stored, purpose="second-factor") == protected


def test_signing_in_asks_for_the_code(organisation, protected):
    browser = Client()
    assert sign_in(browser, "AM").url.startswith("/account/second-factor/ask/")
    assert browser.get("/me/").status_code == 302
    wrong = browser.post("/account/second-factor/ask/", {"code": "000000"})
    assert wrong.status_code == 200
    right = browser.post("/account/second-factor/ask/", {"code": code_of(protected, ahead=1)})
    assert right.status_code == 302
    assert browser.get("/me/").status_code == 200


def test_a_recovery_code_opens_once(organisation, protected):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for expected in (200, 302):
        browser = Client()
        sign_in(browser, "AM")
        browser.post("/account/second-factor/ask/", {"code": codes[0]})
        assert browser.get("/me/").status_code == (200 if expected == 200 else 302)


def answer(code):
    """Sign in anew as AM with this code; whether it opened. No process remembers anything of the one before."""
    cache.clear()
    browser = Client()
    sign_in(browser, "AM")
    browser.post("/account/second-factor/ask/", {"code": code})
    return browser.get("/me/").status_code == 200


def test_a_used_code_opens_in_no_other_process(organisation, protected):
    code = code_of(protected, ahead=1)
    assert [answer(code), answer(code)] == [True, False]
    recorded = Change.objects.filter(uid=organisation.people["AM"].uid, verb="sign_in_failed")
    assert recorded.count() == 1


def test_the_code_typed_at_the_set_up_opens_no_more(organisation, signed_in):
    browser = signed_in("AM")
    browser.post("/account/confirm/", {"password": PASSWORD})
    secret = browser.get("/account/second-factor/app/").context["form"].secret
    code = code_of(secret, ahead=1)
    assert browser.post("/account/second-factor/app/", {"code": code}).status_code == 302
    assert [answer(code), answer(code_of(secret, ahead=2))] == [False, True]


def test_a_code_older_than_the_used_one_no_longer_opens(organisation, protected):
    assert [answer(code_of(protected, ahead=1)), answer(code_of(protected, ahead=0))] == [True, False]


def test_a_used_recovery_code_opens_in_no_other_process(organisation, protected):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert [answer(codes[0]), answer(codes[0]), answer(codes[1])] == [True, False, True]


def test_wrong_codes_lock_the_name_like_wrong_passwords(organisation, protected, settings):
    browser = Client()
    sign_in(browser, "AM")
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        browser.post("/account/second-factor/ask/", {"code": "000000"})
    locked = browser.post("/account/second-factor/ask/", {"code": code_of(protected, ahead=1)})
    assert locked.status_code in (200, 429)
    assert browser.get("/me/").status_code == 302
    assert sign_in(Client(), "AM").status_code == 429
    recorded = Change.objects.filter(uid=organisation.people["AM"].uid, verb="sign_in_failed")
    assert recorded.count() >= settings.AXES_FAILURE_LIMIT


def test_where_it_is_demanded_nothing_else_opens_before(organisation, signed_in, settings):
    settings.CONFIG = replace(settings.CONFIG, require_second_factor=True)
    browser = signed_in("HEAD")
    assert browser.get("/people/").url == "/account/second-factor/app/"
    set_up(browser)
    assert browser.get("/people/").status_code == 200


def test_an_administrator_takes_a_lost_one_away(organisation, protected):
    actions.reset_second_factor(organisation.people["AM"], actor=organisation.actor("SYS"))
    assert sign_in(Client(), "AM").url == "/"
