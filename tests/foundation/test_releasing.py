"""Exports leave under control: marked with who and when, held above a limit until a second person releases them."""

import datetime as dt
import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation import background
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.exchange import FileType, export_rows, order_export, releasing
from jike.foundation.exchange.releasing import RELEASE
from jike.foundation.models import BackgroundTask, Change, Notice
from jike.foundation.resource.state import read_state
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD
from tests.foundation.importing import quiet
from tests.foundation.listed import World, a_world, browser, someone, text_of
from tests.making import a_unit, acting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path
    settings.EXPORT_RELEASE_ROWS = 1


def exported(world: World, file_type: FileType = FileType.XLSX) -> BackgroundTask:
    """Let the account manager take the list out."""
    state = read_state(CUSTOMERS, {}, world.managers)
    task = order_export(CUSTOMERS, state, file_type, actor=world.managers)
    export_rows(task=str(task.uid), progress=quiet)
    task.refresh_from_db()
    return task


def a_releaser(world: World):
    return someone({**HEAD, RELEASE: Breadth.BELOW}, world.city, name="周主任")


def verbs(task: BackgroundTask) -> list[str]:
    return list(Change.objects.filter(uid=task.uid).order_by("id").values_list("verb", flat=True))


def test_a_large_export_waits_for_a_second_person():
    world = a_world()
    task = exported(world)
    assert task.held
    with pytest.raises(NotFound):
        background.result_of(task.uid, world.managers)
    other = acting(a_releaser(world))
    assert [one.uid for one in releasing.waiting(other)] == [task.uid]
    releasing.decide(task.uid, actor=other, release=True)
    path, _name = background.result_of(task.uid, world.managers)
    assert path.is_file()
    assert verbs(task) == ["export", "release"]
    with pytest.raises(RuleBroken):
        releasing.decide(task.uid, actor=other, release=True)


def test_those_who_may_release_are_told_that_an_export_waits():
    world = a_world()
    releaser, elsewhere = (
        a_releaser(world),
        someone({**HEAD, RELEASE: Breadth.BELOW}, a_unit(), name="郑主任"),
    )
    task = exported(world)
    told = Notice.objects.filter(topic="foundation.export_waits")
    assert [one.person for one in told] == [releaser.uid]
    assert task.title in told.get().text
    assert not Notice.objects.filter(topic="foundation.export_waits", person=elsewhere.uid).exists()


def test_a_refused_export_is_gone():
    world = a_world()
    task = exported(world)
    releasing.decide(task.uid, actor=acting(a_releaser(world)), release=False)
    with pytest.raises(NotFound):
        background.result_of(task.uid, world.managers)
    assert verbs(task) == ["export", "refuse"]


def test_nobody_releases_their_own_export_nor_one_of_elsewhere():
    world = a_world()
    releaser = a_releaser(world)
    state = read_state(CUSTOMERS, {}, acting(releaser))
    task = order_export(CUSTOMERS, state, FileType.CSV, actor=acting(releaser))
    export_rows(task=str(task.uid), progress=quiet)
    assert releasing.waiting(acting(releaser)) == []
    with pytest.raises(NotFound):
        releasing.decide(task.uid, actor=acting(releaser), release=True)
    elsewhere = someone({**HEAD, RELEASE: Breadth.TEAM}, world.grids[1], name="别处")
    assert releasing.waiting(acting(elsewhere)) == []


def test_a_small_export_waits_for_nobody(settings):
    settings.EXPORT_RELEASE_ROWS = 0
    world = a_world()
    assert not exported(world).held


def test_a_workbook_bears_who_took_it_out_and_when(settings):
    settings.EXPORT_RELEASE_ROWS = 0
    world = a_world()
    task = exported(world)
    path, name = background.result_of(task.uid, world.managers)
    assert world.manager.name in name
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        shown = book.read("xl/worksheets/sheet1.xml").decode()
        assert world.manager.name in book.read("docProps/core.xml").decode()
        assert world.manager.name in book.read("docProps/custom.xml").decode()
        assert "<picture " in shown
        assert world.manager.name in shown
        assert book.read("xl/media/image1.png").startswith(b"\x89PNG")


def test_fetching_and_expiry_are_recorded(settings):
    settings.EXPORT_RELEASE_ROWS = 0
    world = a_world()
    task = exported(world)
    client = browser(world.manager)
    assert b"".join(client.get(reverse("foundation:task_file", args=[task.uid])).streaming_content)
    BackgroundTask.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    background.sweep_tasks()
    assert verbs(task) == ["export", "download", "expire"]


def test_the_page_of_releases_leads_to_the_decision():
    world = a_world()
    task = exported(world)
    client = browser(a_releaser(world))
    assert task.title in text_of(client.get(reverse("foundation:releases")))
    client.post(reverse("foundation:release", args=[task.uid]), {"act": "release"})
    task.refresh_from_db()
    assert not task.held
    assert browser(world.manager).get(reverse("foundation:releases")).status_code == 404
