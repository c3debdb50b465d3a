"""Bulk edits too large to wait for: carried out as a task with the person's rights then, and taken back together."""

import pytest
from django.urls import reverse

from jike.apps.customers.models import Customer
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.errors import RuleBroken
from jike.foundation.exchange import edit_rows, undo_edit
from jike.foundation.exchange.bulk_tasks import order_edit, order_undo
from jike.foundation.models import BackgroundTask, Change
from jike.foundation.resource.bulk import Chosen
from jike.foundation.resource.state import read_state
from tests.foundation.listed import World, a_world, browser, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path


@pytest.fixture
def world() -> World:
    return a_world()


def quiet(done: int, total: int | None = None, sentence: str = "") -> None:
    """Take the place of the job's own report."""


def steps() -> set[str]:
    return set(Customer.objects.exclude(next_step="").values_list("name", flat=True))


def test_every_match_is_edited_as_one_task_and_taken_back_as_one(world: World):
    everything = Chosen(everything=read_state(CUSTOMERS, {}, world.managers))
    task = order_edit(CUSTOMERS, everything, ("next_step", "回访"), actor=world.managers)
    edit_rows(task=str(task.uid), progress=quiet)
    mine = {row.name for row in world.customers[::2]}
    assert steps() == mine, "what the person may not see is left alone"
    task.refresh_from_db()
    assert (task.state, task.sentence) == ("done", "3 records changed.")
    edit = task.order["edit"]
    assert Change.objects.filter(request=edit).count() == 3
    undone = order_undo(CUSTOMERS, edit, actor=world.managers)
    undo_edit(task=str(undone.uid), progress=quiet)
    assert steps() == set()


def test_the_task_centre_offers_the_undo(world: World):
    rows = Chosen(uids=[row.uid for row in world.customers])
    task = order_edit(CUSTOMERS, rows, ("next_step", "回访"), actor=world.heads)
    edit_rows(task=str(task.uid), progress=quiet)
    client = browser(world.head)
    address = reverse("resource:bulk_undo", args=["customers", task.order["edit"]])
    assert address in text_of(client.get(reverse("foundation:tasks")))
    assert client.post(address, {"back": "tasks"}).status_code == 302
    assert steps() == set()


def test_a_field_that_is_no_longer_allowed_ends_the_task_with_a_sentence(world: World):
    rows = Chosen(uids=[row.uid for row in world.customers])
    task = order_edit(CUSTOMERS, rows, ("name", "甲"), actor=world.heads)
    with pytest.raises(RuleBroken, match="no longer"):
        edit_rows(task=str(task.uid), progress=quiet)
    assert BackgroundTask.objects.get(pk=task.pk).state == "failed"
