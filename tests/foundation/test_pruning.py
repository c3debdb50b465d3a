"""A library's style sheet keeps the rules that pages can use, and only those."""

from pathlib import Path

import pytest

from jike.foundation.pruning import pruned, words_of


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        (".a{x:1}.b{x:2}", ".a{x:1}"),
        (".a .b,.a{x:1}", ".a{x:1}"),
        (".a:not(.b){x:1}", ".a:not(.b){x:1}"),
        (":is(.a,.b)>p{x:1}", ":is(.a,.b)>p{x:1}"),
        ("h1,h2{x:1}", "h1,h2{x:1}"),
        (':root,[data-x="y"]{--x:1}', ':root,[data-x="y"]{--x:1}'),
        ("@media print{.b{x:1}}", ""),
        ("@media print{.a{x:1}.b{x:1}}", "@media print{.a{x:1}}"),
        ("@keyframes b{from{x:0}to{x:1}}", "@keyframes b{from{x:0}to{x:1}}"),
        ('@charset "UTF-8";.b{x:1}', '@charset "UTF-8";'),
        ('.b{x:url("data:a;b{c}")}.a{x:1}', ".a{x:1}"),
        ("/*! licence */.b{x:1}/* aside */", "/*! licence */"),
    ],
)
def test_rules_that_need_a_class_nobody_names_are_left_out(sheet: str, kept: str) -> None:
    assert pruned(sheet, {"a"}) == kept


def test_a_sheet_of_which_every_class_is_named_stays_whole() -> None:
    sheet = '.a{x:1}@media print{.b:hover{y:2}}.c>.a::after{z:"}"}'
    assert pruned(sheet, {"a", "b", "c"}) == sheet


def test_words_are_what_could_be_a_class_name(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p class="a-b c_d">5px</p>', encoding="utf-8")
    assert words_of([page]) == {"p", "class", "a-b", "c_d", "px"}
