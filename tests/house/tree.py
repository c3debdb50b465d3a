"""The checkout as the house rules see it: the files git knows or would know, each read and parsed once."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES_AND_TYPE = {
    ".png",
    ".jpg",
    ".gif",
    ".ico",
    ".svg",
    ".woff2",
    ".ttf",
    ".otf",
    ".xlsx",
    ".docx",
    ".parquet",
}


@dataclass(frozen=True)
class Source:
    """One text file: its path from the root with forward slashes, and what it holds."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def is_template(self) -> bool:
        return (
            self.path.startswith("jike/")
            and "/templates/" in self.path
            and self.path.endswith((".html", ".txt"))
        )

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path

    @property
    def room(self) -> str:
        """The room of a capability that a file lies in (`actions`, `pages` …), or an empty string."""
        parts = self.path.removesuffix(".py").split("/")
        return parts[3] if len(parts) > 3 and parts[:2] == ["jike", "apps"] else ""


@cache
def paths() -> tuple[str, ...]:
    """Every path that is in git or about to be: untracked files count, ignored ones do not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted({path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()}))


@cache
def read(path: str) -> Source:
    return Source(path, (ROOT / path).read_text(encoding="utf-8"))


@cache
def sources() -> tuple[Source, ...]:
    """Every text file of the project."""
    return tuple(read(path) for path in paths() if Path(path).suffix.lower() not in PICTURES_AND_TYPE)
