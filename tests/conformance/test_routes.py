"""Each route: nobody gets in unnamed, nothing hidden is betrayed; and × each role: nothing breaks."""

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from jike.apps.customers.actions import add_customer, add_key_person
from jike.apps.organisation import actions
from jike.apps.organisation.models import Person, Role, Unit
from jike.apps.organisation.rules import READY_MADE
from jike.foundation import files
from jike.foundation.conversation import comment_on
from jike.foundation.models import BackgroundTask, Record
from jike.foundation.personal import keep_view
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import permission_catalogue, visible
from jike.values.rights import Breadth
from tests.conformance.routes import NOBODY, Route, routes
from tests.making import SYSTEM, a_person, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
OPEN = {
    "account_login", "account_inactive", "set_language", "preferences", "switch", "mfa_authenticate", "health",
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
"""Routes that must answer before sign-in."""
ENDING = ("logout", "sign_out", "end_session")
PARTS = 4
"""Test processes share what takes longest."""


@pytest.fixture
def world() -> dict[str, Unit]:
    """Two cities under one province, and the ready-made roles."""
    province = a_unit("广东公司", level="province")
    here = a_unit("广州分公司", under=province, level="city")
    actions.install_ready_made_roles(actor=SYSTEM)
    return {"here": here, "there": a_unit("深圳分公司", under=province, level="city")}


def somebody(world: dict[str, Unit], code: str) -> Person:
    """Make a person in the first city who holds the ready-made role."""
    role = Role.objects.get(code=code)
    added = actions.add_person(actor=SYSTEM, staff_no="R1", name=f"陈{role.name}"[:10], unit=world["here"])
    actions.assign_post(added.person, actor=SYSTEM, unit=world["here"], role=role, since=timezone.localdate())
    Person.objects.filter(pk=added.person.pk).update(must_change_password=False)
    return Person.objects.get(pk=added.person.pk)


def hidden_rows(world: dict[str, Unit]) -> list[Record]:
    """A row of each kind in the other city."""
    stranger = actions.add_person(
        actor=SYSTEM, staff_no="ELSEWHERE", name="李别处", unit=world["there"]
    ).person
    customer = add_customer(
        actor=SYSTEM, name="深圳某某有限公司", unit=world["there"], owner=stranger, region="440300"
    )
    contact = add_key_person(actor=SYSTEM, customer=customer, name="周某")
    return [stranger, world["there"], customer, contact]


def around(row: Record, stranger: Person) -> dict[str, UUID]:
    """What hangs on a hidden row or belongs to a stranger, by what it is called: no right of its own opens it."""
    now, colleague = timezone.now(), a_person(stranger.unit)
    role = Role.objects.get(code="account_manager")
    post = actions.assign_post(
        stranger, actor=SYSTEM, unit=stranger.unit, role=role, since=timezone.localdate()
    )
    deputy = actions.appoint_deputy(
        stranger, actor=SYSTEM, deputy=colleague, since=now, until=now + dt.timedelta(days=1)
    )
    theirs = acting(stranger)
    view = keep_view(theirs, "customers", "远方", state={})
    return {
        "comment": comment_on(row, "远方的话", actor=theirs).uid,
        "attachment": files.attach(row, name="a.txt", chunks=[b"far away"], actor=SYSTEM).uid,
        "post": post.uid,
        "deputy": deputy.uid,
        "view": view.uid,
        "task": BackgroundTask.objects.create(person=stranger.uid, kind="x", title="远方", order={}).uid,
    }


def browser(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="jike.apps.organisation.pages.signing_in.StaffBackend")
    return client


def answers(client: Client, route: Route, uid: UUID = NOBODY) -> tuple[int, int]:
    """Return the status of GET and of POST."""
    address = route.address(uid=uid)
    return client.get(address).status_code, client.post(address).status_code


def test_nobody_gets_anything_before_signing_in(world: dict[str, Unit]):
    client = Client(raise_request_exception=False)
    closed = [route for route in routes() if route.name.split("[")[0] not in OPEN]
    answered = {route.name: client.get(route.address()).status_code for route in closed}
    assert {
        name: status for name, status in answered.items() if status not in {302, 401, 403, 404, 405}
    } == {}


@pytest.fixture(scope="module")
def unread() -> set[str]:
    """Names of routes that answered one role by 405: what takes no GET takes it from nobody."""
    return set()


@pytest.mark.parametrize("code", [role.code for role in READY_MADE])
def test_no_route_breaks_for_any_role(world: dict[str, Unit], unread: set[str], code: str):
    client = browser(somebody(world, code))
    tried = [
        route
        for route in routes()
        if not route.about_a_row
        and route.name not in unread
        and not any(word in route.name for word in ENDING)
    ]
    answered = {route.name: client.get(route.address()).status_code for route in tried}
    unread |= {name for name, status in answered.items() if status == 405}
    assert {name: status for name, status in answered.items() if status >= 500} == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hidden_row_looks_absent_on_every_route(world: dict[str, Unit], settings, tmp_path, part: int):
    """Tried by somebody who holds every right, but over their own unit only: as for a uid that nobody has.

    That uid is tried on every route about a row, also of kinds of which no row was hidden: none of them may break.
    """
    settings.ATTACHMENTS_FOLDER = tmp_path
    rows = hidden_rows(world)
    betrayed: dict[tuple[str, str], object] = {}
    person, actor = someone_with(dict.fromkeys(permission_catalogue(), Breadth.TEAM), at=world["here"])
    assert not any(visible(type(row), actor).filter(pk=row.pk).exists() for row in rows)
    client = browser(person)
    hidden, beside = {row.kind(): row.uid for row in rows}, around(rows[2], rows[0])
    for route in [route for route in routes() if route.about_a_row][part::PARTS]:
        slug = route.name.partition("[")[2].rstrip("]")
        # The routes of a Resource know rows of its own kind only; to them any other uid is one that nobody has.
        own = {all_resources()[slug].kind} if slug else hidden.keys() | beside.keys()
        tried = {kind: uid for kind, uid in (hidden | beside).items() if kind in own}
        absent = answers(client, route)
        if max(absent) >= 500:
            betrayed[route.name, "nothing"] = absent
        shown = {kind: answers(client, route, uid=uid) for kind, uid in tried.items()}
        betrayed |= {(route.name, kind): both for kind, both in shown.items() if both != absent}
    assert betrayed == {}
