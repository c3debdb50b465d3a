"""A person's right to a copy, to correction and to deletion: across tables, files, search, history and the chain."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers.actions import (
    ask_about_person,
    change_customer,
    change_key_person,
    copy_person,
    forget_person,
    refuse_request,
    restore_key_person,
    settle_request,
)
from jike.apps.customers.models import KeyPerson
from jike.apps.customers.rules import GRANTS
from jike.apps.sales.actions import plan_visit
from jike.apps.tasks.actions import add_task
from jike.apps.tasks.rules import GRANTS as TASKS
from jike.foundation import files
from jike.foundation.audit import history_of
from jike.foundation.conversation import comment_on
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.exchange.uploads import receive
from jike.foundation.files.storing import path_of
from jike.foundation.matching.kinds import match_kind
from jike.foundation.models import Comment, MatchKey, SearchEntry
from jike.foundation.notify import notify
from jike.foundation.resource.registry import all_resources
from tests.apps.customers.making import a_customer, a_key_person
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL = "欧阳牧野", "13800138123", "muye@example.com"
HEAD, MANAGER = GRANTS["county_head"], {**GRANTS["account_manager"], **TASKS["account_manager"]}


def anywhere(*words):
    """Return the tables in which one of the words stands, asked of the database itself."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" AS row WHERE row::text LIKE %s LIMIT 1', [f"%{word}%"]
                )
                if cursor.fetchone():
                    found.add(table)
    return found


@pytest.fixture
def place(settings, tmp_path):
    """A key person who left traces everywhere."""
    settings.ATTACHMENTS_FOLDER = tmp_path
    unit = a_unit()
    head, leading = someone_with(HEAD, at=unit)
    manager, acting = someone_with(MANAGER, at=unit)
    customer = a_customer(unit=unit, owner=manager)
    person = a_key_person(customer, NAME, phone=PHONE, email=MAIL, birthday=dt.date(1980, 1, 2))
    return locals()


def traces(place):
    customer, person = place["customer"], place["person"]
    change_customer(customer, actor=SYSTEM, needs=f"找{NAME}谈")
    change_customer(customer, actor=SYSTEM, needs="已换人")
    comment_on(person, "生日送花", actor=place["acting"])
    comment_on(customer, f"请联系 {NAME}，138 0013 8123", actor=place["acting"])
    plan_visit(
        actor=SYSTEM,
        customer=customer,
        owner=place["manager"],
        purpose=f"拜访{NAME}",
        planned_at=timezone.now(),
    )
    add_task(actor=place["acting"], title=f"给{NAME}回电", about=customer)
    notify([place["head"].uid], "customers.hand_over_asked", f"{NAME}离职", about=customer.key)
    return files.attach(person, name="名片.txt", chunks=[NAME.encode()], actor=SYSTEM)


def test_who_is_forgotten_is_found_nowhere(place, django_capture_on_commit_callbacks):
    attached = traces(place)
    assert {"customers_keyperson", "foundation_comment", "foundation_changevalues"} <= anywhere(NAME)
    with django_capture_on_commit_callbacks(execute=True):
        told = forget_person(place["person"], actor=place["leading"])
    assert told["texts"] >= 3
    assert anywhere(NAME, PHONE, MAIL, "138 0013 8123") == set()
    assert not path_of(attached.sha256).exists()
    assert not SearchEntry.objects.filter(uid=place["person"].uid).exists()
    kind = match_kind(KeyPerson)
    keys = MatchKey.objects.filter(record=place["person"].pk, key__gte=kind.least, key__lt=kind.beyond)
    assert not keys.exists()
    assert Comment.objects.get().body == "请联系 ***，***"


def test_the_row_that_stays_says_nothing_and_does_not_come_back(place):
    forget_person(place["person"], actor=place["leading"])
    row = KeyPerson.objects.get(pk=place["person"].pk)
    assert (row.name, row.phone, row.birthday, row.attitude) == ("***", "", None, "unknown")
    assert row.forgotten_at is not None
    with pytest.raises(RuleBroken):
        restore_key_person(row, actor=SYSTEM)


def test_who_reported_to_the_forgotten_person_reports_to_nobody(place):
    below = a_key_person(place["customer"], "周下属", reports_to=place["person"])
    forget_person(place["person"], actor=place["leading"])
    below.refresh_from_db()
    assert below.reports_to is None


def test_a_colleague_of_the_same_name_keeps_theirs(place):
    other = a_key_person(place["customer"], NAME)
    forget_person(place["person"], actor=place["leading"])
    other.refresh_from_db()
    assert other.name == NAME


def test_only_a_head_forgets_and_gives_copies(place):
    with pytest.raises(Refused):
        forget_person(place["person"], actor=place["acting"])
    with pytest.raises(Refused):
        copy_person(place["person"], actor=place["acting"])
    assert KeyPerson.objects.get(pk=place["person"].pk).name == NAME


def test_the_file_of_an_import_that_touched_the_person_goes(
    place, tmp_path, django_capture_on_commit_callbacks
):
    importer = someone_with({**HEAD}, at=place["unit"])[1]
    path = tmp_path / "sent.csv"
    path.write_text(f"姓名,客户\n{NAME},{place['customer'].name}\n", encoding="utf-8")
    with path.open("rb") as content:
        run = receive(all_resources()["key-persons"], "名单.csv", content, actor=importer)
    kept = list((tmp_path / "imports").glob(f"{run.uid}*"))
    assert kept
    by_import = dataclasses.replace(SYSTEM, request=run.uid)
    change_key_person(place["person"], actor=by_import, job_title="总经理")
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(place["person"], actor=place["leading"])
    assert not any(one.exists() for one in kept)


def test_a_copy_tells_everything_and_is_recorded(place):
    traces(place)
    client = browser_of(place["head"])
    address = reverse("customers:copy_person", args=[place["person"].uid])
    page = client.get(address).content.decode()
    assert PHONE in page
    answer = client.post(address, {"file": "json"})
    assert f"拜访{NAME}" in answer.content.decode()
    assert history_of(place["person"], place["leading"])[0].verb == "copy_out"
    assert browser_of(place["manager"]).get(address).status_code == 404


def test_a_request_for_deletion_is_done_by_erasing(place):
    asked = ask_about_person(actor=place["acting"], key_person=place["person"], asked="deletion")
    assert asked.due_on == asked.asked_on + dt.timedelta(days=15)
    with pytest.raises(Refused):
        settle_request(asked, actor=place["acting"], outcome="已删除")
    settle_request(asked, actor=place["leading"], outcome="已删除")
    assert KeyPerson.objects.get(pk=place["person"].pk).forgotten_at is not None
    with pytest.raises(RuleBroken):
        settle_request(asked, actor=place["leading"], outcome="再来")


def test_a_refusal_of_a_request_says_why(place):
    asked = ask_about_person(
        actor=place["acting"], key_person=place["person"], asked="correction", wish="职务"
    )
    with pytest.raises(Invalid):
        refuse_request(asked, actor=place["leading"], outcome="")
    refuse_request(asked, actor=place["leading"], outcome="无法核实身份")
    assert (asked.state, asked.settled_by) == ("refused", place["head"])
