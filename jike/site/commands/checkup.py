"""What one line of `jike doctor` is, and the checks that need neither database nor Django."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from jike.site.config import Config

__all__ = ["Finding", "bad", "fine", "system_findings", "warning"]

GIGABYTE = 1024**3
LITTLE_SPACE_GB = 2.0
TOO_LITTLE_SPACE_GB = 0.25
WORKER_MEGABYTES = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing: `level` is ok, warn or bad; the sentence of a warn or bad one says what to do."""

    name: str
    level: Literal["ok", "warn", "bad"]
    sentence: str


def fine(name: str, sentence: str) -> Finding:
    return Finding(name, "ok", sentence)


def warning(name: str, sentence: str) -> Finding:
    return Finding(name, "warn", sentence)


def bad(name: str, sentence: str) -> Finding:
    return Finding(name, "bad", sentence)


def system_findings(config: Config) -> Iterator[Finding]:
    """Configuration, folders, disk, memory and the way in from the network."""
    yield fine("configuration", f"JIKE_HOME is {config.home}.")
    yield privacy(config.home)
    yield writable("files", config.files)
    for name, folder in {"disk": config.home, "disk of files": config.files}.items():
        yield space(name, folder)
    yield memory(config)
    yield transport(config)
    if config.debug:
        yield warning(
            "debug", "JIKE_DEBUG shows internals on error pages: set it to 0 where others use this site."
        )


def privacy(home: Path) -> Finding:
    """Others may pass through root's home to the database's folder, but never list or write it."""
    if home.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) & ~(stat.S_IXGRP | stat.S_IXOTH):
        return bad("privacy", f"Others can read or write {home}: run chmod go-rw {home}.")
    return fine("privacy", "JIKE_HOME is closed to others.")


def writable(name: str, folder: Path) -> Finding:
    if os.access(folder, os.W_OK | os.X_OK | os.R_OK):
        return fine(name, f"{folder} can be written to.")
    return bad(name, f"{folder} can't be written to: give it to the user who runs Jike (chown).")


def space(name: str, folder: Path) -> Finding:
    gigabytes = shutil.disk_usage(folder).free / GIGABYTE
    sentence = f"{gigabytes:.1f} GB are free below {folder}"
    if gigabytes < TOO_LITTLE_SPACE_GB:
        return bad(name, f"{sentence}: free some now, or PostgreSQL stops when it can't write.")
    if gigabytes < LITTLE_SPACE_GB:
        return warning(name, f"{sentence}: free some soon.")
    return fine(name, f"{sentence}.")


def memory(config: Config) -> Finding:
    from jike.site.postgres.tuning import memory_megabytes

    total = memory_megabytes()
    wanted = (config.workers + 1) * WORKER_MEGABYTES + (total // 4 if config.embedded else 0)
    if wanted > total:
        return warning(
            "memory", f"{config.workers} web processes may need {wanted} MB of {total}: lower JIKE_WORKERS."
        )
    return fine("memory", f"{total} MB are enough for {config.workers} web processes.")


def transport(config: Config) -> Finding:
    try:
        local = ip_address(config.host).is_loopback
    except ValueError:
        local = config.host == "localhost"
    if config.origin.startswith("https://"):
        return fine("transport", f"People come by {config.origin}.")
    if local:
        return fine("transport", f"Only this machine gets in ({config.origin}).")
    return warning(
        "transport",
        f"Passwords travel in the clear on {config.host}: put an https proxy in front and set JIKE_PUBLIC_URL.",
    )
