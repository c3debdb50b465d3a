"""The frame as the server draws it: who sees what in it, what it costs, and what stands without a database."""

import re
from http import HTTPStatus

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse

from jike.apps.organisation.models import Grant
from jike.foundation.errors import JikeError, NotFound, Unavailable
from jike.foundation.templatetags.ui import icon, initials
from jike.site.errors import respond
from jike.site.places import CREATING, ENDING, MENU
from jike.values.rights import Breadth, Domain
from tests.house.tree import ROOT
from tests.making import a_person, a_post, a_role, a_unit

QUERIES_OF_THE_FRAME = 9
"""Session, person, the actor's four, unread notices, and what a page of one's own account asks."""


def signed_in(*permissions: str, domain: Domain = Domain.BUSINESS, **facts: object) -> Client:
    person = a_person(a_unit(), **facts)
    if permissions:
        a_post(person, a_role(dict.fromkeys(permissions, Breadth.ALL), domain))
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def places(client: Client) -> set[str]:
    page = client.get("/").content.decode()
    return set(re.findall(r'class="nav-a" href="([^"]+)"', page))


@pytest.mark.django_db
def test_the_navigation_lists_what_one_may_use_and_nothing_else() -> None:
    anybody = places(signed_in())
    assert {"/", "/me/"} <= anybody
    assert not {"/units/", "/jobs/", "/history/"} & anybody
    assert places(signed_in("organisation.unit:view")) - anybody == {"/units/"}
    assert places(signed_in("foundation.job:view", domain=Domain.SYSTEM)) - anybody == {"/jobs/"}


@pytest.mark.django_db
def test_a_right_that_is_taken_away_is_gone_from_the_next_page() -> None:
    client = signed_in("organisation.unit:view")
    assert "/units/" in places(client)
    Grant.objects.all().delete()
    assert "/units/" not in places(client)


@pytest.mark.django_db
def test_people_of_one_role_have_one_frame_each_in_their_language() -> None:
    chinese, english = (signed_in("organisation.unit:view", language=one) for one in ("zh-hans", "en"))
    told = ["Main navigation" in client.get("/").content.decode() for client in (chinese, english, chinese)]
    assert told == [False, True, False]


def test_every_item_of_the_menu_leads_somewhere_and_letters_are_given_once() -> None:
    items = [item for group in MENU for item in group.items] + list(ENDING)
    letters = [item.key for item in items if item.key]
    assert len(letters) == len(set(letters))
    assert all(reverse(item.page, args=item.arguments) for item in [*items, *CREATING])
    assert all(icon(item.icon) for item in [*items, *CREATING])


@pytest.mark.django_db
def test_the_page_one_is_on_is_marked() -> None:
    page = signed_in("organisation.person:view").get("/people/").content.decode()
    assert re.search(r'href="/people/" aria-current="page"', page)


@pytest.mark.django_db
def test_language_and_look_are_kept_for_the_person() -> None:
    client = signed_in()
    client.post("/preferences/", {"language": "en", "theme": "dark", "next": "/me/"})
    client.cookies.pop("jike_language")
    client.cookies.pop("jike_theme")
    page = client.get("/me/").content.decode()
    assert '<html lang="en" data-theme="dark" data-bs-theme="dark">' in page


