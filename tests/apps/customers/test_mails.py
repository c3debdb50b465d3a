"""Mail: fetched by IMAP and sent by SMTP, matched to customers, kept once, assigned by hand where nobody is named."""

import itertools
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.customers.actions import change_customer
from jike.apps.customers.actions.mailboxes import (
    add_mailbox,
    change_mailbox,
    fetch_mailbox,
    set_password,
    try_mailbox,
)
from jike.apps.customers.actions.mails import (
    Outgoing,
    assign_mail,
    ignore_mail,
    reopen_mail,
    send_mail,
    take_mail,
)
from jike.apps.customers.models import KeyPerson, Mail, Mailbox, PartyInteraction
from jike.apps.customers.rules.mails import company_domains, customer_by_address
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.files import attachments_of
from jike.foundation.models import Change
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.customers.test_interactions import MANAGER
from tests.doing import browser_of
from tests.mail_servers import PASSWORD, USER, Imap, Posted, imap_server, smtp_server
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
_count = itertools.count(1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@pytest.fixture(scope="module")
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        yield server


@pytest.fixture
def smtp() -> Iterator[Posted]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def place():
    """A customer with its manager and a key person whose address is known."""
    unit = a_unit()
    person, actor = someone_with(MANAGER, at=unit)
    customer = a_customer(unit=unit, owner=person)
    a_key_person(customer, "程远", email="cheng.yuan@lanyu-port.cn")
    return customer, person, actor


def a_mailbox(place, **details) -> Mailbox:
    _customer, _person, actor = place
    number = next(_count)
    given = {"name": f"邮箱{number}", "address": f"box{number}@telecom.example", "user": USER, **details}
    mailbox = add_mailbox(actor=actor, **given)
    return set_password(mailbox, actor=actor, password=PASSWORD)


def an_imap_mailbox(place, imap: Imap, **details) -> Mailbox:
    given = {"imap_host": "127.0.0.1", "imap_port": imap.port, "imap_security": "plain", **details}
    return a_mailbox(place, folder=f"box{next(_count)}", **given)


def a_letter(sender="Cheng Yuan <cheng.yuan@lanyu-port.cn>", **heads) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, heads.pop("to", "somebody@telecom.example")
    letter["Subject"] = heads.pop("subject", "关于双路由")
    letter["Date"] = "Mon, 05 Jan 2026 09:30:00 +0800"
    letter["Message-ID"] = heads.pop("message_id", f"<{next(_count)}.{id(letter)}@lanyu-port.cn>")
    for name, value in heads.items():
        letter[name.replace("_", "-")] = value
    letter.set_content("请报价。\n程远")
    return letter


def test_fetched_mail_of_a_known_person_becomes_an_interaction_once(place, imap):
    customer, person, _actor = place
    mailbox = an_imap_mailbox(place, imap)
    letter = a_letter()
    letter.add_attachment(PNG, maintype="image", subtype="png", filename="机房.png")
    letter.add_attachment(b"MZ\x90\0", maintype="application", subtype="pdf", filename="报价.pdf")
    imap.deliver(mailbox.folder, letter.as_bytes())
    fetch_mailbox(mailbox.pk)
    fetch_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert (mailbox.problem, bool(mailbox.fetched_at)) == ("", True)
    row = PartyInteraction.objects.get()
    assert (row.customer, row.owner, row.channel, row.direction) == (customer, person, "mail", "in")
    assert (row.subject, row.words) == ("关于双路由", "请报价。\n程远")
    assert row.happened_at.isoformat() == "2026-01-05T01:30:00+00:00"
    assert row.people == [KeyPerson.objects.get().uid]
    assert [one.name for one in attachments_of(row)] == ["机房.png"]
    assert [one.name for one in attachments_of(Mail.objects.get())] == ["关于双路由.eml"]
    assert imap.unread(mailbox.folder) == 1
    imap.deliver(mailbox.folder, letter.as_bytes(), a_letter(subject="又一封").as_bytes())
    fetch_mailbox(mailbox.pk)
    assert sorted(PartyInteraction.objects.values_list("subject", flat=True)) == ["关于双路由", "又一封"]


def test_a_company_is_known_by_its_domain_and_a_public_mail_service_by_none(place, imap):
    customer, _person, _actor = place
    change_customer(customer, actor=SYSTEM, domain="www.lanyu-port.cn")
    other = a_customer(unit=customer.unit, owner=customer.owner)
    change_customer(other, actor=SYSTEM, domain="qq.com")
    mailbox = an_imap_mailbox(place, imap)
    imap.deliver(
        mailbox.folder,
        a_letter("新人 <xin@it.lanyu-port.cn>", subject="按域名").as_bytes(),
        a_letter("12345@qq.com", subject="公共邮箱").as_bytes(),
    )
    fetch_mailbox(mailbox.pk)
    assert PartyInteraction.objects.get().customer == customer
    waiting = Mail.objects.get(state="waiting")
    assert (waiting.subject, waiting.interaction) == ("公共邮箱", None)


def test_an_answer_from_an_unknown_address_stays_in_its_conversation(place):
    customer, person, _actor = place
    mailbox = a_mailbox(place)
    first = a_letter(message_id="<first@lanyu-port.cn>")
    take_mail(first.as_bytes(), actor=SYSTEM, mailbox=mailbox)
    answer = a_letter("secretary@qq.com", subject="Re: 关于双路由", in_reply_to="<first@lanyu-port.cn>")
    take_mail(answer.as_bytes(), actor=SYSTEM, mailbox=mailbox)
    rows = list(PartyInteraction.objects.order_by("id"))
    assert [row.customer for row in rows] == [customer, customer]
    around = reverse("resource:around", args=["interactions", rows[1].uid])
    page = browser_of(person).get(around, {"rail": "1"}).content.decode()
    assert "Re: 关于双路由" in page
    assert page.count("关于双路由") == 2


def test_one_mail_in_two_mailboxes_is_one_interaction(place):
    letter = a_letter().as_bytes()
    for mailbox in (a_mailbox(place), a_mailbox(place)):
        take_mail(letter, actor=SYSTEM, mailbox=mailbox)
    assert Mail.objects.count() == 2
    assert PartyInteraction.objects.count() == 1


def test_our_own_mail_among_ourselves_waits_for_nobody(place):
    mailbox = a_mailbox(place)
    letter = a_letter(mailbox.address, to=mailbox.address)
    assert take_mail(letter.as_bytes(), actor=SYSTEM, mailbox=mailbox).state == "ignored"


def test_a_waiting_mail_is_assigned_by_hand_and_its_sender_known_from_then_on(place):
    customer, person, actor = place
    mailbox = a_mailbox(place)
    mail = take_mail(a_letter("Liu Nan <liu@nowhere.example>").as_bytes(), actor=SYSTEM, mailbox=mailbox)
    browser = browser_of(person)
    listed = browser.get(browser.get(reverse("customers:inbox")).url).content.decode()
    assert "Liu Nan" in listed
    shown = browser.get(reverse("resource:record", args=["mails", mail.uid])).content.decode()
    assert "请报价。" in shown
    ignore_mail(mail, actor=actor)
    reopen_mail(mail, actor=actor)
    answer = browser.post(
        reverse("customers:mail_assign", args=[mail.uid]), {"customer": str(customer.uid), "as_person": "on"}
    )
    assert answer.status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.interaction.customer) == ("assigned", customer)
    known = KeyPerson.objects.get(email="liu@nowhere.example")
    assert (known.name, mail.interaction.people) == ("Liu Nan", [known.uid])
    with pytest.raises(RuleBroken):
        assign_mail(mail, actor=actor, customer=customer)


