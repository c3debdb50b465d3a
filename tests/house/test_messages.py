"""中文 and English are both complete: no text without a translation, no translation that says something else."""

import re

import pytest
from babel.messages.catalog import Message

from tests.house.messages import catalogue, texts, texts_in
from tests.house.tree import Source

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|%%")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names and notations that read the same in both languages.
SAME_IN_CHINESE = {
    "English",
    "Jike",
    "OpenID Connect",
    "ID",
    "UUID",
    "CSV",
    "Excel",
    "JSON",
    "IP",
    "API",
    "%(count)s",
    "OK",
}


def translations() -> list[Message]:
    return [message for message in catalogue() if message.id]


def chinese(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_has_a_chinese_translation() -> None:
    known = {(message.context, message.id): message for message in translations()}
    missing = []
    for text in texts():
        message = known.get(text.identity)
        if message is None or message.fuzzy or not all(chinese(message)):
            missing.append(f"{text.place}: {text.english!r}")
    assert not missing, "\n".join(["Run python -m tests.house.messages and translate:", *missing])


def test_no_translation_outlives_its_text() -> None:
    wanted = {text.identity for text in texts()}
    left = [message.id for message in translations() if (message.context, message.id) not in wanted]
    assert not left, "python -m tests.house.messages drops them"


def test_a_translation_fills_in_what_its_text_fills_in() -> None:
    different = []
    for message in translations():
        english = message.id if isinstance(message.id, str) else message.id[-1]
        expected = sorted(PLACEHOLDER.findall(english))
        different += [
            string
            for string in chinese(message)
            if string and sorted(PLACEHOLDER.findall(string)) != expected
        ]
    assert not different


def test_a_translation_is_chinese() -> None:
    left_over = [
        string
        for message in translations()
        for string in chinese(message)
        if string
        and not CHINESE.search(string)
        and string not in SAME_IN_CHINESE
        and re.search(r"[A-Za-z]{2}", string)
    ]
    assert not left_over


@pytest.mark.parametrize(
    ("path", "code", "found"),
    [
        ("jike/a.py", 'x = _("Sign in")', ["Sign in"]),
        ("jike/a.py", 'x = gettext_lazy("Sign " "in")', ["Sign in"]),
        ("jike/a.py", 'x = ngettext("%d unit", "%d units", n)', [("%d unit", "%d units")]),
        ("jike/a.py", 'x = pgettext("month", "May")', ["May"]),
        (
            "jike/values/errors.py",
            'MESSAGES = {"a": "Too long.", "b": ("Two " "parts")}',
            ["Too long.", "Two parts"],
        ),
        ("jike/a/templates/a.html", '{% translate "Sign in" %}', ["Sign in"]),
        (
            "jike/a/templates/a.html",
            "{% blocktranslate trimmed %}\n Hello\n you\n{% endblocktranslate %}",
            ["Hello you"],
        ),
        ("jike/a/templates/a.html", '<a title="{% translate "Close" %}">', ["Close"]),
        ("jike/a.py", 'OTHER = {"a": "Too long."}', []),
    ],
)
def test_texts_are_found_where_they_stand(path: str, code: str, found: list[object]) -> None:
    assert [text.english for text in texts_in(Source(path, code))] == found
