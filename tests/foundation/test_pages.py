"""Pages of jobs, history and notices: shown to those entitled, absent for all others, in both languages."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.audit import changing, seal_pending
from jike.foundation.audit.verdicts import last_verdict, verify_and_record
from jike.foundation.jobs import defer
from jike.foundation.models import Change
from jike.foundation.notify import choose_channel, notify, subscriptions_of, unread_count
from jike.values.rights import Breadth, Domain
from tests.foundation import working
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit

pytestmark = pytest.mark.django_db


def signed_in(grants=(), domain=Domain.BUSINESS, unit=None, **facts):
    """Return a browser signed in as somebody with these grants over everything, and that person."""
    person = a_person(unit or a_unit(), **facts)
    if grants:
        a_post(person, a_role(dict.fromkeys(grants, Breadth.ALL), domain))
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client, person


def failed_job() -> int:
    number = defer(working.refuse)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [number])
    return number


@pytest.mark.parametrize("name", ["foundation:jobs", "foundation:audit"])
def test_without_the_right_there_is_no_such_page(name):
    client, _ = signed_in()
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", ["foundation:jobs", "foundation:audit", "foundation:notices"])
def test_nobody_who_is_not_signed_in_gets_in(name):
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_a_system_administrator_sees_and_reruns_a_failed_job():
    client, person = signed_in(("foundation.job:view", "foundation.job:run"), Domain.SYSTEM, language="en")
    number = failed_job()
    page = client.get(reverse("foundation:jobs"))
    assert "Refuse" in page.content.decode()
    client.post(reverse("foundation:job_retry", args=[number]))
    assert ProcrastinateJob.objects.get(pk=number).status == "todo"
    assert Change.objects.filter(kind="foundation.job", verb="retry", actor=person.uid).exists()


def test_who_may_only_look_at_jobs_cannot_step_in():
    client, _ = signed_in(("foundation.job:view",), Domain.SYSTEM)
    number = failed_job()
    assert client.post(reverse("foundation:job_retry", args=[number])).status_code == 403
    assert ProcrastinateJob.objects.get(pk=number).status == "failed"


def test_a_waiting_job_is_cancelled_once():
    client, _ = signed_in(("foundation.job:view", "foundation.job:run"), Domain.SYSTEM)
    number = defer(working.refuse)
    assert client.post(reverse("foundation:job_cancel", args=[number])).status_code == 302
    assert ProcrastinateJob.objects.get(pk=number).status == "cancelled"
    assert client.post(reverse("foundation:job_cancel", args=[number])).status_code == 422
    assert client.post(reverse("foundation:job_cancel", args=[10**9])).status_code == 404


@pytest.mark.parametrize(
    "query", ["state=waiting", "state=none", "before=0", "before=x", "before=99999999999999999999999"]
)
def test_the_jobs_page_stands_odd_addresses(query):
    client, _ = signed_in(("foundation.job:view",), Domain.SYSTEM)
    defer(working.refuse)
    assert client.get(f"{reverse('foundation:jobs')}?{query}").status_code == 200


def test_an_audit_administrator_sees_who_did_what_but_no_values():
    client, _ = signed_in(("foundation.change:view",), Domain.AUDIT, language="en")
    unit = a_unit()
    with changing(unit, actor=SYSTEM):
        unit.name = "很机密的名称"
    text = client.get(reverse("foundation:audit"), {"record": str(unit.uid)}).content.decode()
    assert "很机密的名称" not in text
    assert "sealed" in text
    assert "Change" in text


def test_values_are_shown_to_who_may_read_the_row():
    client, _ = signed_in(("foundation.change:view", "organisation.unit:view"), Domain.AUDIT)
    unit = a_unit()
    with changing(unit, actor=SYSTEM):
        unit.name = "西湖网格"
    text = client.get(reverse("foundation:audit"), {"record": str(unit.uid)}).content.decode()
    assert "西湖网格" in text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"person": "查无此人"}, 200),
        ({"kind": "nothing.here"}, 200),
        ({"record": "no-uid"}, 200),
        ({"since": "2026-99-99"}, 200),
        ({"since": "2026-01-01", "until": "2026-01-02", "before": "5"}, 200),
        ({"person": "a\0b"}, 200),
    ],
)
def test_the_history_stands_odd_questions(asked, status):
    client, _ = signed_in(("foundation.change:view",), Domain.AUDIT)
    assert client.get(reverse("foundation:audit"), asked).status_code == status


def test_the_history_is_searched_by_person_and_act():
    client, _ = signed_in(("foundation.change:view",), Domain.AUDIT)
    unit = a_unit()
    acting_person = a_person(unit, "欧阳查询")
    from tests.making import acting

    with changing(acting_person, actor=acting(acting_person), verb="set_preferences"):
        acting_person.language = "en"
    page = client.get(reverse("foundation:audit"), {"person": "欧阳查询", "verb": "set_preferences"})
    assert [row["who"] for row in page.context["rows"]] == ["欧阳查询"]


def test_the_history_page_says_when_it_was_verified():
    client, _ = signed_in(("foundation.change:view",), Domain.AUDIT, language="en")
    assert "Not verified yet" in client.get(reverse("foundation:audit")).content.decode()
    seal_pending()
    verdict = verify_and_record(actor=SYSTEM)
    text = client.get(reverse("foundation:audit")).content.decode()
    assert verdict.sound
    assert last_verdict().head == verdict.head.hex()
    assert verdict.head.hex()[:16] in text


def test_a_verification_is_started_from_the_page():
    client, _ = signed_in(("foundation.change:view",), Domain.AUDIT)
    client.post(reverse("foundation:audit_verify"))
    client.post(reverse("foundation:audit_verify"))
    assert ProcrastinateJob.objects.filter(task_name="foundation.verify_history").count() == 1


def test_a_records_history_is_for_those_who_may_view_it():
    unit = a_unit()
    outsider, _ = signed_in()
    insider, _ = signed_in(("organisation.unit:view",))
    address = reverse("foundation:history", args=["organisation.unit", unit.uid])
    assert outsider.get(address).status_code == 404
    assert unit.name in insider.get(address).content.decode()
    assert (
        insider.get(reverse("foundation:history", args=["foundation.comment", unit.uid])).status_code == 404
    )
    assert insider.get(reverse("foundation:history", args=["no.kind", unit.uid])).status_code == 404


def test_notices_are_read_one_by_one_and_all_at_once():
    client, person = signed_in()
    notify([person.uid], "foundation.mentioned", "请看一下报价")
    notify([person.uid], "foundation.mentioned", "还有一条")
    page = client.get(reverse("foundation:notices"))
    assert "请看一下报价" in page.content.decode()
    client.post(reverse("foundation:notice", args=[page.context["notices"][0].notice.pk]))
    assert unread_count(person.uid) == 1
    client.post(reverse("foundation:notices_read"))
    assert unread_count(person.uid) == 0


def test_nobody_reads_the_notices_of_another():
    client, _ = signed_in()
    other = a_person(a_unit())
    notify([other.uid], "foundation.mentioned", "私事")
    from jike.foundation.models import Notice

    number = Notice.objects.get(person=other.uid).pk
    assert client.post(reverse("foundation:notice", args=[number])).status_code == 404
    assert unread_count(other.uid) == 1


def test_a_subscription_is_chosen_on_the_page():
    client, person = signed_in()
    client.post(reverse("foundation:notices_choose"), {"topic": "foundation.mentioned", "channel": "none"})
    chosen = {topic.name: channel for topic, channel in subscriptions_of(person.uid)}
    assert chosen["foundation.mentioned"] == "none"
    assert (
        client.post(reverse("foundation:notices_choose"), {"topic": "x", "channel": "app"}).status_code == 404
    )
    choose_channel(person.uid, "foundation.mentioned", "app")
    notify([person.uid], "foundation.mentioned")
    assert "1" in client.get(reverse("foundation:notices_count")).content.decode()


def test_references_are_named_and_secrets_are_called_unrecorded():
    client, _ = signed_in(
        ("foundation.change:view", "organisation.person:view", "organisation.unit:view"),
        Domain.AUDIT,
        language="en",
    )
    unit = a_unit("余杭网格")
    person = a_person(unit)
    text = client.get(reverse("foundation:audit"), {"record": str(person.uid)}).content.decode()
    assert "余杭网格" in text
    assert "not recorded" in text
    assert "withheld" not in text
