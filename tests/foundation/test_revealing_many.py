"""Sealed fields of many records leave only when a second person releases them."""

import pytest

from jike.apps.customers.pages.resources import KEY_PERSONS
from jike.apps.customers.rules import GRANTS
from jike.foundation import background
from jike.foundation.audit import history_of
from jike.foundation.errors import NotFound, Refused
from jike.foundation.exchange import FileType, export_rows, order_export, releasing
from jike.foundation.exchange.releasing import RELEASE
from jike.foundation.resource.state import read_state
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer, a_key_person
from tests.foundation.importing import quiet
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
AGENT, HEAD = GRANTS["service_agent"], GRANTS["county_head"]


@pytest.fixture
def place(tmp_path, settings):
    """A unit with a service agent, a head who releases, and a key person with a telephone number."""
    settings.ATTACHMENTS_FOLDER = tmp_path
    unit = a_unit()
    agent, asking = someone_with(AGENT, at=unit)
    head, leading = someone_with({**HEAD, RELEASE: Breadth.BELOW}, at=unit)
    person = a_key_person(a_customer(unit=unit, owner=head), phone="13800138123")
    return locals()


def ordered(place, *, reveal):
    state = read_state(KEY_PERSONS, {}, place["asking"])
    task = order_export(KEY_PERSONS, state, FileType.CSV, actor=place["asking"], reveal=reveal)
    export_rows(task=str(task.uid), progress=quiet)
    task.refresh_from_db()
    return task


def test_revealed_fields_wait_for_a_second_person_however_few(place):
    task = ordered(place, reveal=True)
    assert task.held
    with pytest.raises(NotFound):
        background.result_of(task.uid, place["asking"])
    with pytest.raises(NotFound):
        releasing.decide(task.uid, actor=place["asking"], release=True)
    releasing.decide(task.uid, actor=place["leading"], release=True)
    path, _name = background.result_of(task.uid, place["asking"])
    assert "13800138123" in path.read_text().replace(" ", "")


def test_of_two_heads_of_equal_rank_one_asks_and_the_other_releases(place):
    _, peer = someone_with({**HEAD, RELEASE: Breadth.BELOW}, at=place["unit"])
    task = ordered({**place, "asking": place["leading"]}, reveal=True)
    with pytest.raises(NotFound):
        releasing.decide(task.uid, actor=place["leading"], release=True)
    releasing.decide(task.uid, actor=peer, release=True)
    path, _name = background.result_of(task.uid, place["leading"])
    assert "13800138123" in path.read_text().replace(" ", "")


def test_each_record_keeps_who_had_it_revealed(place):
    ordered(place, reveal=True)
    entry = history_of(place["person"], SYSTEM)[0]
    assert (entry.verb, entry.actor) == ("reveal", place["agent"].uid)


def test_an_ordinary_export_keeps_them_sealed_and_waits_for_nobody(place):
    task = ordered(place, reveal=False)
    assert not task.held
    path, _name = background.result_of(task.uid, place["asking"])
    assert "13800138123" not in path.read_text().replace(" ", "")


def test_who_may_not_reveal_one_by_one_does_not_reveal_many(place):
    state = read_state(KEY_PERSONS, {}, place["asking"])
    reader = someone_with(GRANTS["analyst"], at=place["unit"])[1]
    with pytest.raises(Refused):
        order_export(KEY_PERSONS, state, FileType.CSV, actor=reader, reveal=True)