def test_mail_of_others_is_hidden_until_it_is_assigned(place):
    mailbox = a_mailbox(place)
    mail = take_mail(a_letter("x@nowhere.example").as_bytes(), actor=SYSTEM, mailbox=mailbox)
    stranger, other = someone_with(MANAGER, at=a_unit())
    assert browser_of(stranger).get(reverse("resource:record", args=["mails", mail.uid])).status_code == 404
    with pytest.raises(Refused):
        assign_mail(mail, actor=other, customer=a_customer(owner=stranger, unit=stranger.unit))


def test_what_the_server_refuses_stands_beside_the_mailbox(place, imap):
    _customer, _person, actor = place
    mailbox = an_imap_mailbox(place, imap)
    set_password(mailbox, actor=actor, password="wrong")
    fetch_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert "拒绝了用户名或密码" in mailbox.problem
    assert "nvalid" in mailbox.problem
    with pytest.raises(RuleBroken, match="拒绝了用户名或密码"):
        try_mailbox(mailbox, actor=actor)
    gone = a_mailbox(place, imap_host="127.0.0.1", imap_port=1, imap_security="plain")
    fetch_mailbox(gone.pk)
    gone.refresh_from_db()
    assert "连接不上 127.0.0.1:1" in gone.problem


def test_a_mailbox_is_tried_where_it_fetches_and_where_it_sends(place, imap, smtp):
    _customer, _person, actor = place
    plain = {"smtp_host": "127.0.0.1", "smtp_security": "plain"}
    both = an_imap_mailbox(place, imap, **plain, smtp_port=smtp.port)
    imap.deliver(both.folder, a_letter().as_bytes())
    try_mailbox(both, actor=actor)
    with pytest.raises(RuleBroken, match="连接不上 127.0.0.1:1"):
        try_mailbox(a_mailbox(place, **plain, smtp_port=1), actor=actor)
    with pytest.raises(RuleBroken, match="还没有填写服务器"):
        try_mailbox(a_mailbox(place), actor=actor)


