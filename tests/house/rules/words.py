"""Words people read are translated: no bare text in templates, no bare sentence in an error or a field's label."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source

# Taken out before looking for words; line breaks stay, so that line numbers hold.
TAKEN_OUT = re.compile(
    r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    # A block that only fills in a class: {% block surface %}sunk{% endblock %}.
    r"|^\{%\s*block (?!title\b)\w+\s*%\}[a-z-]+\{%\s*endblock\s*%\}$"
    r"|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL | re.MULTILINE,
)
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
# Names that are the same in every language.
NAMES = re.compile(
    r"(?<![A-Za-z])(?:Jike|Ctrl|Enter|Esc|Alt|Shift|Tab|English|OpenID|Connect)(?![A-Za-z])|集客|中文"
)
READ_ATTRIBUTES = {"title", "placeholder", "alt", "aria-label", "aria-description", "label"}
UNREAD_ELEMENTS = {"script", "style", "svg"}
VOID_ELEMENTS = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}

ERRORS = {
    "NotFound",
    "Refused",
    "RuleBroken",
    "Invalid",
    "Stale",
    "TooLarge",
    "Unavailable",
    "ValidationError",
}
GETTEXT = {"_", "gettext", "gettext_lazy"}
LABELS = {"verbose_name", "verbose_name_plural", "help_text", "label", "violation_error_message"}


class Reader(HTMLParser):
    """Collects (line, text) of everything a person would see or hear, save inside elements marked translate="no"."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[tuple[int, str]] = []
        self.unread = 0
        """How many elements are open from the outermost unread one inwards."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        unread = tag in UNREAD_ELEMENTS or ("translate", "no") in attrs
        if not self.unread and not unread:
            self.read += [
                (self.getpos()[0], value) for name, value in attrs if value and name in READ_ATTRIBUTES
            ]
        if (self.unread or unread) and tag not in VOID_ELEMENTS:
            self.unread += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and tag not in VOID_ELEMENTS:
            self.unread -= 1

    def handle_data(self, data: str) -> None:
        if not self.unread:
            start = self.getpos()[0]
            self.read += [(start + number, line) for number, line in enumerate(data.split("\n"))]


def words_in_templates(source: Source) -> Iterator[Fault]:
    if not source.is_template:
        return
    text = TAKEN_OUT.sub(lambda found: "\n" * found.group().count("\n"), source.text)
    if source.path.endswith(".html"):
        reader = Reader()
        reader.feed(text)
        read = reader.read
    else:
        read = list(enumerate(text.split("\n"), 1))
    for line, words in read:
        if WORD.search(NAMES.sub("", words)):
            yield Fault(source.path, line, f"shows {words.strip()[:40]!r} untranslated")


def words_in_python(source: Source) -> Iterator[Fault]:
    if (
        not source.is_python
        or source.is_migration
        or not source.path.startswith(("jike/foundation/", "jike/apps/"))
    ):
        return
    for node in ast.walk(source.syntax):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        said = [keyword.value for keyword in node.keywords if keyword.arg in LABELS]
        said += node.args[:1] if name in ERRORS else []
        said += [text for text in node.args[:1] if name in GETTEXT and isinstance(text, ast.JoinedStr)]
        yield from (
            Fault(source.path, bare.lineno, f"says {ast.unparse(bare)[:40]} untranslated")
            for value in said
            for bare in bare_texts(value)
        )


def bare_texts(value: ast.expr) -> Iterator[ast.expr]:
    """Literal words, also inside the lists and dictionaries that `Invalid` takes."""
    if isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str) and WORD.search(value.value)
    ):
        yield value
    elif isinstance(value, ast.List | ast.Tuple):
        for item in value.elts:
            yield from bare_texts(item)
    elif isinstance(value, ast.Dict):
        for item in value.values:
            yield from bare_texts(item)


PAGE = "jike/foundation/templates/page.html"
ACTIONS = "jike/apps/sales/actions.py"
RULES = (
    Rule(
        name="words-in-templates",
        says="Every word in a template is translated.",
        check=words_in_templates,
        good=[
            (PAGE, '<p title="{% translate "Close" %}">{% translate "Open" %} · {{ name }} &times; 3</p>'),
            (PAGE, "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}"),
            (PAGE, '<div translate="no"><b>En<br></b> and <svg><path d="M0"/></svg>more</div>'),
            (PAGE, "<p>{% if a %}English{% else %}中文{% endif %}</p>"),
            (PAGE, "{% block surface %}sunk{% endblock %}"),
            (PAGE, "<kbd>Ctrl K</kbd><svg><title>ab</title></svg>"),
            (PAGE, '<a class="nav-link" href="/units" data-bs-toggle="dropdown"></a>'),
        ],
        bad=[
            (PAGE, "<p>Open</p>"),
            (PAGE, "{% block title %}units{% endblock %}"),
            (PAGE, "<p>打开</p>"),
            (PAGE, '<div translate="no"><b>En<br></b><input></div><b>Open</b>'),
            (PAGE, '<input placeholder="Name">'),
            (PAGE, '<button aria-label="Close">×</button>'),
            ("jike/foundation/templates/mail.txt", "Hello {{ name }}"),
        ],
    ),
    Rule(
        name="words-in-python",
        says="Every sentence of an error and every label of a field is translated.",
        check=words_in_python,
        good=[
            (ACTIONS, 'raise RuleBroken(_("This lead is closed."))'),
            (ACTIONS, 'raise Invalid({"name": [_("Too long.")]})'),
            (ACTIONS, 'raise KeyError("name")'),
            ("jike/apps/sales/models.py", 'name = CharField(verbose_name=_("name"), db_column="name")'),
        ],
        bad=[
            (ACTIONS, 'raise RuleBroken("This lead is closed.")'),
            (ACTIONS, 'raise Invalid({"name": ["Too long."]})'),
            (ACTIONS, 'raise errors.Refused(f"{name} may not.")'),
            (ACTIONS, 'raise RuleBroken(_(f"{name} is closed."))'),
            ("jike/apps/sales/models.py", 'name = CharField(verbose_name="name")'),
        ],
    ),
)
