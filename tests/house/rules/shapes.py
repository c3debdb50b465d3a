"""Sizes that keep code readable in one look, names that say something, and a first sentence in every module."""

import ast
import re
from collections.abc import Iterator

from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source

FILE_LIMIT, TEST_FILE_LIMIT = 400, 600
FUNCTION_LIMIT = 50
POSITIONAL_LIMIT = 3
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}
# Words of the trade that happen to hold an empty word: somebody's occupation, not a shapeless class.
OCCUPATIONS = {"account_manager", "product_manager", "delivery_manager"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_ours(source: Source) -> bool:
    return source.is_python and not source.is_migration


def file_length(source: Source) -> Iterator[Fault]:
    if not is_ours(source):
        return
    limit = TEST_FILE_LIMIT if source.path.startswith("tests/") else FILE_LIMIT
    if len(source.lines) > limit:
        yield Fault(
            source.path,
            1,
            f"has {len(source.lines)} lines; {limit} are allowed",
            source.path,
            len(source.lines),
        )


def named_functions(source: Source) -> Iterator[tuple[str, Function]]:
    """Every function with its dotted name inside the module (`Gate.enter`)."""

    def below(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield ".".join((*names, child.name)), child
            named = isinstance(child, Function | ast.ClassDef)
            yield from below(child, (*names, child.name) if named else names)

    yield from below(source.syntax, ())


def function_length(source: Source) -> Iterator[Fault]:
    if not is_ours(source):
        return
    for name, node in named_functions(source):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > FUNCTION_LIMIT:
            says = f"{name}() has {length} lines; {FUNCTION_LIMIT} are allowed"
            yield Fault(source.path, node.lineno, says, f"{source.path}::{name}", length)


def positional_arguments(source: Source) -> Iterator[Fault]:
    if not is_ours(source) or source.path.startswith("tests/"):
        return  # pytest hands fixtures over as arguments
    for name, node in named_functions(source):
        if any("click." in ast.unparse(decorator) for decorator in node.decorator_list):
            continue  # click calls a command by keyword
        arguments = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        count = len([argument for argument in arguments if argument not in {"self", "cls"}])
        if count > POSITIONAL_LIMIT:
            says = f"{name}() takes {count} positional arguments; {POSITIONAL_LIMIT} are allowed, the rest by keyword"
            yield Fault(source.path, node.lineno, says, f"{source.path}::{name}", count)


def complexity_stays(source: Source) -> Iterator[Fault]:
    """Ruff counts branches; nobody may switch it off for one function, or for a broad except outside its places."""
    if not source.is_python:
        return
    for number, line in enumerate(source.lines, 1):
        if re.search(r"#\s*noqa:[^#]*\b" + "C901", line):
            yield Fault(source.path, number, "is too branched: split the function")
        elif re.search(r"#\s*(noqa|type:\s*ignore)\s*$", line):
            yield Fault(source.path, number, "silences a tool without naming the finding")


def module_docstrings(source: Source) -> Iterator[Fault]:
    if not is_ours(source) or not source.text.strip():
        return
    said = ast.get_docstring(source.syntax)
    if not said or len(said.split()) < 4:
        yield Fault(source.path, 1, "does not open with a sentence saying what is here and why")


def empty_names(source: Source) -> Iterator[Fault]:
    if not source.is_python:
        return
    for part in source.path.removesuffix(".py").split("/"):
        if part not in OCCUPATIONS and EMPTY_WORDS & set(part.lower().split("_")):
            yield Fault(source.path, 1, f"the name {part!r} says nothing about what is inside")
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.ClassDef):
            words = re.findall(r"[A-Z][a-z0-9]*", node.name)
            if "_".join(words).lower() not in OCCUPATIONS and EMPTY_WORDS & {word.lower() for word in words}:
                yield Fault(
                    source.path, node.lineno, f"the class name {node.name} says nothing about what it is"
                )


BODY = "    return 1\n"
RULES = (
    Rule(
        name="file-length",
        says=f"A Python file has at most {FILE_LIMIT} lines, a test file {TEST_FILE_LIMIT}.",
        check=file_length,
        good=[("jike/a.py", "x = 1\n" * 400), ("tests/test_a.py", "x = 1\n" * 600)],
        bad=[("jike/a.py", "x = 1\n" * 401), ("tests/test_a.py", "x = 1\n" * 601)],
    ),
    Rule(
        name="function-length",
        says=f"A function has at most {FUNCTION_LIMIT} lines.",
        check=function_length,
        good=[("jike/a.py", "def f():\n" + "    x = 1\n" * 49)],
        bad=[
            ("jike/a.py", "def f():\n" + "    x = 1\n" * 50),
            ("jike/a.py", "class A:\n  def f(self):\n" + "    x = 1\n" * 50),
        ],
    ),
    Rule(
        name="positional-arguments",
        says=f"A function takes at most {POSITIONAL_LIMIT} arguments by position.",
        check=positional_arguments,
        good=[
            ("jike/a.py", "def f(self, a, b, c, *, d, e):\n" + BODY),
            ("jike/a.py", "@click.command()\ndef f(a, b, c, d):\n" + BODY),
            ("tests/test_a.py", "def f(a, b, c, d):\n" + BODY),
        ],
        bad=[("jike/a.py", "def f(a, b, c, d):\n" + BODY), ("jike/a.py", "def f(a, b, /, c, d):\n" + BODY)],
    ),
    Rule(
        name="silenced-tools",
        says="No function is excused from the branch limit, and a silenced finding is named.",
        check=complexity_stays,
        good=[("jike/a.py", "x = 1  # noqa: S108 — owner is verified")],
        bad=[
            ("jike/a.py", "def f():  # no" + "qa: C901\n" + BODY),
            ("jike/a.py", "x = 1  # " + "noqa"),
            ("jike/a.py", "x = 1  # type: " + "ignore"),
        ],
    ),
    Rule(
        name="module-docstrings",
        says="Every module opens by saying what is here and why.",
        check=module_docstrings,
        good=[("jike/a.py", '"""Money that never rounds unseen."""\n'), ("jike/__init__.py", "")],
        bad=[("jike/a.py", "x = 1\n"), ("tests/test_a.py", '"""Tests."""\n')],
    ),
    Rule(
        name="empty-names",
        says="No utils, helpers, common, manager, base or misc: a name says what is inside.",
        check=empty_names,
        good=[
            ("jike/a.py", "class Gate:\n    x = 1"),
            ("jike/apps/sales/account_manager.py", "class AccountManager:\n    x = 1"),
        ],
        bad=[
            ("jike/utils.py", ""),
            ("jike/foundation/common/money.py", ""),
            ("tests/test_helpers.py", ""),
            ("jike/a.py", "class BaseGate:\n    x = 1"),
            ("jike/a.py", "class GateManager:\n    x = 1"),
        ],
    ),
)
