"""Static files for the web server: collected, hashed and compressed into JIKE_HOME when their sources changed."""

import hashlib
from pathlib import Path

from jike.site.config import Config

__all__ = ["collect", "is_current"]

MARK = "made-from.txt"


def sources() -> list[Path]:
    from django.contrib.staticfiles.finders import get_finders

    from jike.foundation import bundles

    found = [Path(bundles.__file__), *bundles.naming_classes()]  # what is bundled decides, too
    found += [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    return sorted(set(found))


def fingerprint() -> str:
    """Changes when any source file does; by name, size and time, which is cheap for thousands of files."""
    digest = hashlib.sha256()
    for path in sources():
        facts = path.stat()
        digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_current(config: Config) -> bool:
    mark = config.home / "static" / MARK
    return mark.is_file() and mark.read_text(encoding="ascii") == fingerprint()


def collect(config: Config) -> bool:
    """Collect when needed (settings are loaded); True when there was something to do."""
    if is_current(config):
        return False
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    (config.home / "static" / MARK).write_text(fingerprint(), encoding="ascii")
    return True
