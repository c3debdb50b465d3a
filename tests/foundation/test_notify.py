"""Notices: told once, as their reader wants it, without content once the right is gone; digests by real mail."""

import datetime as dt
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.models import Notice
from jike.foundation.notify import (
    Channel,
    choose_channel,
    mail_digest,
    mark_read,
    notices_of,
    notify,
    shown,
    start_digests,
    unread_count,
)
from jike.site.mail import mail_settings
from jike.values.identifiers import uid7
from jike.values.rights import Breadth
from tests.making import a_person, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
TOPIC = "foundation.mentioned"


class Letters:
    """What the mail server received; with ``refusing`` it takes nothing."""

    def __init__(self) -> None:
        self.kept: list = []
        self.refusing = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 — the server calls it so
        if self.refusing:
            return "451 try again later"
        self.kept.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def letters(settings, unused_tcp_port):
    handler = Letters()
    server = Controller(handler, hostname="127.0.0.1", port=unused_tcp_port)
    server.start()
    for name, value in mail_settings(f"smtp://127.0.0.1:{unused_tcp_port}").items():
        setattr(settings, name, value)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield handler
    server.stop()


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_reader(**facts):
    return a_person(a_unit(), email="reader@example.com", **facts)


def test_each_person_is_told_once_for_one_key():
    one, two = uid7(), uid7()
    notify([one, two, one], TOPIC, "a", once="x")
    notify([one], TOPIC, "a", once="x")
    notify([one], TOPIC, "b")
    notify([one], TOPIC, "b")
    assert (unread_count(one), unread_count(two)) == (3, 1)


def test_who_does_not_want_to_hear_of_it_is_not_told():
    one = uid7()
    choose_channel(one, TOPIC, Channel.NONE)
    notify([one], TOPIC, "a")
    assert unread_count(one) == 0


def test_nobody_told_is_nothing_stored():
    notify([], TOPIC, "a")
    assert not Notice.objects.exists()


def test_a_long_text_is_cut_and_nul_is_dropped():
    one = uid7()
    notify([one], TOPIC, "\0" + "长" * 10_000)
    text = notices_of(one).get().text
    assert len(text) == 400
    assert text.endswith("…")


def test_an_undeclared_topic_is_a_mistake():
    with pytest.raises(KeyError):
        notify([uid7()], "foundation.no_such_topic")


def test_reading_marks_only_ones_own():
    one, two = uid7(), uid7()
    notify([one, two], TOPIC)
    theirs = notices_of(two).get()
    assert mark_read(one, [theirs.pk]) == 0
    assert mark_read(one) == 1
    assert (unread_count(one), unread_count(two)) == (0, 1)


def test_a_notice_of_what_one_may_no_longer_see_shows_no_content():
    unit = a_unit()
    person, reader = someone_with({"organisation.unit:view": Breadth.ALL}, at=unit)
    notify([person.uid], TOPIC, "报价是三百万", about=unit.key)
    before = shown(list(notices_of(person.uid)), reader)[0]
    assert (before.text, before.hidden) == ("报价是三百万", False)
    blind = acting(a_person(unit))
    after = shown(list(notices_of(person.uid)), blind)[0]
    assert (after.text, after.address, after.hidden) == ("", "", True)


def test_a_notice_of_a_kind_that_is_gone_shows_no_content():
    person = a_reader()
    Notice.objects.create(
        person=person.uid, topic="gone.topic", text="x", about_kind="gone.kind", about_uid=uid7()
    )
    (one,) = shown(list(notices_of(person.uid)), acting(person))
    assert (one.label, one.hidden) == ("gone.topic", True)


def test_the_digest_brings_what_is_unread_in_the_readers_language_once(letters):
    person = a_reader(language="zh-hans")
    notify([person.uid], TOPIC, "王伟: 请看一下报价 <b>")
    read = uid7()
    notify([person.uid], TOPIC, "already read", once=str(read))
    mark_read(person.uid, list(notices_of(person.uid).filter(once=str(read)).values_list("pk", flat=True)))
    mail_digest(str(person.uid))
    mail_digest(str(person.uid))
    (letter,) = letters.kept
    assert letter["To"] == "reader@example.com"
    body, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "王伟: 请看一下报价 <b>" in body
    assert "王伟: 请看一下报价 &lt;b&gt;" in page
    for text in (body, page):
        assert person.name in text
        assert "already read" not in text


def test_the_digest_hides_what_its_reader_may_no_longer_see(letters):
    unit = a_unit()
    person = a_reader()
    notify([person.uid], TOPIC, "机密", about=unit.key)
    mail_digest(str(person.uid))
    assert "机密" not in letters.kept[0].as_string()
    assert "机密" not in letters.kept[0].get_body(("html",)).get_content()


def test_a_refused_mail_is_tried_again_and_nothing_is_lost(letters):
    person = a_reader()
    notify([person.uid], TOPIC, "hello")
    letters.refusing = True
    with pytest.raises(OSError, match="try again"):
        mail_digest(str(person.uid))
    letters.refusing = False
    mail_digest(str(person.uid))
    assert len(letters.kept) == 1


def test_no_mail_goes_to_who_left_or_has_no_address(letters):
    left, silent = a_reader(is_active=False), a_person(a_unit())
    notify([left.uid, silent.uid], TOPIC, "hello")
    mail_digest(str(left.uid))
    mail_digest(str(silent.uid))
    mail_digest(str(uid7()))
    assert letters.kept == []


def test_digests_start_for_those_who_want_mail_and_have_news(letters):
    wants, app_only, chose_mail, read_it = (a_reader() for _ in range(4))
    choose_channel(app_only.uid, TOPIC, Channel.APP)
    choose_channel(chose_mail.uid, "foundation.commented", Channel.DIGEST)
    notify([wants.uid, app_only.uid, read_it.uid], TOPIC, "a")
    notify([chose_mail.uid, wants.uid], "foundation.commented", "b")
    mark_read(read_it.uid)
    Notice.objects.filter(person=wants.uid).update(created_at=timezone.now() - dt.timedelta(days=1))
    start_digests()
    people = set(
        ProcrastinateJob.objects.filter(task_name="foundation.mail_digest").values_list(
            "args__person", flat=True
        )
    )
    assert people == {str(wants.uid), str(chose_mail.uid)}


def test_without_a_mail_server_no_digest_starts(settings):
    settings.EMAIL_HOST = ""
    notify([a_reader().uid], TOPIC, "a")
    start_digests()
    assert not ProcrastinateJob.objects.filter(task_name="foundation.mail_digest").exists()


@pytest.mark.parametrize(
    ("address", "host", "port", "tls", "ssl", "user"),
    [
        ("", "", 25, False, False, ""),
        ("smtp://mail.example.com", "mail.example.com", 25, False, False, ""),
        ("smtp+tls://a%40b:p%3Aw@mail.example.com", "mail.example.com", 587, True, False, "a@b"),
        ("smtps://mail.example.com:4650", "mail.example.com", 4650, False, True, ""),
    ],
)
def test_one_address_says_everything_about_the_mail_server(address, host, port, tls, ssl, user):
    found = mail_settings(address)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"], found["EMAIL_HOST_USER"]) == (tls, ssl, user)
