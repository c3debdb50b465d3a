"""The change stream: sealed after the fact, verified by naming the first row that is wrong, forgetful only by law."""

import threading

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from jike.apps.organisation.models import Unit
from jike.foundation.audit import (
    Position,
    changing,
    forget,
    history_of,
    seal_pending,
    sealing_lag_seconds,
    settled_changes,
    verify,
)
from jike.foundation.models import Change, Seal
from tests import databases
from tests.making import SYSTEM, a_unit, seal_everything


def as_owner_without_triggers(statement: str) -> None:
    """What somebody with the owner's password could do to the tables behind our back."""
    with psycopg.connect(**databases.parameters("owner")) as link:
        for table in ("foundation_change", "foundation_changevalues", "foundation_seal"):
            link.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        link.execute(statement)


@pytest.fixture
def sealed(committed_db: str) -> list[Unit]:
    units = [a_unit(f"单元{n}") for n in range(12)]
    seal_everything(block_rows=5)
    return units


def test_an_untouched_stream_verifies_and_counts_every_change(sealed: list[Unit]):
    verdict = verify()
    assert (verdict.sound, verdict.changes) == (True, Change.objects.count())
    assert verdict.seals == Seal.objects.count() >= 3


def test_an_altered_change_is_named(sealed: list[Unit]):
    number = Change.objects.order_by("id")[6].id
    as_owner_without_triggers(f"UPDATE foundation_change SET actor_name = 'nobody' WHERE id = {number}")
    finding = verify().finding
    assert finding is not None
    assert finding.change == number


def test_a_deleted_change_is_named(sealed: list[Unit]):
    number = Change.objects.order_by("id")[3].id
    as_owner_without_triggers(f"DELETE FROM foundation_change WHERE id = {number}")
    assert verify().finding.change == number


def test_a_change_slipped_in_later_is_named(sealed: list[Unit]):
    as_owner_without_triggers(
        "INSERT INTO foundation_change (era, xid, actor_kind, actor_name, kind, uid, version, verb, fields, digests)"
        " SELECT era, xid, actor_kind, 'forger', kind, uid, version, verb, fields, digests FROM foundation_change"
        " ORDER BY id LIMIT 1"
    )
    finding = verify().finding
    assert finding.change == Change.objects.get(actor_name="forger").id


def test_an_altered_value_is_named(sealed: list[Unit]):
    number = Change.objects.order_by("id")[4].id
    as_owner_without_triggers(
        "UPDATE foundation_changevalues"
        f""" SET payloads[1] = '["AAAAAAAAAAAAAAAA",null,"x"]' WHERE change_id = {number}"""
    )
    assert verify().finding.change == number


def test_a_value_deleted_without_an_act_of_forgetting_is_named(sealed: list[Unit]):
    number = Change.objects.order_by("id")[4].id
    as_owner_without_triggers(f"DELETE FROM foundation_changevalues WHERE change_id = {number}")
    assert verify().finding.change == number


def test_a_cut_off_end_of_the_chain_is_noticed_by_a_head_kept_elsewhere(sealed: list[Unit]):
    head = verify().head
    as_owner_without_triggers("DELETE FROM foundation_seal WHERE id = (SELECT max(id) FROM foundation_seal)")
    assert verify(expected_head=head).finding is not None


def test_a_rehashed_seal_breaks_the_chain(sealed: list[Unit]):
    second = Seal.objects.order_by("id")[1].id
    as_owner_without_triggers(f"UPDATE foundation_seal SET entries = entries || '\\x00' WHERE id = {second}")
    assert verify().finding.seal == second


def test_forgetting_erases_the_values_and_leaves_the_chain_sound(sealed: list[Unit]):
    unit = sealed[2]
    with changing(unit, actor=SYSTEM):
        unit.name = "改名"
    assert forget(unit, actor=SYSTEM, fields=["name", "name_key"], action="change") == 2
    seal_everything()
    named = [entry.values.get("name") for entry in history_of(unit, SYSTEM) if "name" in entry.values]
    assert named == [None, None]
    assert verify().sound
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_changevalues WHERE payloads::text LIKE '%单元2%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_change SET verb = 'x'",
        "DELETE FROM foundation_change",
        "TRUNCATE foundation_change",
        "DELETE FROM foundation_changevalues",
        "UPDATE foundation_changevalues SET payloads = '{}'",
        "DELETE FROM foundation_seal",
        "ALTER TABLE foundation_change DISABLE TRIGGER USER",
        "UPDATE foundation_streamera SET number = 9",
    ],
)
def test_the_applications_role_cannot_rewrite_history(sealed: list[Unit], statement: str):
    with (
        pytest.raises(ProgrammingError, match="permission denied|must be owner"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_triggers_stop_even_the_owner(sealed: list[Unit]):
    with (
        psycopg.connect(**databases.parameters("owner")) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        link.execute("UPDATE foundation_change SET verb = 'x'")


def test_readers_wait_for_transactions_that_began_earlier(committed_db: str):
    begun, may_end = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            a_unit("慢")
            begun.set()
            may_end.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    begun.wait(10)
    a_unit("快")
    assert list(settled_changes(Position(), limit=10)) == []
    assert seal_pending() == 0
    assert sealing_lag_seconds() > 0
    may_end.set()
    writer.join()
    assert seal_everything() == 2
    settled = list(settled_changes(Position(), limit=10))
    assert len(settled) == 2
    last = settled[-1]
    assert list(settled_changes(Position(last.era, last.xid, last.id), limit=10)) == []


def test_sealing_twice_at_once_seals_each_change_once(committed_db: str):
    for _ in range(20):
        a_unit()
    counts: list[int] = []

    def seal() -> None:
        counts.append(seal_pending(block_rows=3))
        connection.close()

    sealers = [threading.Thread(target=seal) for _ in range(4)]
    for one in sealers:
        one.start()
    for one in sealers:
        one.join()
    assert sum(counts) + seal_everything() == 20
    assert verify().changes == 20
