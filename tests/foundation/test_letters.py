"""Mails as they come: whatever a sender's program got wrong, what was written is read, and nothing of it runs."""

import base64
import datetime as dt
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.foundation.mailing.fetching import _modified_utf7
from jike.foundation.mailing.letters import read_letter, words_of

NOW = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


def read(*lines: str | bytes, body: str | bytes = b""):
    heads = b"\r\n".join(one if isinstance(one, bytes) else one.encode() for one in lines)
    return read_letter(
        heads + b"\r\n\r\n" + (body if isinstance(body, bytes) else body.encode()), received_at=NOW
    )


def test_heads_are_read_in_the_encodings_that_they_claim_or_lie_about():
    gb = base64.b64encode("关于专线".encode("gb18030")).decode()
    assert read(f"Subject: =?gb2312?B?{gb}?=").subject == "关于专线"
    assert read(b"Subject: " + "关于专线".encode()).subject == "关于专线"
    assert read(b"Subject: " + "关于专线".encode("gb18030")).subject == "关于专线"
    assert (
        read(f"Subject: =?no-such-charset?B?{base64.b64encode('专线'.encode()).decode()}?=").subject == "专线"
    )
    assert "?B?" in read("Subject: =?utf-8?B?a?=").subject or read("Subject: =?utf-8?B?a?=").subject == ""


def test_a_body_is_read_in_its_encoding_and_kept_to_what_can_be_stored():
    told = read("Content-Type: text/plain; charset=gb2312", body="镕基\r\n二行".encode("gb18030"))
    assert told.text == "镕基\n二行"
    told = read("Content-Type: text/plain; charset=utf-16-nonsense", body="专\0线".encode() + b"\xff\xfe")
    assert told.text.startswith("专线") or "\0" not in told.text
    assert len(read(body="长" * 100_000).text) == 20_000


def test_of_html_only_the_words_stay():
    page = (
        "<html><head><style>p{}</style><title>x</title></head><body onload='x()'><p>您好，<b>程部长</b></p>"
        "<script>alert(1)</script><p>方案&nbsp;&lt;3&gt;<img src='https://tracker.example/1.gif'></p>"
    )
    assert read("Content-Type: text/html; charset=utf-8", body=page).text == "您好，程部长\n方案 <3>"
    assert words_of("<<script>script>alert(1)<</script>/script>").count("<script") == 0
    assert words_of("a<br>b") == "a\nb"


def test_plain_text_goes_before_html_and_files_come_along():
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "甲 <A@B.cn>", "附件"
    letter.set_content("文本")
    letter.add_alternative("<p>网页</p>", subtype="html")
    letter.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="报价.pdf")
    inner = EmailMessage()
    inner["Subject"] = "转发"
    letter.add_attachment(inner)
    told = read_letter(letter.as_bytes(), received_at=NOW)
    assert (told.text, told.sender, told.sender_name) == ("文本", "a@b.cn", "甲")
    assert [one.name for one in told.files] == ["报价.pdf", "mail2.eml"]


def test_a_thread_begins_where_its_references_do():
    told = read("Message-ID: <3@x>", "References: <1@x> <2@x>", "In-Reply-To: <2@x>")
    assert (told.thread, told.references) == ("<1@x>", ("<1@x>", "<2@x>"))
    assert read("Message-ID: <3@x>").thread == "<3@x>"
    alone = read("Subject: x")
    assert alone.message_id.endswith("@no-message-id>")
    assert alone.message_id == read("Subject: x").message_id


@pytest.mark.parametrize(
    "date", ["", "soon", "Mon, 99 Foo 2026", "Thu, 01 Jan 1970 00:00:00 +0000", "1 Jan 2999"]
)
def test_a_day_that_cannot_be_is_that_of_its_arrival(date):
    assert read(f"Date: {date}").sent_at == NOW


def test_two_thousand_recipients_are_read_and_endless_nesting_ends():
    many = ", ".join(f"p{number}@x.cn" for number in range(3000))
    assert len(read(f"To: {many}").recipients) == 2000
    begun = time.process_time()
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    )
    assert read_letter(b"Subject: x\r\n" + nested, received_at=NOW).subject == "x"
    assert time.process_time() - begun < 30


@given(st.binary(max_size=400))
def test_any_bytes_are_a_letter(raw):
    told = read_letter(raw, received_at=NOW)
    assert "\0" not in told.subject + told.text + told.sender + told.sender_name
    assert told.sent_at.tzinfo is not None


@given(st.text(max_size=30))
def test_folder_names_travel_as_ascii(name):
    assert _modified_utf7(name).isascii()
