"""The configuration: what a mistake tells the operator, what is made when absent, what is documented."""

from pathlib import Path

import pytest

from jike.site import config

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "configuration.md"


def load(home: Path, **settings: str) -> config.Config:
    return config.load({"JIKE_HOME": str(home), **settings})


def problems(home: Path, **settings: str) -> list[str]:
    with pytest.raises(config.ConfigError) as raised:
        load(home, **settings)
    return raised.value.problems


def test_nothing_needs_to_be_set(tmp_path):
    settings = load(tmp_path / "home")
    assert settings.embedded
    assert settings.origin == "http://127.0.0.1:8000"
    assert settings.files == tmp_path / "home" / "files"


def test_a_secret_key_is_made_once_and_kept_for_the_owner_alone(tmp_path):
    first = load(tmp_path).secret_key
    assert len(first) >= config.SECRET_LENGTH
    assert load(tmp_path).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_secret_key_that_others_can_read_is_refused(tmp_path):
    load(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    assert "chmod 600" in problems(tmp_path)[0]


def test_a_cut_secret_key_is_refused(tmp_path):
    load(tmp_path)
    (tmp_path / "secret.key").write_text("short")
    assert "delete it" in problems(tmp_path)[0]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("JIKE_PORT", "eighty", "whole number from 0 to 65535"),
        ("JIKE_PORT", "70000", "whole number from 0 to 65535"),
        ("JIKE_PORT", "８０００", "whole number from 0 to 65535"),
        ("JIKE_WORKERS", "0", "whole number from 1 to 64"),
        ("JIKE_DEBUG", "maybe", "1 or 0"),
        ("JIKE_PUBLIC_URL", "jike.example.com", "https://jike.example.com"),
        ("JIKE_PUBLIC_URL", "https://example.com/jike", "not served below a path"),
        ("JIKE_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "'proxy' is neither"),
        ("JIKE_MAIL_URL", "mail.example.com", "smtp"),
        ("JIKE_MAIL_FROM", "nobody", "mail address"),
        ("JIKE_LOG_LEVEL", "loud", "one of debug, info"),
        ("JIKE_REFERENCE_DATA", "/not/there", "not there"),
        ("JIKE_FILES", "files", "absolute path"),
        ("JIKE_SECRET_KEY", "short", "at least 32"),
        ("JIKE_PROT", "8000", "did you mean JIKE_PORT?"),
        ("DATABASE_URL", "mysql://u:secret@h/d", "postgresql://"),
        ("DATABASE_URL", "postgresql://u:secret@h", "name a database"),
        ("DATABASE_URL", "postgresql://u:secret@h:port/d%zz", "PostgreSQL"),
        ("DATABASE_OWNER_URL", "postgresql://u:secret@h/d", "needs DATABASE_URL"),
        ("JIKE_OIDC_ISSUER", "https://login.example.com", "together or not at all"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_its_key(tmp_path, key, value, told):
    (sentence,) = problems(tmp_path, **{key: value})
    assert told in sentence
    assert key in sentence
    assert sentence.endswith((".", "?"))
    assert "secret" not in sentence.removeprefix("JIKE_SECRET_KEY")


def test_all_mistakes_are_told_at_once(tmp_path):
    assert len(problems(tmp_path, JIKE_PORT="x", JIKE_DEBUG="y", JIKE_HOST="a\0b")) == 3


def test_debug_is_refused_on_a_public_address(tmp_path):
    (sentence,) = problems(tmp_path, JIKE_DEBUG="1", JIKE_PUBLIC_URL="https://jike.example.com")
    assert "JIKE_DEBUG" in sentence


def test_a_home_that_is_a_file_is_told(tmp_path):
    (tmp_path / "home").write_text("")
    (sentence,) = problems(tmp_path / "home")
    assert "JIKE_HOME" in sentence


def test_secrets_stay_out_of_the_printed_configuration(tmp_path):
    settings = load(
        tmp_path,
        DATABASE_URL="postgresql://u:hush-1@h/d",
        JIKE_SECRET_KEY="hush-2" * 10,
        JIKE_MAIL_URL="smtp://u:hush-3@h",
        JIKE_OIDC_ISSUER="https://login.example.com",
        JIKE_OIDC_CLIENT_ID="jike",
        JIKE_OIDC_CLIENT_SECRET="hush-4",
    )
    assert "hush" not in repr(settings)


def test_each_key_is_documented_with_its_default_and_there_are_at_most_forty():
    assert len(config.KEYS) <= 40
    rows = {
        cells[1].strip(" `"): cells[2].strip(" `")
        for line in REFERENCE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") and (cells := line.split("|"))
    }
    assert set(rows) == {key.name for key in config.KEYS}
    for key in config.KEYS:
        assert key.default in rows[key.name]


def test_each_key_fills_a_field_of_the_configuration():
    assert {key.target for key in config.KEYS} == set(config.Config.__dataclass_fields__)
