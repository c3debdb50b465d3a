"""The watch over the history: what a verification finds is told to those who may read the history, once."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.apps.organisation.actions import tell_auditors
from jike.foundation.audit.verdicts import last_verdict
from jike.foundation.models import Change, Notice
from jike.foundation.vigil import verify_history
from jike.values.rights import Breadth, Domain
from tests.foundation.test_audit_stream import as_owner_without_triggers
from tests.making import a_person, a_post, a_role, a_unit, seal_everything


def unheard(*_progress: object) -> None:
    """Take the progress of a job that nobody watches."""


@pytest.fixture
def auditor(committed_db):
    unit = a_unit()
    person = a_person(unit)
    a_post(person, a_role({"foundation.change:view": Breadth.ALL}, Domain.AUDIT))
    a_post(a_person(unit), a_role({"organisation.unit:view": Breadth.ALL}))
    seal_everything()
    return person


def alarms() -> list[dict]:
    rows = ProcrastinateJob.objects.filter(task_name="organisation.tell_auditors").order_by("id")
    return list(rows.values_list("args", flat=True))


def test_what_a_verification_finds_is_told_once_to_those_who_may_read_the_history(auditor):
    number = Change.objects.order_by("id")[0].id
    as_owner_without_triggers(f"UPDATE foundation_change SET actor_name = 'nobody' WHERE id = {number}")
    for _night in range(2):
        verify_history(progress=unheard)
    for alarm in alarms():
        tell_auditors(**alarm)
    told = Notice.objects.get()
    assert (told.person, told.topic) == (auditor.uid, "foundation.history_altered")
    assert str(number) in told.text
    assert last_verdict().finding == told.text


def test_a_sound_history_alarms_nobody(auditor):
    verify_history(progress=unheard)
    assert alarms() == []
    assert last_verdict().finding == ""
