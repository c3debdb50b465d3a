"""What a template may hold: a first line naming its context, few lines, and nothing a strict CSP would refuse."""

import re
from collections.abc import Iterator

from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source

LINE_LIMIT = 120
INLINE = {
    "an inline script; put it into a static file": re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>", re.I),
    "an inline style sheet; put it into a static file": re.compile(r"<style[\s>]", re.I),
    "an inline style; make it a class": re.compile(r"\sstyle\s*=\s*[\"'{]", re.I),
    "an inline event handler; use Alpine or htmx attributes": re.compile(
        r"\s(?:hx-)?on(?:[a-z]+|:[\w:-]+)\s*=\s*[\"'{]", re.I
    ),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.I),
    "text marked safe by hand": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}


def template_opening(source: Source) -> Iterator[Fault]:
    if source.is_template and not re.match(
        r"\{# .*[Cc]ontext.* #\}$", source.lines[0] if source.lines else ""
    ):
        yield Fault(source.path, 1, "does not open with {# … Context: … #}, the names it is rendered with")


def template_length(source: Source) -> Iterator[Fault]:
    if source.is_template and len(source.lines) > LINE_LIMIT:
        says = f"has {len(source.lines)} lines; {LINE_LIMIT} are allowed"
        yield Fault(source.path, 1, says, source.path, len(source.lines))


def template_inline(source: Source) -> Iterator[Fault]:
    if not source.is_template or not source.path.endswith(".html"):
        return
    for number, line in enumerate(source.lines, 1):
        for what, pattern in INLINE.items():
            if pattern.search(line):
                yield Fault(source.path, number, f"holds {what}")


PAGE = "jike/foundation/templates/ui/_badge.html"
RULES = (
    Rule(
        name="template-opening",
        says="A template opens with a comment naming its context.",
        check=template_opening,
        good=[
            (PAGE, "{# A status as a tag. Context: status (Status) #}\n<span></span>"),
            (PAGE, "{# Context: none #}\n"),
        ],
        bad=[(PAGE, "<span></span>"), (PAGE, "{# A status as a tag. #}\n<span></span>"), (PAGE, "")],
    ),
    Rule(
        name="template-length",
        says=f"A template has at most {LINE_LIMIT} lines.",
        check=template_length,
        good=[(PAGE, "<p></p>\n" * 120)],
        bad=[(PAGE, "<p></p>\n" * 121)],
    ),
    Rule(
        name="template-inline",
        says="No inline script, style or event handler: the Content-Security-Policy refuses them.",
        check=template_inline,
        good=[
            (PAGE, '<script src="{% static \'a.js\' %}" nonce="{{ n }}" defer></script>'),
            (PAGE, '<button x-on:click="open" @click="open" class="style" data-style="a">on = "x"</button>'),
        ],
        bad=[
            (PAGE, "<script>go()</script>"),
            (PAGE, '<script nonce="{{ n }}">'),
            (PAGE, "<style>"),
            (PAGE, '<p style="color:red">'),
            (PAGE, '<p onclick="go()">'),
            (PAGE, '<p hx-on:click="go()">'),
            (PAGE, '<p hx-on::after-request="go()">'),
            (PAGE, '<a href="javascript:go()">'),
            (PAGE, "{{ text|safe }}"),
        ],
    ),
)
