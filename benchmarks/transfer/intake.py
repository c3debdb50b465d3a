"""`jike bench intake`: each part measures by itself; ``--option part=doubles`` runs one alone."""

from importlib import import_module
from typing import Any

from jike.site.commands.process import load_django

__all__ = ["PARTS", "run"]

PARTS = {
    "doubles": "benchmarks.transfer.doubles",
    "files": "benchmarks.transfer.files",
}
"""Part → the module whose ``run(report, …)`` measures it."""


def run(report: Any, *, part: str = "", **options: Any) -> None:
    """Run every part, or the one named."""
    load_django()
    for name, module in PARTS.items():
        if part in ("", name):
            import_module(module).run(report, **options)
