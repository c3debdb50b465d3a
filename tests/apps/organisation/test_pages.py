"""The organisation's pages: what they show, take, refuse and hide."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jike.apps.organisation import actions
from jike.apps.organisation.models import Deputy, Grant, Person, Role, Unit
from jike.foundation.models import Change
from jike.values.rights import Breadth
from tests.apps.organisation.conftest import in_days, sign_in
from tests.making import SYSTEM, acting

LISTS = ["/people/", "/units/", "/roles/", "/roles/matrix/", "/deputies/", "/tokens/"]
OPEN = {
    "SYS": {"/people/", "/units/", "/roles/", "/roles/matrix/", "/deputies/", "/tokens/"},
    "SEC": {"/people/", "/units/", "/roles/", "/roles/matrix/", "/deputies/", "/tokens/"},
    "AUD": {"/people/", "/units/", "/roles/", "/roles/matrix/", "/deputies/", "/tokens/"},
    "HEAD": {"/people/", "/units/", "/deputies/", "/tokens/"},
    "AM": {"/people/", "/units/", "/deputies/", "/tokens/"},
}


def addresses(organisation):
    """Every page of one record each, by what must be seen to open it."""
    person, unit, role = organisation.people["AM"], organisation.units["TH"], organisation.roles["analyst"]
    return [
        *LISTS,
        f"/people/{person.uid}/",
        f"/people/{person.uid}/change/",
        f"/people/{person.uid}/move/",
        f"/people/{person.uid}/posts/add/",
        f"/people/{person.uid}/deputies/add/",
        f"/posts/{person.posts.get().uid}/end/",
        "/people/add/",
        "/people/?q=wang&unit=" + str(unit.uid),
        "/people/?removed=1",
        f"/units/{unit.uid}/",
        f"/units/{unit.uid}/change/",
        f"/units/{unit.uid}/move/",
        "/units/add/",
        f"/roles/{role.uid}/",
        f"/roles/{role.uid}/change/",
        f"/roles/{role.uid}/cells/organisation.unit:view/",
        "/roles/add/",
        "/tokens/add/",
    ]


@pytest.mark.parametrize("staff_no", list(OPEN))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_or_is_refused_for_every_role(organisation, signed_in, staff_no, language):
    actions.set_preferences(
        organisation.people[staff_no], actor=organisation.actor(staff_no), language=language
    )
    browser = signed_in(staff_no)
    found = {address: browser.get(address).status_code for address in addresses(organisation)}
    assert set(found.values()) <= {200, 403, 404}
    assert {address for address in LISTS if found[address] == 200} == OPEN[staff_no]


def test_strangers_see_no_page(organisation, client):
    for address in addresses(organisation):
        assert client.get(address).status_code == 302


def test_what_one_may_not_see_looks_like_what_is_not_there(organisation, signed_in):
    browser = signed_in("AM")
    hidden = organisation.person("FAR", "analyst", "SZ")
    for kind, row in (
        ("people", hidden),
        ("units", organisation.units["SZ"]),
        ("roles", organisation.roles["analyst"]),
    ):
        unseen, absent = browser.get(f"/{kind}/{row.uid}/"), browser.get(f"/{kind}/{uuid.uuid4()}/")
        assert (unseen.status_code, absent.status_code) == (404, 404)
        assert browser.post(f"/people/{hidden.uid}/disable/").status_code == 404
    assert browser.get(f"/people/?unit={organisation.units['SZ'].uid}").status_code == 404


@pytest.mark.parametrize(
    "verb", ["disable", "enable", "remove", "sign-out", "reset-second-factor", "reset-password", "see-as"]
)
def test_verbs_are_posts_and_need_their_right(organisation, signed_in, verb):
    address = f"/people/{organisation.people['AM'].uid}/{verb}/"
    assert signed_in("SYS").get(address).status_code == 405
    assert signed_in("HEAD").post(address).status_code == 403
    assert Client().post(address).status_code == 302


def test_a_system_administrator_runs_a_persons_whole_life(organisation, signed_in):
    browser, unit = signed_in("SYS"), organisation.units["TH"]
    facts = {"staff_no": "P1", "name": "赵一", "phone": "13900139000", "email": "p1@example.com"}
    page = browser.post("/people/add/", {**facts, "unit": unit.uid})
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    person = Person.objects.get(staff_no="P1")
    again = browser.post("/people/add/", {**facts, "unit": unit.uid})
    assert again.status_code == 422
    address = f"/people/{person.uid}/"
    changed = browser.post(f"{address}change/", {**facts, "name": "赵二", "version": person.version})
    assert changed.status_code == 302
    moved = browser.post(
        f"{address}move/", {"unit": organisation.units["YX"].uid, "version": person.version + 1}
    )
    assert moved.status_code == 302
    for verb in ("disable", "disable", "enable", "remove", "restore", "sign-out"):
        assert browser.post(f"{address}{verb}/").status_code == 302, verb
    person.refresh_from_db()
    assert (person.name, person.unit, person.standing) == ("赵二", organisation.units["YX"], True)
    assert b"P1" in browser.get("/people/?q=zhaoer").content


def test_a_stale_form_shows_what_differs_and_can_be_sent_again(organisation, signed_in):
    browser, unit = signed_in("SYS"), organisation.units["TH"]
    seen = unit.version
    actions.change_unit(unit, actor=SYSTEM, name="他人所改")
    facts = {"code": "TH", "name": "我所改", "level": "county"}
    page = browser.post(f"/units/{unit.uid}/change/", {**facts, "version": seen})
    assert page.status_code == 422
    assert ("他人所改", "我所改") in [found[1:] for found in page.context["differences"]]
    version = page.context["form"]["version"].value()
    assert browser.post(f"/units/{unit.uid}/change/", {**facts, "version": version}).status_code == 302
    assert Unit.objects.get(pk=unit.pk).name == "我所改"


def test_units_are_added_moved_and_removed_on_their_pages(organisation, signed_in):
    browser, units = signed_in("SYS"), organisation.units
    browser.post("/units/add/", {"code": "G1", "name": "一网格", "level": "grid", "parent": units["TH"].uid})
    unit = Unit.objects.get(code="G1")
    browser.post(f"/units/{unit.uid}/move/", {"parent": units["YX"].uid, "version": unit.version})
    unit.refresh_from_db()
    assert unit.parent == units["YX"]
    refused = browser.post(f"/units/{units['GZ'].uid}/move/", {"parent": units["TH"].uid, "version": 1})
    assert refused.status_code == 422
    assert browser.post(f"/units/{unit.uid}/remove/").status_code == 302
    assert browser.get(f"/units/{unit.uid}/").status_code == 404


def test_a_cell_of_the_matrix_is_opened_and_set(organisation, signed_in):
    browser, role = signed_in("SEC"), organisation.roles["analyst"]
    cell = f"/roles/{role.uid}/cells/organisation.unit:view/"
    assert b"<select" in browser.get(cell, headers={"HX-Request": "true"}).content
    done = browser.post(cell, {"seen": "below", "breadth": "all"}, headers={"HX-Request": "true"})
    assert b"<button" in done.content
    assert Grant.objects.get(role=role, permission="organisation.unit:view", removed_at=None).breadth == "all"
    stale = browser.post(cell, {"seen": "below", "breadth": ""}, headers={"HX-Request": "true"})
    assert stale.status_code == 409
    assert browser.post(cell, {"seen": "all", "breadth": "everything"}).status_code == 422
    assert browser.get(f"/roles/{role.uid}/cells/organisation.role:grant/").status_code == 404


def test_posts_roles_and_deputies_on_their_pages(organisation, signed_in):
    browser, person, today = signed_in("SEC"), organisation.people["AM"], timezone.localdate()
    post = {"role": organisation.roles["analyst"].uid, "unit": organisation.units["GZ"].uid, "since": today}
    assert browser.post(f"/people/{person.uid}/posts/add/", post).status_code == 302
    assert browser.post(f"/people/{person.uid}/posts/add/", post).status_code == 422
    given = person.posts.get(role__code="analyst")
    ending = {"on": today + dt.timedelta(days=3), "version": given.version}
    assert browser.post(f"/posts/{given.uid}/end/", ending).status_code == 302
    role = {"code": "own", "name": "自设", "name_en": "Own", "domain": "business"}
    assert browser.post("/roles/add/", role).status_code == 302
    assert Role.objects.filter(code="own").exists()
    head = signed_in("HEAD")
    span = {"since": today, "until": today + dt.timedelta(days=2)}
    chosen = {"deputy": organisation.people["HEAD"].uid, **span}
    assert head.post(f"/people/{person.uid}/deputies/add/", chosen).status_code == 302
    row = Deputy.objects.get(person=person)
    assert head.post(f"/deputies/{row.uid}/end/").status_code == 302
    for nobody in (organisation.people["SEC"].uid, "SEC", ""):
        unknown = head.post(f"/people/{person.uid}/deputies/add/", {"deputy": nobody, **span})
        assert unknown.status_code == 422


def test_a_deputy_is_found_by_name_pinyin_initials_or_staff_number(organisation, signed_in):
    head, person = signed_in("HEAD"), organisation.people["AM"]
    assert (
        'data-choices="organisation.person"'
        in head.get(f"/people/{person.uid}/deputies/add/").content.decode()
    )
    for typed in (person.name, "wang", "w", "am"):
        found = head.get("/choices/organisation.person/", {"q": typed}).json()["choices"]
        assert str(person.uid) in [one["value"] for one in found], typed
    assert head.get("/choices/organisation.person/", {"q": "zhao"}).json() == {"choices": []}


def test_the_history_of_a_role_says_in_words_how_far_its_rights_reach(organisation, signed_in):
    browser, role = signed_in("SEC"), organisation.roles["analyst"]
    browser.post(f"/roles/{role.uid}/cells/organisation.unit:view/", {"seen": "below", "breadth": "all"})
    page = browser.get(f"/history/organisation.role/{role.uid}/", headers={"Accept-Language": "en"})
    told = page.content.decode()
    assert "below" not in told
    assert "本单位及下级" in told or "Unit and below" in told


def test_a_token_is_shown_once_and_revoked(organisation, client):
    person = organisation.person("AN", "analyst", "GZ")
    sign_in(client, "AN")
    expires = timezone.localdate() + dt.timedelta(days=20)
    page = client.post(
        "/tokens/add/", {"name": "BI", "expires": expires, "scopes": ["organisation.unit:view"]}
    )
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert secret not in client.get("/tokens/").content.decode()
    assert client.post(f"/tokens/{person.tokens.get().uid}/revoke/").status_code == 302
    assert client.get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_long_list_of_tokens_ends_and_says_how_many_more_there_are(organisation, client):
    person = organisation.person("AN", "analyst", "GZ")
    given = {"scopes": ["organisation.unit:view"], "expires_at": timezone.now() + dt.timedelta(days=20)}
    for number in range(202):
        actions.issue_token(actor=acting(person), name=f"BI {number}", **given)
    sign_in(client, "AN")
    page = client.get("/tokens/")
    assert (len(page.context["rows"]), page.context["further"]) == (200, 2)


def test_seeing_as_shows_a_banner_with_the_way_back_and_writes_nothing(organisation, signed_in):
    browser, person = signed_in("SEC"), organisation.people["AM"]
    assert browser.post(f"/people/{person.uid}/see-as/").status_code == 302
    page = browser.get("/people/")
    assert "/see-as/end/" in page.content.decode()
    assert browser.get("/roles/").status_code == 404
    assert browser.post("/preferences/", {"theme": "dark"}).status_code == 403
    assert browser.post("/see-as/end/").status_code == 302
    assert browser.get("/roles/").status_code == 200
    verbs = list(Change.objects.filter(uid=person.uid).order_by("id").values_list("verb", "actor"))
    me = organisation.people["SEC"].uid
    assert verbs[-2:] == [("see_as", me), ("see_as_ended", me)]


def test_losing_the_right_ends_seeing_as_at_once(organisation, signed_in):
    browser = signed_in("SEC")
    browser.post(f"/people/{organisation.people['AM'].uid}/see-as/")
    organisation.person("SEC2", "security_admin", "HQ")
    post = organisation.people["SEC"].posts.get()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    post.since = post.since - dt.timedelta(days=9)
    post.save(update_fields=["since"])
    actions.end_post(post, actor=acting(organisation.people["SEC2"]), on=timezone.localdate())
    assert tomorrow > timezone.localdate()
    assert "/see-as/end/" not in browser.get("/me/").content.decode()


def test_a_right_given_or_taken_shows_on_the_next_page_of_the_same_session(organisation, signed_in):
    browser, sec = signed_in("AM"), organisation.actor("SEC")
    role, other = organisation.roles["account_manager"], organisation.people["SYS"]

    def answered() -> int:
        return browser.get(f"/people/{other.uid}/").status_code

    assert answered() == 404
    steps = ((Breadth.ALL, Breadth.TEAM, 200), (Breadth.TEAM, Breadth.ALL, 404))
    for breadth, seen, status in steps:
        actions.set_grant(role, actor=sec, permission="organisation.person:view", breadth=breadth, seen=seen)
        assert answered() == status


@pytest.mark.parametrize(
    "name",
    ["a\0b", "\u202egnp.exe", "x" * 5_000_000, "<script>alert(1)</script>"],
    ids=lambda v: repr(v)[:12],
)
def test_hostile_text_in_a_form_is_refused_or_harmless(organisation, signed_in, name):
    browser = signed_in("SYS")
    facts = {"staff_no": "P1", "name": name, "unit": organisation.units["TH"].uid}
    answer = browser.post("/people/add/", facts)
    assert answer.status_code in (200, 400, 413, 422)
    if answer.status_code == 200:
        assert "\u202e" not in Person.objects.get(staff_no="P1").name
        assert b"<script>alert" not in answer.content


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=9:\0", "?unit=no-uid", "?q=%00", "?after=99999999999999999999:a"]
)
def test_forged_queries_do_no_harm(organisation, signed_in, query):
    assert signed_in("SYS").get(f"/people/{query}").status_code in (200, 400, 404)


def test_a_removed_unit_lies_in_the_bin_and_is_brought_back(organisation, signed_in):
    browser, unit = signed_in("SYS"), organisation.units["YX"]
    assert browser.post(f"/units/{unit.uid}/remove/").status_code == 302
    assert browser.get(f"/units/{unit.uid}/").status_code == 404
    assert f"/units/{unit.uid}/restore/" in browser.get("/units/removed/").content.decode()
    assert signed_in("HEAD").get("/units/removed/").status_code == 404
    assert signed_in("HEAD").post(f"/units/{unit.uid}/restore/").status_code in (403, 404)
    assert browser.post(f"/units/{unit.uid}/restore/").status_code == 302
    assert browser.get(f"/units/{unit.uid}/").status_code == 200
    assert str(unit.uid) not in browser.get("/units/removed/").content.decode()


def test_ten_megabytes_sent_to_a_page_are_refused_in_words(organisation, signed_in):
    browser, person = signed_in("SYS"), organisation.people["AM"]
    for kind in (MULTIPART_CONTENT, "application/x-www-form-urlencoded"):
        ten = "x" * (10 * 1024 * 1024)
        sent = {"name": ten} if kind == MULTIPART_CONTENT else f"name={ten}"
        answer = browser.post(f"/people/{person.uid}/change/", sent, content_type=kind)
        assert answer.status_code == 413
        assert "一次" in answer.content.decode()
    assert Person.objects.get(pk=person.pk).version == person.version


def test_a_megabyte_in_a_text_field_is_refused_beside_the_field(organisation, signed_in):
    browser, person = signed_in("SYS"), organisation.people["AM"]
    sent = {"name": "x" * 1024 * 1024, "staff_no": "AM", "version": person.version}
    assert browser.post(f"/people/{person.uid}/change/", sent).status_code == 422


def test_the_list_of_deputies_costs_the_same_however_many_there_are(organisation, signed_in):
    browser, costs = signed_in("SEC"), []
    for number in range(9):
        person = organisation.person(f"P{number}", "account_manager", "YX")
        span = {"since": timezone.now(), "until": in_days(3)}
        actions.appoint_deputy(person, actor=SYSTEM, deputy=organisation.people["AM"], **span)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/deputies/").content.decode()
        assert page.count(organisation.people["AM"].name) > number
        costs.append(len(asked))
    assert costs[1] == costs[-1]
