"""Jobs: declared by name, deferred within the transaction, refused when they cannot be called."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.jobs import declared_jobs, defer, job, job_label
from jike.site.wiring import wire


@job("test.take_number", label="Take a number")
def take_number(number: int, *, text: str = "") -> None:
    """Do nothing with a number."""


def waiting() -> list[tuple[str, dict]]:
    return list(
        ProcrastinateJob.objects.filter(status="todo").order_by("id").values_list("task_name", "args")
    )


@pytest.mark.django_db
def test_a_deferred_job_waits_with_its_arguments():
    number = defer(take_number, number=3, text="客户")
    assert waiting() == [("test.take_number", {"number": 3, "text": "客户"})]
    assert ProcrastinateJob.objects.get().pk == number


@pytest.mark.django_db
def test_a_job_vanishes_with_the_transaction_that_deferred_it():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        defer(take_number, number=1)
        assert len(waiting()) == 1
        raise ZeroDivisionError
    assert waiting() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"number": 1, "other": 2},
        {"number": {1, 2}},
        {"number": object()},
        {"number": float("nan")},
        {"number": {1: 2}},
    ],
)
def test_arguments_that_do_not_fit_or_are_no_json_are_refused_where_they_are_given(arguments):
    with pytest.raises(TypeError):
        defer(take_number, **arguments)
    assert waiting() == []


@pytest.mark.django_db
def test_a_function_that_is_no_job_cannot_be_deferred():
    with pytest.raises(TypeError, match="is no job"):
        defer(wire)


def test_two_jobs_cannot_have_one_name():
    with pytest.raises(ValueError, match=r"test\.take_number"):
        job("test.take_number")(wire)


def test_every_job_has_words_for_people():
    unnamed = [one.name for one in declared_jobs() if str(one.label) == one.name]
    assert unnamed == []


def test_a_job_that_is_gone_is_called_by_its_name():
    assert job_label("test.never_was") == "test.never_was"
