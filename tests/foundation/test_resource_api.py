"""The JSON resource: signed in by a token or, for reading, by a session; it answers as its own description says."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jike.apps.customers.actions import change_customer
from jike.apps.customers.models import Customer
from jike.apps.organisation import actions
from jike.site.wsgi import application
from jike.values.rights import Breadth
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, someone
from tests.making import acting

pytestmark = pytest.mark.django_db
CUSTOMERS = "/api/customers"
RIGHTS = (
    *(f"customers.customer:{action}" for action in ("view", "add", "change", "remove")),
    *(f"customers.keyperson:{action}" for action in ("view", "add", "change", "remove")),
    "organisation.token:add",
    "organisation.unit:view",
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def world() -> World:
    return a_world(customers=3)


def a_token(world: World, rights: tuple[str, ...] = RIGHTS) -> str:
    """Issue a token with these rights over the whole city and return its secret."""
    person = someone(dict.fromkeys(RIGHTS, Breadth.BELOW), world.city)
    scopes = [right for right in rights if right != "organisation.token:add"]
    expires = timezone.now() + dt.timedelta(days=30)
    return actions.issue_token(actor=acting(person), name="BI", scopes=scopes, expires_at=expires)[1]


class Program:
    """A program that speaks JSON with a token."""

    def __init__(self, secret: str) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        options: dict[str, Any] = {"query_params": query, "headers": self.headers}
        if body is not None:
            options |= {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.client, method)(path, **options)
        return answer.status_code, json.loads(answer.content or "null")


def test_a_program_reads_pages_filters_and_single_rows(world: World):
    ask = Program(a_token(world))
    change_customer(world.customers[0], actor=SYSTEM, our_share=40, needs="专线", staff_count=12)
    status, page = ask("get", CUSTOMERS, where='[["name","contains","集团"]]')
    assert (status, [one["name"] for one in page["items"]]) == (200, ["白云机场集团"])
    row = page["items"][0]
    assert (row["our_share"], row["staff_count"], row["arrears"]) == (40, 12, "0.00")
    assert row["owner"] == {"uid": str(world.manager.uid), "title": "林经理"}
    assert ask("get", f"{CUSTOMERS}/{row['uid']}") == (200, row)
    assert (page["next"], page["previous"]) == (None, None)


def test_pages_follow_by_their_cursors(world: World):
    from tests.apps.customers.making import a_customer

    for number in range(25):
        a_customer(f"多{number:02}", unit=world.grids[0])
    ask = Program(a_token(world))
    _, first = ask("get", CUSTOMERS, size="25")
    _, second = ask("get", CUSTOMERS, size="25", at=first["next"])
    assert (len(first["items"]), len(second["items"])) == (25, 3)
    assert not {one["uid"] for one in first["items"]} & {one["uid"] for one in second["items"]}
    assert ask("get", CUSTOMERS, size="25", at=second["previous"])[1]["items"] == first["items"]


def test_a_program_adds_changes_and_removes(world: World):
    ask = Program(a_token(world))
    status, made = ask(
        "post", CUSTOMERS, {"name": "珠江钢琴", "unit": str(world.grids[0].uid), "staff_count": 9}
    )
    assert status == 201, made
    assert (status, made["name"], made["staff_count"], made["version"]) == (201, "珠江钢琴", 9, 1)
    path = f"{CUSTOMERS}/{made['uid']}"
    status, changed = ask("patch", path, {"short_name": "珠钢", "sensitive": True, "version": 1})
    assert (status, changed["short_name"], changed["sensitive"], changed["version"]) == (200, "珠钢", True, 2)
    assert ask("patch", path, {"short_name": "钢琴", "version": 1})[0] == 409
    status, wrong = ask("patch", path, {"established": "someday"})
    assert (status, wrong["error"], list(wrong["fields"])) == (422, "Invalid", ["established"])
    assert ask("patch", path, {}) == (200, changed)
    assert ask("delete", path) == (204, None)
    assert ask("get", path)[0] == 404
    assert Customer.objects.get(uid=made["uid"]).removed_at is not None


def test_a_program_sends_a_file_and_is_told_of_each_row(world: World, settings, tmp_path):
    settings.ATTACHMENTS_FOLDER = tmp_path
    client, headers = Client(), {"Authorization": f"Bearer {a_token(world)}"}
    content = "客户编码,客户名称,单位\nIM1,闽江制造有限公司,天河网格\n,,\nIM2,,天河网格".encode()

    def send(**query: str) -> Any:
        address = f"/api/customers/imports?{urlencode({'file_name': '客户.csv', **query})}"
        return client.post(address, content, content_type="text/csv", headers=headers)

    checked = send(dry_run="true")
    assert (checked.status_code, checked.json()["counts"]["created"]) == (201, 1)
    assert not Customer.objects.filter(code="IM1").exists()
    told = send().json()
    assert (told["state"], told["counts"]["created"], told["counts"]["refused"]) == ("done", 1, 1)
    assert [row for row, _column, _sentence in told["problems"]] == [4]
    again = client.get(f"/api/customers/imports/{told['uid']}", headers=headers)
    assert again.json()["counts"] == told["counts"]
    assert send(file_name="客户.pdf").status_code == 422


def test_a_token_does_no_more_than_it_was_given(world: World):
    row = world.customers[0]
    reading = Program(a_token(world, ("customers.customer:view",)))
    path = f"{CUSTOMERS}/{row.uid}"
    assert reading("get", path)[0] == 200
    assert reading("patch", path, {"needs": "x"})[0] == 403
    assert reading("delete", path)[0] == 403
    assert reading("post", CUSTOMERS, {"name": "x"})[0] == 404
    assert reading("get", "/api/key-persons")[0] == 404
    assert Program("jk_nothing")("get", CUSTOMERS)[0] == 401


def test_a_session_reads_and_does_not_write(world: World):
    client = browser(world.manager)
    assert len(client.get(CUSTOMERS).json()["items"]) == 2
    assert client.get(f"{CUSTOMERS}/{world.customers[1].uid}").status_code == 404
    answer = client.post(CUSTOMERS, json.dumps({"name": "x"}), content_type="application/json")
    assert answer.status_code == 403
    assert Client().get(CUSTOMERS).status_code == 401


def test_sealed_fields_are_named_and_empty(world: World):
    person = a_contact(world.customers[0], "陈总", phone="13800138000")
    ask = Program(a_token(world))
    _, row = ask("get", f"/api/key-persons/{person.uid}")
    assert (row["phone"], "phone" in row["sealed"]) == (None, True)
    status, told = ask("get", "/api/key-persons", where='[["phone","contains","138"]]')
    assert (status, list(told["fields"])) == (422, ["where"])
    status, told = ask("patch", f"/api/key-persons/{person.uid}", {"phone": "10086", "job_title": "总监"})
    assert (status, list(told["fields"])) == (422, ["phone"])
    person.refresh_from_db()
    assert person.job_title == ""
    assert person.phone.endswith("13800138000")


def test_what_is_no_json_is_told_so(world: World):
    client, headers = Client(), {"Authorization": f"Bearer {a_token(world)}"}
    for body in (
        "{",
        "[]",
        '"x"',
        "null",
        '{"name": {"a": 1}}',
        '{"version": "x"}',
        "\udcff".encode("utf-8", "surrogateescape"),
    ):
        answer = client.post(CUSTOMERS, body, content_type="application/json", headers=headers)
        assert (answer.status_code in (400, 422), set(answer.json())) == (
            True,
            {"error", "message", "fields"},
        )


def test_every_answer_is_as_the_description_says(world: World, monkeypatch: pytest.MonkeyPatch):
    """Schemathesis tries each operation with input good and bad: no fault of ours, and nothing undescribed.

    It calls the application itself, which must leave the test's connection open, as Django's own client does.
    """
    person = a_contact(world.customers[0], "陈总")
    secret = a_token(world)
    description = browser(world.head).get("/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(description)
    tried = []
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "receivers", [])
        monkeypatch.setattr(signal, "sender_receivers_cache", {})
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if not operation.path.startswith(("/api/customers", "/api/key-persons")):
            continue
        tried.append(operation.label)
        about = world.customers[0] if operation.path.startswith("/api/customers") else person
        attempt(operation, secret, uid=str(about.uid))
    assert len(tried) == 17


def attempt(operation: Any, secret: str, *, uid: str) -> None:
    """Call one operation with twelve inputs, about a row there is, and let Schemathesis check each answer."""
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}

    @given(case=operation.as_strategy())
    @settings(
        max_examples=12,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: schemathesis.Case) -> None:
        if "uid" in case.path_parameters:
            case.path_parameters["uid"] = uid
        answer = case.call(app=application, headers=headers, base_url="http://localhost")
        case.validate_response(answer, checks=CHECKS)

    run()
