"""Programs have sealed fields of many records revealed only once a second person has released them."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from jike.apps.customers.rules import GRANTS
from jike.apps.organisation.actions import issue_token
from jike.foundation.audit import history_of
from jike.foundation.errors import NotFound
from jike.foundation.exchange import export_rows, releasing
from jike.foundation.exchange.releasing import RELEASE
from jike.foundation.models import BackgroundTask
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer, a_key_person
from tests.foundation.importing import quiet
from tests.making import SYSTEM, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
PATH, REVEAL = "/api/key-persons/reveals", "customers.keyperson:reveal"
SCOPES = ("customers.keyperson:view", REVEAL)


@pytest.fixture
def place(tmp_path, settings):
    """A key person with a telephone number, somebody who answers for tokens, and a head who releases."""
    settings.ATTACHMENTS_FOLDER = tmp_path
    unit = a_unit()
    rights = {**GRANTS["service_agent"], RELEASE: Breadth.BELOW, "organisation.token:add": Breadth.BELOW}
    agent, asking = someone_with(rights, at=unit)
    head, leading = someone_with({**GRANTS["county_head"], RELEASE: Breadth.BELOW}, at=unit)
    person = a_key_person(a_customer(unit=unit, owner=head), phone="13800138123")
    return locals()


def program(place, scopes=SCOPES, name="BI"):
    """Return what asks with a token of these scopes: (method, path, body) → (status, answer)."""
    expires = timezone.now() + dt.timedelta(days=1)
    secret = issue_token(actor=acting(place["agent"]), name=name, scopes=list(scopes), expires_at=expires)[1]

    def ask(method, path, body=None):
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(Client(), method)(path, headers={"Authorization": f"Bearer {secret}"}, **options)
        streamed = b"".join(answer.streaming_content) if answer.streaming else None
        return answer.status_code, streamed if answer.streaming else answer.json()

    return ask


def test_a_program_fetches_revealed_fields_after_a_second_person_released_them(place):
    ask = program(place)
    wanted = {"uids": [str(place["person"].uid)], "columns": ["name", "phone"], "reason": "回访"}
    status, told = ask("post", PATH, wanted)
    assert (status, told["state"]) == (201, "waiting")
    export_rows(task=told["uid"], progress=quiet)
    mine = f"{PATH}/{told['uid']}"
    assert ask("get", mine)[1]["state"] == "held"
    assert ask("get", f"{mine}/file")[0] == 404
    task = BackgroundTask.objects.get(uid=told["uid"])
    assert "BI" in task.title
    assert "回访" in task.title
    with pytest.raises(NotFound):
        releasing.decide(task.uid, actor=place["asking"], release=True)
    releasing.decide(task.uid, actor=place["leading"], release=True)
    assert program(place, name="Other")("get", f"{mine}/file")[0] == 404
    status, file = ask("get", f"{mine}/file")
    assert status == 200
    assert b"13800138123" in file.replace(b" ", b""), file
    assert history_of(place["person"], SYSTEM)[0].verb == "reveal"


def test_a_token_without_the_scope_reveals_nothing_and_wrong_fields_are_named(place):
    wanted = {"uids": [str(place["person"].uid)], "reason": "回访"}
    assert program(place, SCOPES[:1], "Reader")("post", PATH, wanted)[0] == 404
    ask = program(place)
    status, told = ask("post", PATH, {**wanted, "columns": ["nothing"]})
    assert (status, list(told["fields"])) == (422, ["columns"])
    assert ask("post", PATH, {"uids": [], "reason": "回访"})[0] == 422
    assert not BackgroundTask.objects.exists()
