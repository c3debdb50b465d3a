"""Every page loads one style sheet and few scripts; while developing each file by itself."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context, Template

from jike.foundation.bundles import LIBRARY, SCRIPT_BUNDLE, SCRIPTS, STYLE_BUNDLE, STYLES


def rendered(tag: str) -> str:
    return Template(f"{{% {tag} %}}").render(Context())


def collected(name: str) -> str:
    return Path(settings.STATIC_ROOT, staticfiles_storage.stored_name(name)).read_text(encoding="utf-8")


def test_a_page_names_one_bundle_of_styles_and_one_of_scripts_by_their_digests():
    assert re.fullmatch(
        r'<link rel="stylesheet" href="/static/bundles/jike\.[0-9a-f]{12}\.css">', rendered("styles")
    )
    assert re.fullmatch(
        r'<script type="module" src="/static/bundles/jike\.[0-9a-f]{12}\.js"></script>', rendered("scripts")
    )


def test_a_bundle_holds_its_files_in_their_order():
    text = collected(STYLE_BUNDLE)
    places = [text.index(collected(name).strip()[-200:]) for name in STYLES if name != LIBRARY]
    assert places == sorted(places)
    assert text.index("Tabler v") < places[0]


def test_the_bundle_holds_a_quarter_of_the_component_library_and_every_class_of_it_that_pages_name():
    text, library = collected(STYLE_BUNDLE), collected(LIBRARY)
    own = sum(len(collected(name)) for name in STYLES if name != LIBRARY)
    assert len(text) - own < len(library) / 4
    assert all(kept in text for kept in ("--tblr-body-bg", ".btn-primary", "@keyframes", "::after"))


def test_each_script_keeps_its_names_to_itself_in_the_bundle():
    text = collected(SCRIPT_BUNDLE)
    assert all(f"{{\n{collected(name)}\n}}" in text for name in SCRIPTS)
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)


def test_while_developing_each_file_is_named(settings):
    settings.DEBUG = True
    assert rendered("styles").count("<link") == len(STYLES)
    assert rendered("scripts").count("<script") == len(SCRIPTS)


def test_the_bundles_lie_compressed_beside_themselves():
    for name in (STYLE_BUNDLE, SCRIPT_BUNDLE):
        assert Path(settings.STATIC_ROOT, f"{staticfiles_storage.stored_name(name)}.gz").is_file()
