"""`jike bench intake`: files in and out of a province of a million customers, and doubles in it.

``--option part=sweep`` runs one part alone, ``part=near+import`` some of them; sizes are options, too.
"""

import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from jike.site.commands.process import load_django

__all__ = ["PARTS", "run"]

PARTS = {
    "near": "benchmarks.transfer.doubles:near",
    "sweep": "benchmarks.transfer.doubles:sweep",
    "import": "benchmarks.transfer.files:bring_in",
    "members": "benchmarks.transfer.files:members",
    "export": "benchmarks.transfer.files:take_out",
}
"""Part → the function ``(report, province, sizes)`` that measures it, in an order in which none disturbs the next."""


def run(
    report: Any,
    *,
    part: str = "",
    customers: int = 1_000_000,
    imported: int = 100_000,
    members: int = 1_000_000,
    exported: int = 100_000,
    brands: str = "",
    seed: int = 20261123,
) -> None:
    """Store the customers, then run every part, or those named."""
    load_django()
    from benchmarks.scratch import scratch_database
    from benchmarks.transfer.stored import province

    chosen = part.split("+") if part else list(PARTS)
    if unknown := set(chosen) - PARTS.keys():
        raise LookupError(f"there is no part {sorted(unknown)}; there are: {', '.join(PARTS)}")
    sizes = {"imported": imported, "members": members, "exported": exported, "seed": seed}
    for what, size in (("customers stored, about", customers), *sizes.items()):
        report.size(what, size)
    report.size("load average of the machine at the beginning", os.getloadavg()[0])
    with scratch_database() as name, tempfile.TemporaryDirectory() as folder:
        from django.conf import settings

        settings.ATTACHMENTS_FOLDER, settings.EXPORT_RELEASE_ROWS = Path(folder), 0
        given = {"customers": customers, "exported": exported, "brands": brands, "seed": seed}
        there = province(report, name, Path(folder), **given)
        for one in chosen:
            module, _colon, function = PARTS[one].partition(":")
            getattr(import_module(module), function)(report, there, sizes)
