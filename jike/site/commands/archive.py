"""The archive of `jike backup`: one tar with a manifest, the dump, the secret key and the files, each with its digest.

Members, in this order: `manifest.json`, `database.dump` (pg_dump's custom format), `secret.key` (when JIKE_HOME keeps
it), `files/…`. The manifest names rows and digest of every table, so that a restore can prove itself.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from jike.site.commands.refusals import CommandRefused
from jike.site.commands.table_digests import TableDigest

__all__ = [
    "DUMP",
    "FILES",
    "SECRET",
    "Manifest",
    "digest_of_file",
    "read_manifest",
    "stored_files",
    "unpack",
    "write_archive",
]

FORMAT = 1
MANIFEST, DUMP, SECRET, FILES = "manifest.json", "database.dump", "secret.key", "files/"


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. Digests are SHA-256 in hexadecimal; `migrations` are "app.name"."""

    jike: str
    created: str
    server: str
    migrations: list[str]
    tables: dict[str, TableDigest]
    sequences: dict[str, int]
    dump: str
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Raises ValueError, KeyError or TypeError for anything that is no manifest."""
        facts = json.loads(content)
        if not isinstance(facts, dict) or facts.get("format") != FORMAT:
            raise ValueError("format")
        facts["tables"] = {name: TableDigest(**digest) for name, digest in facts["tables"].items()}
        return cls(**facts)


def digest_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def stored_files(folder: Path) -> Iterator[Path]:
    """Regular files below `folder`; a link would carry the backup out of the site."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def write_archive(target: Path, manifest: Manifest, *, parts: dict[str, Path], files: Path) -> None:
    """Write to a draft beside `target` and move it there whole; readable for the owner only."""
    draft = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as tar:
                content = manifest.to_json()
                entry = tarfile.TarInfo(MANIFEST)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
                for name, path in parts.items():
                    tar.add(path, arcname=name, recursive=False)
                for name in manifest.files:
                    tar.add(files / name, arcname=FILES + name, recursive=False)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(source: Path) -> Manifest:
    """The manifest of an archive; CommandRefused when the file is none, or one of a later Jike."""
    try:
        with tarfile.open(source) as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST:
                raise ValueError("no manifest")
            stream = tar.extractfile(first)
            assert stream is not None
            return Manifest.from_json(stream.read())
    except FileNotFoundError:
        raise CommandRefused(f"There is no file {source}.") from None
    except (tarfile.TarError, ValueError, KeyError, TypeError, AssertionError):
        raise CommandRefused(
            f"{source} is not a backup this Jike can read: it needs a file written by jike backup."
        ) from None


def members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each member after the manifest; a damaged archive is refused."""
    try:
        with tarfile.open(source) as tar:
            for entry in tar:
                stream = tar.extractfile(entry) if entry.isreg() else None
                if entry.name != MANIFEST and stream is not None:
                    yield entry.name, stream
    except tarfile.TarError as error:
        raise CommandRefused(f"{source} is damaged ({error}): use another backup.") from None


def unpack(file: Path, manifest: Manifest, folder: Path) -> None:
    """Every member with its digest checked; what the manifest does not name is refused."""
    digests = {DUMP: manifest.dump} | {FILES + name: digest for name, digest in manifest.files.items()}
    (folder / FILES).mkdir()
    for name, stream in members(file):
        target = (folder / name).resolve()
        if (name not in digests and name != SECRET) or not target.is_relative_to(folder.resolve()):
            raise CommandRefused(
                f"{file} holds {name}, which its manifest does not name: use another backup."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
            shutil.copyfileobj(stream, copy)
        wanted = digests.pop(name, None)
        if wanted and digest_of_file(target) != wanted:
            raise CommandRefused(f"{name} in {file} is damaged: use another backup.")
    if digests:
        raise CommandRefused(f"{file} lacks {next(iter(digests))}: use another backup.")