@pytest.mark.django_db
def test_before_sign_in_cookies_keep_language_and_look() -> None:
    client = Client()
    client.post("/preferences/", {"language": "en", "theme": "light"})
    assert '<html lang="en" data-theme="light"' in client.get("/account/login/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "next_address", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_switching_leads_nowhere_else(next_address: str) -> None:
    answer = Client().post("/preferences/", {"theme": "dark", "next": next_address})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_or_look_is_ignored() -> None:
    answer = Client().post("/preferences/", {"language": "xx", "theme": "pink"})
    assert answer.status_code == HTTPStatus.FOUND
    assert not {"jike_language", "jike_theme"} & set(answer.cookies)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_set_password",
        "account_reset_password",
        "socialaccount_connections",
    ],
)
def test_what_a_framework_offers_and_an_organisation_does_not_is_not_there(name: str) -> None:
    assert signed_in().get(reverse(name)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.django_db
def test_the_frame_asks_the_database_little(django_assert_max_num_queries) -> None:
    client = signed_in("organisation.person:view")
    client.get("/account/password/")
    with django_assert_max_num_queries(QUERIES_OF_THE_FRAME):
        client.get("/account/second-factor/")


@pytest.mark.parametrize("error", [Unavailable(), JikeError(), NotFound()])
def test_errors_are_drawn_without_the_database(error: JikeError) -> None:
    request = RequestFactory().get("/somewhere/", HTTP_COOKIE="jike_theme=dark")
    answer = respond(request, error)
    assert answer.status_code == error.status
    assert 'data-bs-theme="dark"' in answer.content.decode()


@pytest.mark.django_db
def test_one_ends_sessions_of_ones_own_only() -> None:
    mine, theirs = signed_in(), signed_in()
    number = noted_session(mine)
    theirs.post(reverse("end_session", args=[number]))
    assert mine.get("/me/").status_code == HTTPStatus.OK
    mine.post(reverse("end_session", args=[number]))
    assert mine.get("/me/").status_code == HTTPStatus.FOUND


def noted_session(client: Client) -> int:
    key, person = client.session.session_key, client.session["_auth_user_id"]
    return UserSession.objects.create(user_id=person, session_key=key, ip="127.0.0.1", user_agent="Test").pk


@pytest.mark.django_db
def test_the_patterns_are_for_developers() -> None:
    assert signed_in().get("/ui/").status_code == HTTPStatus.NOT_FOUND
    page = signed_in("site.pattern:view", domain=Domain.SYSTEM).get("/ui/")
    assert page.content.decode().count('class="pattern"') == 4


def test_every_icon_that_a_template_names_is_drawn() -> None:
    for path in ROOT.glob("jike/**/templates/**/*.html"):
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")):
            assert icon(name), path


def test_an_icon_that_nobody_has_drawn_is_refused() -> None:
    with pytest.raises(LookupError, match=r"icons\.txt"):
        icon("no-such-icon")


@pytest.mark.parametrize(
    ("name", "shown"), [("林知夏", "知夏"), ("王伟", "王伟"), ("Mary Ann Lee", "MA"), ("", "?")]
)
def test_an_avatar_shows_what_colleagues_call_one(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_every_template_compiles() -> None:
    for path in ROOT.glob("jike/**/templates/**/*.html"):
        name = path.relative_to(next(parent for parent in path.parents if parent.name == "templates"))
        assert engines["django"].get_template(str(name))


def opening(client: Client, address: str = "/") -> str:
    """Return what the home page has marked as chosen: Me or Team."""
    found = re.search(r'aria-current="true">([^<]+)</a>', client.get(address).content.decode())
    return found.group(1) if found else ""


@pytest.mark.django_db
def test_a_heads_home_opens_at_the_team_and_everybody_elses_at_themselves() -> None:
    head = signed_in("customers.customer:view", "analytics.board:lead", language="en")
    agent = signed_in("customers.customer:view", language="en")
    assert (opening(head), opening(head, "/?view=me")) == ("Team", "Me")
    assert (opening(agent), opening(agent, "/?view=team")) == ("Me", "Team")


@pytest.mark.django_db
def test_names_in_the_phones_bottom_bar_fit_a_fifth_of_the_screen_in_both_languages() -> None:
    rights = sorted({right for group in MENU for item in group.items for right in item.permissions})
    for language, most in (("en", 11), ("zh-hans", 5)):
        page = signed_in(*rights, language=language).get("/").content.decode()
        bar = page[page.index('<nav class="bottom"') :]
        names = re.findall(r"</svg>([^<]+)</a>", bar[: bar.index("</nav>")])
        assert len(names) == 5
        assert all(len(name) <= most for name in names), names
