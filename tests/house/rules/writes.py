"""Who may write: actions and the foundation's gates, nobody else, and pages never touch a model's own manager."""

import ast
from collections.abc import Iterator

from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source

# Whatever the receiver, these names write model rows.
ALWAYS = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create", "abulk_create", "abulk_update", "aget_or_create",
    "aupdate_or_create", "asave", "adelete", "acreate", "aupdate",
}  # fmt: skip
# These also exist on dicts, files, clients: they count when the receiver looks like rows.
ON_ROWS = {"create", "update", "delete", "add", "set", "remove", "clear"}
QUERYSET = {
    "objects", "_default_manager", "_base_manager", "filter", "exclude", "all", "select_for_update", "order_by",
    "annotate", "select_related", "visible", "raw",
}  # fmt: skip
WRITING_SQL = ("insert ", "update ", "delete ", "truncate ", "copy ", "merge ")

# The foundation's own gates: each of them keeps a framework table, or is the gate itself.
GATES = (
    "jike/foundation/audit/",
    "jike/foundation/jobs",
    "jike/foundation/events",
    "jike/foundation/search",
    "jike/foundation/matching/",
    "jike/foundation/doubles/",
    "jike/foundation/files",
    "jike/foundation/notify",
    "jike/foundation/personal",
    "jike/foundation/privacy/",
    "jike/foundation/background",
    "jike/foundation/exchange/",
    "jike/foundation/conversation",
    "jike/site/postgres/",
    "jike/site/migrating",
    "jike/site/demo",
    "jike/site/commands/",
)


def hand_made_writes(source: Source) -> Iterator[Fault]:
    if not may_not_write(source):
        return
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and writes(node, node.func):
            yield Fault(source.path, node.lineno, f"writes by hand with .{node.func.attr}()")


def may_not_write(source: Source) -> bool:
    if not source.path.startswith("jike/") or not source.is_python or source.is_migration:
        return False
    return source.room != "actions" and not source.path.startswith(GATES)


def writes(call: ast.Call, method: ast.Attribute) -> bool:
    name = method.attr
    if name in ALWAYS:
        return True
    if name == "save":
        return not call.args  # storage.save(name, content) writes a file, not a row
    if name == "delete" and not call.args and not call.keywords:
        return True
    if name in ON_ROWS:
        return bool(QUERYSET & set(names_in(method.value)))
    return name == "execute" and any(starts_writing(argument) for argument in call.args)


def names_in(expression: ast.expr) -> Iterator[str]:
    """Every attribute and function named along a receiver such as `Unit.objects.filter(…)`."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def starts_writing(argument: ast.expr) -> bool:
    texts = [
        node.value
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return any(text.lstrip().lower().startswith(WRITING_SQL) for text in texts)


def managers_in_pages(source: Source) -> Iterator[Fault]:
    if source.room != "pages" and not source.path.startswith("jike/tmf/"):
        return
    if not source.is_python:
        return
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield Fault(
                source.path,
                node.lineno,
                f"reaches past the gates with .{node.attr}; use visible() or a query",
            )


RULES = (
    Rule(
        name="hand-made-writes",
        says="Only actions and the foundation's gates write.",
        check=hand_made_writes,
        good=[
            ("jike/apps/sales/actions.py", "lead.save()"),
            ("jike/apps/sales/actions/leads.py", "Lead.objects.create(name=name)"),
            ("jike/apps/sales/migrations/0002_names.py", "Lead.objects.update(name='')"),
            ("jike/apps/sales/queries.py", "totals.update(a=1)\nnames.add('a')\nheaders.clear()"),
            ("jike/apps/sales/pages.py", "storage.save(name, content)\nclient.delete('/a')"),
            ("jike/foundation/audit/gate.py", "row.save()"),
            ("jike/apps/sales/queries.py", "cursor.execute('SELECT 1')"),
        ],
        bad=[
            ("jike/apps/sales/pages.py", "lead.save()"),
            ("jike/apps/sales/pages/leads.py", "form.save(commit=False)"),
            ("jike/apps/sales/queries.py", "Lead.objects.create(name=name)"),
            ("jike/apps/sales/queries.py", "Lead.objects.filter(a=1).update(a=2)"),
            ("jike/apps/sales/queries.py", "visible(Lead, actor, 'view').delete()"),
            ("jike/apps/sales/queries.py", "lead.delete()"),
            ("jike/apps/sales/models.py", "Lead.objects.bulk_create(rows)"),
            ("jike/apps/sales/demo.py", "Lead.objects.get_or_create(name=name)"),
            ("jike/apps/sales/queries.py", "lead.tags.all().update(a=1)"),
            ("jike/apps/sales/queries.py", "cursor.execute('update sales_lead set a = 1')"),
        ],
    ),
    Rule(
        name="managers-in-pages",
        says="Pages and TM Forum mappings read through queries and gates, never through `.objects`.",
        check=managers_in_pages,
        good=[
            ("jike/apps/sales/pages.py", "rows = visible(Lead, actor, 'view')"),
            ("jike/apps/sales/queries.py", "Lead.objects.all()"),
        ],
        bad=[
            ("jike/apps/sales/pages.py", "Lead.objects.all()"),
            ("jike/apps/sales/pages/lists.py", "Lead._default_manager.all()"),
            ("jike/tmf/lead.py", "Lead.objects.get(uid=uid)"),
        ],
    ),
)
