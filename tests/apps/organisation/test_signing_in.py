"""Signing in and out in the browser's place: who gets in, what is locked, what is recorded, what must be done first."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Person
from jike.apps.organisation.pages.signing_in import StaffBackend
from jike.foundation.audit import history_of
from jike.foundation.audit.searching import Wanted, search_changes
from jike.foundation.models import Change, ChangeValues
from jike.foundation.scope import SEALED
from jike.site.passwords import StaffPasswordHasher
from tests.apps.organisation.conftest import PASSWORD, sign_in
from tests.making import SYSTEM


def verbs(person=None):
    changes = Change.objects.filter(kind="organisation.person").order_by("id")
    return list((changes.filter(uid=person.uid) if person else changes).values_list("verb", flat=True))


@pytest.mark.parametrize("login", ["AM", "am", " ａｍ ", "13800138000"])
def test_people_sign_in_by_staff_or_telephone_number(organisation, client, login):
    actions.change_person(organisation.people["AM"], actor=organisation.actor("SYS"), phone="13800138000")
    response = sign_in(client, login)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/me/").status_code == 200
    assert verbs(organisation.people["AM"])[-1] == "sign_in"
    client.post("/account/logout/")
    assert client.get("/me/").status_code == 302
    assert verbs(organisation.people["AM"])[-1] == "sign_out"


def test_whoever_may_not_sign_in_is_refused_in_the_words_of_a_wrong_password(organisation, client):
    sys = organisation.actor("SYS")
    gone = organisation.person("GONE", "analyst", "GZ")
    shut = organisation.person("SHUT", "analyst", "GZ")
    actions.remove_person(gone, actor=sys)
    actions.disable_person(shut, actor=sys)
    answers = {
        sign_in(client, login, password).content.decode().replace(login, "")
        for login, password in (
            ("AM", "wrong-password"),
            ("GONE", PASSWORD),
            ("SHUT", PASSWORD),
            ("NOBODY", "x"),
        )
    }
    assert len({strip_tokens(answer) for answer in answers}) == 1
    assert client.get("/me/").status_code == 302


def strip_tokens(page):
    lines = [
        line
        for line in page.splitlines()
        if "csrf" not in line and "nonce" not in line and "X-CSRFToken" not in line
    ]
    return "\n".join(lines)


def test_a_name_is_locked_after_some_failures_however_it_is_typed(organisation, client, settings):
    actions.change_person(organisation.people["AM"], actor=organisation.actor("SYS"), phone="13800138000")
    typed = ["AM", "am", " ＡＭ", "13800138000", "+8613800138000"]
    assert len(typed) == settings.AXES_FAILURE_LIMIT
    statuses = [sign_in(client, login, "wrong-password").status_code for login in typed]
    assert statuses == [200, 200, 200, 200, 429]
    assert sign_in(client, "AM").status_code == 429
    assert sign_in(Client(), "HEAD").status_code == 302
    recorded = verbs(organisation.people["AM"])
    assert recorded.count("sign_in_failed") >= 5
    assert "locked_out" in recorded


def test_what_was_typed_as_an_unknown_name_is_kept_nowhere(organisation, client):
    from axes.models import AccessAttempt

    secret = "My-secret-typed-in-wrong-field"
    sign_in(client, secret, "x")
    assert verbs()[-1] == "sign_in_failed"
    stored = str(list(AccessAttempt.objects.values())) + str(list(ChangeValues.objects.values()))
    assert secret not in stored


def test_signing_in_renews_the_session(organisation, client):
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["jike_session"] = planted
    sign_in(client, "AM")
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize("cookie", ["forged", "x" * 32, "\\0", ""])
def test_forged_session_cookies_are_nobody(organisation, client, cookie):
    client.cookies["jike_session"] = cookie
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://localhost/x",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\t/e.x",
    ],
)
def test_signing_in_leads_nowhere_else(organisation, client, onward):
    assert sign_in(client, "AM", next=onward).url == "/"


def test_signing_in_leads_where_one_wanted_to_go(organisation, client):
    assert sign_in(client, "AM", next="/units/").url == "/units/"


def test_forms_without_their_token_are_refused(organisation):
    browser = Client(enforce_csrf_checks=True)
    assert sign_in(browser, "AM").status_code == 403
    assert browser.get("/me/").status_code == 302


def test_a_first_password_must_be_changed_before_anything_else(organisation, client):
    new = actions.add_person(actor=SYSTEM, staff_no="NEW", name="新人", unit=organisation.units["TH"])
    sign_in(client, "NEW", new.password)
    for page in ("/", "/people/", "/me/"):
        assert client.get(page).url == "/account/password/"
    assert client.post("/people/add/").status_code == 403
    page = client.post(
        "/account/password/",
        {"oldpassword": new.password, "password1": "NEW-NEW-NEW", "password2": "different"},
    )
    assert page.status_code == 200
    done = client.post(
        "/account/password/", {"oldpassword": new.password, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert done.status_code == 302
    assert client.get("/people/").status_code == 200
    assert len(queries.sessions_of(new.person)) == 1
    assert "set_password" in verbs(new.person)


def test_a_poor_new_password_is_told_beside_its_field(organisation, signed_in):
    browser = signed_in("AM")
    page = browser.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert page.status_code == 200
    assert page.context["form"].errors["password1"]
    wrong = browser.post(
        "/account/password/",
        {"oldpassword": "no", "password1": "Fresh-horse-9", "password2": "Fresh-horse-9"},
    )
    assert wrong.context["form"].errors["oldpassword"]
    assert Person.objects.get(staff_no="AM").check_password(PASSWORD)


def test_an_old_password_must_be_renewed_where_passwords_expire(organisation, signed_in, settings):
    from dataclasses import replace

    browser = signed_in("AM")
    settings.CONFIG = replace(settings.CONFIG, password_days=30)
    assert browser.get("/people/").status_code == 200
    person = Person.objects.get(staff_no="AM")
    person.password_set_at = timezone.now() - dt.timedelta(days=31)
    person.save(update_fields=["password_set_at"])
    assert browser.get("/people/").url == "/account/password/"


class CountingHasher(StaffPasswordHasher):
    """Counts how often a password is hashed, which is what a sign-in costs."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        CountingHasher.hashed += 1
        return super().verify(password, encoded)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("NOBODY", "x"),
        ("NOBODY", "x" * 1_000_000),
        ("AM", PASSWORD),
        ("AM", "wrong"),
        ("HEAD", "wrong"),
        ("HEAD", "x" * 1_000_000),
    ],
)
def test_unknown_shut_out_and_known_names_cost_one_hash_each(organisation, settings, name, password):
    """Nothing is to be learnt from the clock."""
    actions.disable_person(organisation.people["AM"], actor=SYSTEM)
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed = 0
    assert StaffBackend().authenticate(None, username=name, password=password) is None
    assert CountingHasher.hashed == 1


