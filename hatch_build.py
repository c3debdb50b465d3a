"""Build what a checkout does not hold: front-end assets from npm and compiled message catalogues.

Hatchling calls `BuildHook` for every wheel, sdist and editable install; the Makefile calls it as a script. Both do
the same and do nothing when nothing changed. An sdist carries the results, so that only a checkout needs Node.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
VENDOR = Path("jike/foundation/static/vendor")
ICON_NAMES = Path("jike/foundation/icons.txt")
CATALOGUES = "jike/**/locale/*/LC_MESSAGES/*.po"

# What a browser is served: path in node_modules → name in the vendor folder.
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/css/tabler-vendors.min.css": "tabler-vendors.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "sortablejs/Sortable.min.js": "sortable.min.js",
    "tom-select/dist/js/tom-select.popular.min.js": "tom-select.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
    "flatpickr/dist/flatpickr.min.js": "flatpickr.min.js",
    "flatpickr/dist/flatpickr.min.css": "flatpickr.min.css",
    "flatpickr/dist/l10n/zh.js": "flatpickr-zh.js",
}
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")


class BuildHook(BuildHookInterface):
    """Put the assets and catalogues into whatever is being built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build under the project root; hatch adds the results as artifacts (see pyproject.toml)."""
        build(Path(self.root))


def build(root: Path) -> None:
    """Bring the vendor folder and every compiled catalogue under `root` up to date."""
    build_assets(root)
    for catalogue in sorted(root.glob(CATALOGUES)):
        compile_catalogue(catalogue)


def build_assets(root: Path) -> None:
    """Fill the vendor folder from npm packages, unless it was made from these very inputs.

    Raises SystemExit with a sentence when Node is missing, npm fails or an icon does not exist.
    """
    vendor, stamp = root / VENDOR, root / VENDOR / "made-from.txt"
    wanted = digest_of_inputs(root)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    install_packages(root)
    packages = root / "node_modules"
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for source, name in COPIES.items():
        (vendor / name).write_bytes(SOURCE_MAP.sub(b"\n", (packages / source).read_bytes()))
    icons = {name: inner_svg(packages, name) for name in icon_names(root)}
    (vendor / "icons.json").write_text(json.dumps(icons, indent=0), encoding="utf-8")
    (vendor / "LICENSES.txt").write_text(licences(root), encoding="utf-8")
    stamp.write_text(wanted)
    say(f"Assets: {len(COPIES)} files and {len(icons)} icons in {VENDOR}")


def digest_of_inputs(root: Path) -> str:
    """One digest over everything that decides what the vendor folder holds."""
    digest = hashlib.sha256()
    for name in ("package-lock.json", str(ICON_NAMES), "hatch_build.py"):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()


def install_packages(root: Path) -> None:
    """Run `npm ci` unless node_modules already is what the lock file says."""
    installed = root / "node_modules" / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= (root / "package-lock.json").stat().st_mtime:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            "npm was not found: a source checkout needs Node.js 20 or newer to build its front end."
        )
    say("Installing front-end packages (npm ci) …")
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=root
    )
    if done.returncode:
        raise SystemExit(f"npm ci failed with exit code {done.returncode}; its own words are above.")
    installed.touch()


def icon_names(root: Path) -> list[str]:
    """Names in icons.txt, one a line: `user` is the outline drawing, `filled/star` the filled one."""
    lines = (root / ICON_NAMES).read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def inner_svg(packages: Path, name: str) -> str:
    """The drawing inside one icon's <svg> element; the page sets size, stroke and colour."""
    style, _, short = name.rpartition("/")
    source = packages / "@tabler/icons/icons" / (style or "outline") / f"{short}.svg"
    if not source.is_file():
        raise SystemExit(f"{ICON_NAMES} names the icon {name!r}, which Tabler does not have.")
    shapes = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", shapes).replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")


def licences(root: Path) -> str:
    """Name, version, licence and notice of every package whose files are copied."""
    pages = []
    for name in json.loads((root / "package.json").read_text(encoding="utf-8"))["dependencies"]:
        folder = root / "node_modules" / name
        facts = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        notices = sorted([*folder.glob("LICENSE*"), *folder.glob("NOTICE*")])
        texts = [notice.read_text(encoding="utf-8").strip() for notice in notices]
        pages.append("\n\n".join([f"{name} {facts['version']} ({facts['license']})", *texts]))
    return "\n\n\n".join(pages) + "\n"


def compile_catalogue(source: Path) -> None:
    """Compile one .po file beside itself, in pure Python (no gettext programs needed)."""
    target = source.with_suffix(".mo")
    if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as lines:
        catalogue = read_po(lines, abort_invalid=True)
    with target.open("wb") as binary:
        write_mo(binary, catalogue)
    say(f"Catalogue: {sum(1 for message in catalogue if message.string)} messages in {target.name}")


def say(line: str) -> None:
    """Show progress where `pip --verbose` and `make` can be watched."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    build(ROOT)