def test_a_password_lies_enciphered_and_goes_to_no_other_server(place):
    _customer, _person, actor = place
    mailbox = a_mailbox(place, imap_host="imap.telecom.example")
    assert PASSWORD not in mailbox.sealed_password
    assert not any(PASSWORD in str(one.__dict__) for one in Change.objects.filter(uid=mailbox.uid))
    change_mailbox(mailbox, actor=actor, name="改名")
    assert mailbox.sealed_password
    change_mailbox(mailbox, actor=actor, imap_host="evil.example")
    assert mailbox.sealed_password == ""


def test_a_written_mail_is_sent_and_kept_with_its_files_and_answered_in_its_conversation(place, smtp):
    customer, person, _actor = place
    mailbox = a_mailbox(place, smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_security="plain")
    browser, met = browser_of(person), KeyPerson.objects.get()
    address = reverse("customers:write", args=[customer.uid])
    assert met.name in browser.get(address).content.decode()
    typed = {"mailbox": str(mailbox.uid), "people": [str(met.uid)], "subject": "方案", "words": "请看附件。"}
    answer = browser.post(address, {**typed, "files": SimpleUploadedFile("方案.txt", b"plan")})
    row = PartyInteraction.objects.get()
    assert answer.url == reverse("resource:record", args=["interactions", row.uid])
    ((to, raw),) = smtp.letters
    assert to == ["cheng.yuan@lanyu-port.cn"]
    assert (row.direction, row.subject, row.people) == ("out", "方案", [met.uid])
    assert [one.name for one in attachments_of(row)] == ["方案.txt"]
    assert row.mails.get().message_id.encode() in raw
    met.refresh_from_db()
    assert met.spoken_on is None
    reply = reverse("customers:answer", args=[row.uid])
    assert "Re: 方案" in browser.get(reply).content.decode()
    browser.post(reply, {**typed, "subject": "Re: 方案"})
    assert b"In-Reply-To: " + row.mails.get().message_id.encode() in smtp.letters[1][1].replace(
        b"\r\n ", b" "
    )
    assert len(set(Mail.objects.values_list("thread", flat=True))) == 1


