"""Answers compressed: what comes out is what went in, at lengths that tell nothing."""

import gzip
from typing import cast

from django.http import HttpResponse
from django.test import RequestFactory

from jike.site.compressing import Compressed

PAGE = "客户" * 500


def answered(page: str, **headers: str) -> HttpResponse:
    sent = HttpResponse(page, headers={"ETag": '"1"'})
    return cast(HttpResponse, Compressed(lambda request: sent)(RequestFactory().get("/", headers=headers)))


def test_a_page_is_compressed_for_browsers_that_take_it_and_comes_out_whole():
    answer = answered(PAGE, accept_encoding="br, gzip")
    assert gzip.decompress(answer.content).decode() == PAGE
    assert (answer["Content-Encoding"], answer["ETag"], answer["Vary"]) == (
        "gzip",
        'W/"1"',
        "Accept-Encoding",
    )
    assert int(answer["Content-Length"]) == len(answer.content) < len(PAGE.encode())


def test_others_get_it_as_it_is_and_caches_are_told():
    answer = answered(PAGE)
    assert answer.content.decode() == PAGE
    assert answer["Vary"] == "Accept-Encoding"
    assert not answer.has_header("Content-Encoding")


def test_short_answers_are_sent_as_they_are():
    assert answered("ok", accept_encoding="gzip").content == b"ok"


def test_the_length_of_the_same_page_varies():
    assert len({len(answered(PAGE, accept_encoding="gzip").content) for _ in range(40)}) > 5
