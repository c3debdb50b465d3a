"""Which styles and scripts every page loads, in their order, and how they become one file each.

While developing pages name the files one by one; elsewhere they name the bundles, which are made whenever static files
are collected. A script is a module; in its bundle a block keeps its names to itself. Of the component library the
bundle holds what pages use.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

from jike.foundation.pruning import pruned, words_of

__all__ = [
    "LIBRARY",
    "SCRIPTS",
    "SCRIPT_BUNDLE",
    "STYLES",
    "STYLE_BUNDLE",
    "BundledStorage",
    "naming_classes",
]

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARY = "vendor/tabler.min.css"
STYLES = (
    LIBRARY,
    "css/tokens.css",
    "css/ground.css",
    "css/shell.css",
    "css/controls.css",
    "css/badges.css",
    "css/tables.css",
    "css/panels.css",
    "css/overlays.css",
    "css/resource.css",
    "css/board.css",
    "css/figures.css",
    "css/working.css",
    "css/network.css",
    "css/groups.css",
    "css/noting.css",
    "css/exchange.css",
    "css/doubles.css",
    "css/entrance.css",
    "css/utilities.css",
    "css/phone.css",
    "css/print.css",
)
SCRIPTS = (
    "js/overlays.js",
    "js/shell.js",
    "js/keys.js",
    "js/palette.js",
    "js/forms.js",
    "js/toasts.js",
    "js/lists.js",
    "js/clock.js",
)
STYLE_BUNDLE, SCRIPT_BUNDLE = "bundles/jike.css", "bundles/jike.js"

LIBRARIES_APART = ("tabler.min.js", "echarts.min.js")
"""Scripts that name many classes and of which no page needs one: the one is not loaded, the other draws on a canvas."""


def naming_classes() -> Iterator[Path]:
    """Give the files in which a class name of the component library may stand: templates, scripts, pages in Python."""
    yield from PACKAGE.rglob("*.html")
    yield from (one for one in PACKAGE.rglob("static/**/*.js") if one.name not in LIBRARIES_APART)
    for room in ("pages", "templatetags", "resource"):
        yield from PACKAGE.rglob(f"{room}/**/*.py")
    yield from (PACKAGE / "foundation" / "drawing.py", PACKAGE / "site" / "patterns.py")


class BundledStorage(CompressedManifestStaticFilesStorage):
    """Adds the bundles to what is collected, before names get their digests and files are compressed."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the bundles and hand them on with the rest; `paths` maps names to their storage and name in it."""
        if not dry_run:
            for bundle, text in self._bundles():
                place = Path(self.path(bundle))
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
                paths[bundle] = (self, bundle)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _bundles(self) -> Iterator[tuple[str, str]]:
        library = pruned(self._text(LIBRARY), words_of(naming_classes()))
        yield STYLE_BUNDLE, "\n".join([library, *(self._text(name) for name in STYLES if name != LIBRARY)])
        yield SCRIPT_BUNDLE, "\n".join(f"{{\n{self._text(name)}\n}}" for name in SCRIPTS)

    def _text(self, name: str) -> str:
        return Path(self.path(name)).read_text(encoding="utf-8")
