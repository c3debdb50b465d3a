"""Events: their handlers' jobs commit or vanish with the change they tell of."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.events import publish, register_handlers
from jike.foundation.jobs import job
from jike.site.wiring import HANDLERS
from jike.values.identifiers import uid7


@dataclass(frozen=True)
class Accepted:
    """Something was accepted."""

    uid: UUID
    count: int


@dataclass
class Loose:
    """No event, since it can change."""

    uid: UUID


@job("test.hear", label="Hear")
def hear(uid: str, count: int) -> None:
    """Hear of it."""


@job("test.hear_too", label="Hear too")
def hear_too(uid: str, count: int = 0) -> None:
    """Hear of it too."""


@pytest.fixture(autouse=True)
def wired():
    register_handlers({**HANDLERS, Accepted: (hear, hear_too)})
    yield
    register_handlers(HANDLERS)


def heard() -> list[tuple[str, dict]]:
    rows = ProcrastinateJob.objects.filter(task_name__startswith="test.hear").order_by("id")
    return list(rows.values_list("task_name", "args"))


@pytest.mark.django_db
def test_each_handler_of_an_event_gets_a_job_with_its_fields():
    uid = uid7()
    with transaction.atomic():
        publish(Accepted(uid, 3))
    arguments = {"uid": str(uid), "count": 3}
    assert heard() == [("test.hear", arguments), ("test.hear_too", arguments)]


def test_an_event_vanishes_with_the_transaction_of_its_change(committed_db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(Accepted(uid7(), 1))
        assert len(heard()) == 2
        raise ZeroDivisionError
    assert heard() == []


def test_an_event_outside_any_transaction_is_a_mistake(committed_db):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        publish(Accepted(uid7(), 1))


@pytest.mark.django_db
def test_an_event_that_nobody_listens_to_is_fine():
    register_handlers({})
    publish(Accepted(uid7(), 1))
    assert heard() == []


def test_what_is_wired_wrongly_stops_the_start():
    with pytest.raises(TypeError, match="frozen"):
        register_handlers({Loose: (hear,)})
    with pytest.raises(TypeError, match="is no job"):
        register_handlers({Accepted: (print,)})

    @job("test.deaf", label="Deaf")
    def deaf(other: str) -> None:
        """Take other fields."""

    with pytest.raises(TypeError):
        register_handlers({Accepted: (deaf,)})
