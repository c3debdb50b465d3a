"""What an action looks like, and where a broad `except` may stand."""

import ast
from collections.abc import Iterator

from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source

BROAD = ("jike/foundation/jobs", "jike/federation/intake")


def actions_name_their_actor(source: Source) -> Iterator[Fault]:
    if source.room != "actions" or not source.is_python:
        return
    for node in source.syntax.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        if not is_job(node) and "actor" not in {argument.arg for argument in node.args.kwonlyargs}:
            yield Fault(source.path, node.lineno, f"{node.name}() has no keyword-only `actor`")
        if not ast.get_docstring(node):
            yield Fault(source.path, node.lineno, f"{node.name}() has no docstring saying what it does")


def is_job(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A job acts as the system, under its own name."""
    calls = (one.func for one in function.decorator_list if isinstance(one, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == "job" for called in calls)


def broad_excepts(source: Source) -> Iterator[Fault]:
    if not source.path.startswith("jike/") or not source.is_python or source.path.startswith(BROAD):
        return
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.ExceptHandler) and catches_all(node.type) and not raises_again(node):
            yield Fault(source.path, node.lineno, "catches everything; name what may go wrong")


def catches_all(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"} for name in names)


def raises_again(handler: ast.ExceptHandler) -> bool:
    """A handler that passes on what it does not know swallows nothing."""
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def model_magic(source: Source) -> Iterator[Fault]:
    """Signals, `save()` overrides and thread-locals: changes whose cause cannot be found by reading."""
    if not source.path.startswith("jike/") or not source.is_python:
        return
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("db.models.signals"):
            yield Fault(
                source.path, node.lineno, "uses model signals; publish an event in the action instead"
            )
        elif isinstance(node, ast.ClassDef) and "/models" in source.path:
            yield from (
                Fault(
                    source.path,
                    method.lineno,
                    f"{node.name}.{method.name}() hides a side effect in the model",
                )
                for method in node.body
                if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}
            )
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "threading.local":
            yield Fault(source.path, node.lineno, "keeps state in a thread-local; pass it as an argument")


RULES = (
    Rule(
        name="actions-name-their-actor",
        says="Every public action takes a keyword-only `actor` and says in a docstring what it does.",
        check=actions_name_their_actor,
        good=[
            ("jike/apps/sales/actions.py", 'def win_lead(lead, *, actor):\n    """Close a lead as won."""'),
            ("jike/apps/sales/actions/leads.py", "def _price(lead):\n    return 1"),
            ("jike/apps/sales/queries.py", "def open_leads(unit):\n    return 1"),
        ],
        bad=[
            ("jike/apps/sales/actions.py", 'def win_lead(lead, actor):\n    """Close a lead as won."""'),
            ("jike/apps/sales/actions/leads.py", 'def win_lead(lead):\n    """Close a lead as won."""'),
            ("jike/apps/sales/actions.py", "def win_lead(lead, *, actor):\n    return 1"),
        ],
    ),
    Rule(
        name="broad-excepts",
        says="Only the job runner and federation intake catch everything.",
        check=broad_excepts,
        good=[
            ("jike/foundation/jobs.py", "try:\n    run()\nexcept Exception:\n    record()"),
            ("jike/apps/sales/actions.py", "try:\n    run()\nexcept (ValueError, KeyError):\n    record()"),
            ("jike/site/urls.py", "try:\n    run()\nexcept Exception:\n    record()\n    raise"),
        ],
        bad=[
            ("jike/apps/sales/actions.py", "try:\n    run()\nexcept Exception:\n    record()"),
            ("jike/site/urls.py", "try:\n    run()\nexcept:\n    record()"),
            (
                "jike/engines/rating/rate.py",
                "try:\n    run()\nexcept (KeyError, BaseException):\n    record()",
            ),
        ],
    ),
    Rule(
        name="model-magic",
        says="No signals, no `save()` or `delete()` overrides, no thread-locals.",
        check=model_magic,
        good=[
            (
                "jike/apps/sales/models.py",
                "class Lead(Record):\n    def label(self):\n        return self.name",
            ),
            ("jike/apps/sales/actions.py", "class Draft:\n    def save(self):\n        return 1"),
        ],
        bad=[
            ("jike/apps/sales/apps.py", "from django.db.models.signals import post_save"),
            (
                "jike/apps/sales/models.py",
                "class Lead(Record):\n    def save(self, **options):\n        return 1",
            ),
            ("jike/foundation/scope/actor.py", "current = threading.local()"),
        ],
    ),
)
