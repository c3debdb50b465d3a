"""What a bench writes: the machine, the sizes, then figure by figure, each with its goal and whether it was met."""

import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

__all__ = ["Report", "machine"]

NAMED_PACKAGES = ("jike", "django", "psycopg", "granian", "numpy", "duckdb", "pyarrow")


def machine() -> dict[str, Any]:
    """Cores, memory in MiB and the versions that figures depend on."""
    from jike.site.postgres.tuning import memory_megabytes

    versions = {"python": platform.python_version()}
    for package in NAMED_PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "memory_mb": memory_megabytes(),
        "processor": processor(),
        "system": platform.platform(),
        "versions": versions,
    }


def processor() -> str:
    """The processor's trade name; Linux tells it in /proc only."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()


class Report:
    """Collects and prints: one JSON object a line with `as_json`, else lines for people."""

    def __init__(self, name: str, *, as_json: bool) -> None:
        self.name = name
        self.as_json = as_json
        self.lines: list[str] = []
        self.missed = 0
        self._sizes: dict[str, Any] = {}
        self._sizes_told = False
        self._tell({"bench": name, "machine": machine()}, "")

    def size(self, name: str, value: float | str) -> None:
        """State how much was worked on; before the first figure."""
        self._sizes[name] = value

    def figure(
        self, name: str, value: float, unit: str, *, goal: float | None = None, higher_is_better: bool = True
    ) -> None:
        """State one measurement in `unit`; with a goal also whether it was met."""
        self._tell_sizes()
        met = None if goal is None else (value >= goal if higher_is_better else value <= goal)
        self.missed += met is False
        sign = (
            ""
            if goal is None
            else f"   goal {'≥' if higher_is_better else '≤'} {goal:g}  {'met' if met else 'MISSED'}"
        )
        facts = {"figure": name, "value": float(f"{value:.6g}"), "unit": unit, "goal": goal, "met": met}
        self._tell(facts, f"{name:<52} {value:>14,.4g} {unit:<12}{sign}")

    def close(self) -> None:
        self._tell_sizes()

    def _tell_sizes(self) -> None:
        if not self._sizes_told:
            self._sizes_told = True
            self._tell(
                {"sizes": self._sizes}, ", ".join(f"{key} {value}" for key, value in self._sizes.items())
            )

    def _tell(self, facts: dict[str, Any], sentence: str) -> None:
        line = json.dumps(facts, ensure_ascii=False)
        self.lines.append(line)
        if self.as_json:
            click.echo(line)
        elif sentence:
            click.echo(sentence)