def test_from_where_somebody_signed_in_is_for_themselves_and_for_administrators(organisation, client):
    sign_in(client, "AM")
    organisation.person("AM2", "account_manager", "TH")

    def told(reader):
        entries = history_of(organisation.people["AM"], organisation.actor(reader))
        return next(entry for entry in entries if entry.verb == "sign_in").values["address"]

    assert [told(reader)[1] for reader in ("AM", "SYS", "SEC", "AUD")] == ["127.0.0.1"] * 4
    assert [told(reader) for reader in ("AM2", "HEAD")] == [SEALED] * 2


def test_an_auditor_sees_from_where_unknown_names_were_tried(organisation, client):
    sign_in(client, "NOBODY-AT-ALL")
    (found,) = search_changes(Wanted(verb="sign_in_failed"), organisation.actor("AUD"))
    assert found.values["address"][1] == "127.0.0.1"


def test_a_token_opens_the_interface_and_no_page(organisation, client):
    person = organisation.person("AN", "analyst", "GZ")
    from tests.making import acting

    token, secret = actions.issue_token(
        actor=acting(person),
        name="BI",
        scopes=["organisation.unit:view"],
        expires_at=timezone.now() + dt.timedelta(days=3),
    )
    answer = client.get("/api/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json() == {"kind": "token", "name": "BI", "permissions": ["organisation.unit:view"]}
    assert client.get("/units/", headers={"Authorization": f"Bearer {secret}"}).status_code == 302
    for forged in ("", "x", secret[:-1], secret + "=", "\x00"):
        refused = client.get("/api/me", headers={"Authorization": f"Bearer {forged}"})
        assert refused.status_code == 401, forged
    token.refresh_from_db()
    used = token.version
    assert token.last_used_at is not None
    client.get("/api/me", headers={"Authorization": f"Bearer {secret}"})
    token.refresh_from_db()
    assert token.version == used