def test_a_mail_that_cannot_be_sent_is_not_kept(place, smtp):
    customer, _person, actor = place
    mailbox = a_mailbox(place, smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_security="plain")
    smtp.refusing = "554 no"
    met = KeyPerson.objects.get()
    with pytest.raises(RuleBroken, match="554"):
        send_mail(mailbox, Outgoing("方案", "x", [met]), actor=actor, customer=customer)
    with pytest.raises(Invalid):
        send_mail(mailbox, Outgoing("方案", "x"), actor=actor, customer=customer)
    assert not Mail.objects.exists()
    assert not PartyInteraction.objects.exists()


def test_a_mail_with_line_breaks_in_its_subject_adds_no_recipients(place, smtp):
    customer, _person, actor = place
    mailbox = a_mailbox(place, smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_security="plain")
    outgoing = Outgoing("方案\r\nBcc: evil@example.com", "x", [KeyPerson.objects.get()])
    send_mail(mailbox, outgoing, actor=actor, customer=customer)
    assert b"\nBcc:" not in smtp.letters[0][1]


def test_an_eml_is_handed_in_under_a_customer_once(place):
    customer, person, _actor = place
    browser, address = browser_of(person), reverse("customers:hand_in", args=[customer.uid])
    letter = a_letter("whoever@qq.com").as_bytes()
    for _time in range(2):
        browser.post(address, {"file": SimpleUploadedFile("a.eml", letter)})
    assert PartyInteraction.objects.get().customer == customer
    browser.post(address, {"file": SimpleUploadedFile("b.eml", PNG)})
    assert Mail.objects.count() == 1


def test_a_mail_to_a_thousand_names_those_whom_we_know(place):
    to = ", ".join(f"p{number}@somewhere.example" for number in range(999)) + ", cheng.yuan@lanyu-port.cn"
    mail = take_mail(
        a_letter("boss@somewhere.example", to=to).as_bytes(), actor=SYSTEM, mailbox=a_mailbox(place)
    )
    assert (mail.recipients_count, len(mail.recipients)) == (1000, 20)
    assert mail.interaction.people == [KeyPerson.objects.get().uid]


def test_a_mail_without_a_message_id_is_kept_once(place):
    letter = a_letter()
    del letter["Message-ID"]
    mailbox = a_mailbox(place)
    for _time in range(2):
        take_mail(letter.as_bytes(), actor=SYSTEM, mailbox=mailbox)
    assert Mail.objects.count() == 1


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from(
            [
                *"ab@.<>\r\n:;=?\0é程",
                "\r\n",
                "Subject: ",
                "From: a@b.cn\r\n",
                "=?gb2312?B?",
                "Content-Type: text/html\r\n",
            ]
        ),
        max_size=60,
    )
)
def test_no_bytes_at_all_stop_a_mailbox(parts):
    with transaction.atomic():
        place = _a_place()
        take_mail("".join(parts).encode("utf-8", "replace"), actor=SYSTEM, mailbox=place)
        transaction.set_rollback(True)


def _a_place() -> Mailbox:
    unit = a_unit()
    return add_mailbox(actor=SYSTEM, unit=unit, name="x", address=f"x{next(_count)}@y.example", user="x")


@pytest.mark.parametrize("address", ["a@qq.com", "a@vip.163.com", "a@mail.qq.com", "nobody", "a@com.cn"])
def test_a_public_service_names_no_company(address):
    assert company_domains(address) == ()


def test_what_names_two_customers_names_neither():
    people = {"a@x.cn": {1}, "b@x.cn": {2}}
    assert customer_by_address(["a@x.cn"], people=people, domains={}) == 1
    assert customer_by_address(["a@x.cn", "b@x.cn"], people=people, domains={}) is None
    assert customer_by_address(["c@x.cn"], people=people, domains={"x.cn": {1, 2}}) is None
    assert customer_by_address(["c@it.x.cn"], people=people, domains={"x.cn": {3}}) == 3
