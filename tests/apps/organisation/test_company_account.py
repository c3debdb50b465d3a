"""Signing in with the company's account, against a real OpenID Connect provider: code flow with PKCE, end to end."""

import http.cookiejar
import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from jike.apps.organisation import actions
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries.people import person_by_claim
from jike.foundation.audit import history_of
from tests.making import SYSTEM

ROOT = Path(__file__).parents[3]
LOGIN = reverse("openid_connect_login", args=["company"])
CALLBACK = reverse("openid_connect_callback", args=["company"])
NO_PROVIDER = not (shutil.which("node") and (ROOT / "node_modules" / "oidc-provider").is_dir())


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the provider on a free port."""
    if NO_PROVIDER:
        pytest.skip("needs node and the package oidc-provider (make setup)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).with_name("provider.mjs")
    command = ["node", str(script), str(port), f"http://testserver{CALLBACK}"]
    quiet = {**os.environ, "NODE_ENV": "test", "NODE_NO_WARNINGS": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if line.strip() == "ready":
                break
        yield f"http://127.0.0.1:{port}"
        run.terminate()
        run.stdout.read()


@pytest.fixture
def company(settings, issuer: str) -> str:
    """Point Jike at the provider."""
    app = {
        "provider_id": "company",
        "name": "Company account",
        "client_id": "jike",
        "secret": "a-secret-for-tests-only",
        "settings": {"server_url": issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return issuer


class Stopped(urllib.request.HTTPRedirectHandler):
    """Follows redirects within the provider, and stops at the one that leads back to Jike."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if newurl.startswith("http://testserver/"):
            raise Back(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Back(Exception):
    """The provider sent the browser back to this address."""


def through_the_provider(address: str, name: str) -> str:
    """Sign in and consent in the provider's own pages; return the address that leads back."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar, Stopped())
    try:
        page = browser.open(address).read().decode()
        for _step in range(4):
            action = re.search(r'<form[^>]*action="([^"]+)"', page)
            assert action is not None, page
            prompt = re.search(r'name="prompt" value="(\w+)"', page)
            assert prompt is not None, page
            fields = {"prompt": prompt[1], "login": name, "password": "anything"}
            target = urllib.parse.urljoin(address, action[1])
            page = browser.open(target, urllib.parse.urlencode(fields).encode()).read().decode()
    except Back as back:
        return str(back)
    raise AssertionError(page)


def sign_in_as(client: Client, name: str):
    """Go through the whole flow in the place of a browser."""
    start = client.post(LOGIN)
    assert start.status_code == 302
    assert "code_challenge_method=S256" in start.url
    back = through_the_provider(start.url, name)
    return client.get(back.removeprefix("http://testserver"))


def test_a_known_person_signs_in_with_the_companys_account(organisation, company, client):
    answer = sign_in_as(client, "AM")
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/me/").status_code == 200
    newest = history_of(organisation.people["AM"], SYSTEM)[0]
    assert (newest.verb, newest.values["method"][1]) == ("sign_in", "socialaccount")


@pytest.mark.parametrize("name", ["STRANGER", "SHUT"])
def test_nobody_is_created_and_nobody_shut_out_gets_in(organisation, company, client, name):
    shut = organisation.person("SHUT", "analyst", "GZ")
    actions.disable_person(shut, actor=organisation.actor("SYS"))
    before = Person.objects.count()
    assert sign_in_as(client, name).status_code == 200
    assert client.get("/me/").status_code == 302
    assert Person.objects.count() == before


def test_a_verified_mail_address_can_be_the_claim(organisation, company, client, settings):
    settings.CONFIG = replace(settings.CONFIG, oidc_claim="email")
    actions.change_person(
        organisation.people["AM"], actor=organisation.actor("SYS"), email="some.one@example.com"
    )
    assert sign_in_as(client, "some.one").status_code == 302
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    "answer", ["?code=forged&state=forged", "?error=access_denied&state=forged", "", "?code=x", "?state=%00"]
)
def test_forged_answers_of_the_provider_open_nothing(organisation, company, client, answer):
    assert client.get(f"{CALLBACK}{answer}").status_code in (200, 302, 400, 401, 403)
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"preferred_username": ""},
        {"preferred_username": ["AM"]},
        {"preferred_username": "\0"},
        {"preferred_username": "x" * 10_000},
    ],
    ids=range(5),
)
def test_claims_that_name_nobody_are_nobody(organisation, claims):
    assert person_by_claim("preferred_username", claims) is None


def test_an_unverified_or_shared_mail_address_names_nobody(organisation):
    sys = organisation.actor("SYS")
    actions.change_person(organisation.people["AM"], actor=sys, email="a@example.com")
    claims = {"email": "a@example.com", "email_verified": True}
    assert person_by_claim("email", claims) == organisation.people["AM"]
    assert person_by_claim("email", {**claims, "email_verified": "true"}) is None
    assert person_by_claim("email", {"email": "a@example.com"}) is None
    actions.change_person(organisation.people["HEAD"], actor=sys, email="A@example.com")
    assert person_by_claim("email", claims) is None
