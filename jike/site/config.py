"""Every setting of Jike, read once from the environment into one frozen dataclass.

A mistake never surfaces later as a stack trace: `load` reads all keys, gathers one sentence per mistake
and raises them together as `ConfigError`. The meaning of each key for operators is in
docs/reference/configuration.md, and a test holds that page against `KEYS`.
"""

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parents[2]
SECRET_LENGTH = 32


class ConfigError(Exception):
    """The environment holds mistakes; `problems` is one sentence for each, addressed to the operator."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Config:
    """The validated settings; field by field the keys of `KEYS`. Secrets are left out of its repr."""

    home: Path
    files: Path
    database_url: str = field(repr=False)
    database_owner_url: str = field(repr=False)
    db_pool: int
    secret_key: str = field(repr=False)
    host: str
    port: int
    public_url: str
    trusted_proxies: tuple[str, ...]
    debug: bool
    demo: bool
    workers: int
    threads: int
    job_concurrency: int
    log_level: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_name: str
    oidc_claim: str
    mail_url: str = field(repr=False)
    mail_from: str
    max_upload_mb: int
    session_hours: int
    password_days: int
    require_second_factor: bool
    lockout_failures: int
    lockout_minutes: int
    reference_data: Path | None
    export_release_rows: int
    import_folder: Path | None
    import_person: str

    @property
    def embedded(self) -> bool:
        """True when Jike runs its own PostgreSQL, that is, when no DATABASE_URL is given."""
        return not self.database_url

    @property
    def origin(self) -> str:
        """The address people type: JIKE_PUBLIC_URL, else the listening address (scheme, host, port)."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def text(value: str) -> str:
    return value


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from low to high, both included."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    return read


def switch(value: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if value.lower() not in words:
        raise ValueError(f"must be 1 or 0, not {value!r}")
    return words[value.lower()]


def web_address(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be an address such as https://jike.example.com, not {value!r}")
    return value.rstrip("/")


def origin(value: str) -> str:
    address = web_address(value)
    if address and urlsplit(address).path:
        raise ValueError(
            f"must end after the host name and port (Jike is not served below a path), not {value!r}"
        )
    return address


def mail_address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+|[^<>]+ <[^@\s<>]+@[^@\s<>]+>", value):
        raise ValueError(f"must be a mail address such as Jike <jike@example.com>, not {value!r}")
    return value


def mail_server(value: str) -> str:
    if value and (
        urlsplit(value).scheme not in ("smtp", "smtps", "smtp+tls") or not urlsplit(value).hostname
    ):
        raise ValueError(
            "must be an address such as smtp+tls://user:password@mail.example.com:587 (smtp or smtps)"
        )
    return value


def database_address(value: str) -> str:
    """Checked without repeating the value, which holds a password."""
    if not value:
        return value
    if not value.startswith(("postgres://", "postgresql://")):
        raise ValueError("must begin with postgresql:// (Jike knows no other database)")
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parameters = conninfo_to_dict(value)
    except ProgrammingError as error:
        raise ValueError(f"is not an address PostgreSQL understands: {error}".rstrip()) from None
    if not parameters.get("dbname"):
        raise ValueError("must name a database: postgresql://user:password@host:5432/database")
    return value


def networks(value: str) -> tuple[str, ...]:
    entries = []
    for entry in filter(None, (part.strip() for part in value.split(","))):
        try:
            entries.append(str(ip_network(entry, strict=False)))
        except ValueError:
            raise ValueError(
                f"must be addresses or networks set apart by commas; {entry!r} is neither"
            ) from None
    return tuple(entries)


def one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {value!r}")
        return value.lower()

    return read


def folder(value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ValueError(f"must be an absolute path, not {value!r}")
    return path


def optional_folder(value: str) -> Path | None:
    return folder(value) if value else None


def existing_folder(value: str) -> Path | None:
    if not value:
        return None
    if not folder(value).is_dir():
        raise ValueError(f"names a folder that is not there: {value}")
    return folder(value)


@dataclass(frozen=True, slots=True)
class Key:
    """One environment variable: what it is called, its default as text, and how its text is read."""

    name: str
    default: str
    read: Callable[[str], Any]
    attribute: str = ""

    @property
    def target(self) -> str:
        return self.attribute or self.name.removeprefix("JIKE_").lower()


KEYS = (
    Key("DATABASE_URL", "", database_address),
    Key("DATABASE_OWNER_URL", "", database_address),
    Key("JIKE_DB_POOL", "8", whole(1, 200)),
    Key("JIKE_SECRET_KEY", "", text),
    Key("JIKE_HOST", "127.0.0.1", text),
    Key("JIKE_PORT", "8000", whole(0, 65535)),
    Key("JIKE_PUBLIC_URL", "", origin),
    Key("JIKE_TRUSTED_PROXIES", "", networks),
    Key("JIKE_DEBUG", "0", switch),
    Key("JIKE_DEMO", "0", switch),
    Key("JIKE_WORKERS", "2", whole(1, 64)),
    Key("JIKE_THREADS", "4", whole(1, 64)),
    Key("JIKE_JOB_CONCURRENCY", "2", whole(1, 64)),
    Key("JIKE_LOG_LEVEL", "info", one_of("debug", "info", "warning", "error")),
    Key("JIKE_OIDC_ISSUER", "", web_address),
    Key("JIKE_OIDC_CLIENT_ID", "", text),
    Key("JIKE_OIDC_CLIENT_SECRET", "", text),
    Key("JIKE_OIDC_NAME", "Company account", text),
    Key("JIKE_OIDC_CLAIM", "preferred_username", text),
    Key("JIKE_MAIL_URL", "", mail_server),
    Key("JIKE_MAIL_FROM", "Jike <jike@localhost>", mail_address),
    Key("JIKE_MAX_UPLOAD_MB", "50", whole(1, 2048)),
    Key("JIKE_SESSION_HOURS", "12", whole(1, 720)),
    Key("JIKE_PASSWORD_DAYS", "0", whole(0, 3650)),
    Key("JIKE_REQUIRE_SECOND_FACTOR", "0", switch),
    Key("JIKE_LOCKOUT_FAILURES", "5", whole(1, 100)),
    Key("JIKE_LOCKOUT_MINUTES", "15", whole(1, 1440)),
    Key("JIKE_REFERENCE_DATA", "", existing_folder),
    Key("JIKE_EXPORT_RELEASE_ROWS", "10000", whole(0, 999_999_999)),
    Key("JIKE_IMPORT_FOLDER", "", existing_folder),
    Key("JIKE_IMPORT_PERSON", "", text),
    Key("JIKE_HOME", "", folder),
    Key("JIKE_FILES", "", optional_folder),
)
# Set by Jike for the processes it starts; nobody else sets it.
INTERNAL_KEYS = ("JIKE_ROLE",)


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of this process, with JIKE_HOME and the secret key made when absent.

    Raises ConfigError with a sentence for every mistake found, not only the first.
    """
    environ = os.environ if environ is None else environ
    given = {name: value.strip() for name, value in environ.items() if name in {key.name for key in KEYS}}
    given["JIKE_HOME"] = given.get("JIKE_HOME") or str(default_home(environ))
    values: dict[str, Any] = {}
    problems = unknown_keys(environ)
    for key in KEYS:
        try:
            if "\0" in given.get(key.name, ""):
                raise ValueError("must not hold a NUL character")
            values[key.target] = key.read(given.get(key.name) or key.default)
        except ValueError as error:
            problems.append(f"{key.name} {error}.")
    problems += contradictions(values)
    if not problems:
        values["files"] = values["files"] or values["home"] / "files"
        problems += prepare_home(values)
    if problems:
        raise ConfigError(problems)
    return Config(**values)


def default_home(environ: Mapping[str, str]) -> Path:
    """`.jike` in a source checkout, so that two checkouts never meet; the user's data folder for an installed
    wheel.
    """
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / ".jike"
    shared = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME") or Path.home()) / ".local" / "share"
    return Path(shared) / "jike"


def unknown_keys(environ: Mapping[str, str]) -> list[str]:
    """A misspelt key would otherwise be ignored silently, and its default would reign."""
    known = [key.name for key in KEYS] + list(INTERNAL_KEYS)
    problems = []
    for name in sorted(environ):
        if name.startswith("JIKE_") and name not in known:
            near = get_close_matches(name, known, n=1)
            problems.append(f"{name} is not a setting of Jike{f'; did you mean {near[0]}?' if near else '.'}")
    return problems


def contradictions(values: Mapping[str, Any]) -> list[str]:
    """Mistakes that show only when keys are seen together; keys that failed on their own are left alone."""
    problems = []
    if values.get("database_owner_url") and values.get("database_url") == "":
        problems.append("DATABASE_OWNER_URL needs DATABASE_URL, the role with which Jike works, beside it.")
    oidc = [values.get(f"oidc_{name}") for name in ("issuer", "client_id", "client_secret")]
    if any(oidc) and not all(oidc):
        problems.append(
            "JIKE_OIDC_ISSUER, JIKE_OIDC_CLIENT_ID and JIKE_OIDC_CLIENT_SECRET must be set together or not "
            "at all."
        )
    if values.get("import_folder") and not values.get("import_person"):
        problems.append(
            "JIKE_IMPORT_FOLDER needs JIKE_IMPORT_PERSON: the staff number in whose name files are imported."
        )
    if values.get("secret_key") and len(values["secret_key"]) < SECRET_LENGTH:
        problems.append(
            f"JIKE_SECRET_KEY must have at least {SECRET_LENGTH} characters; unset it and Jike makes one."
        )
    if values.get("debug") and values.get("public_url", "").startswith("https://"):
        problems.append(
            "JIKE_DEBUG shows internals on error pages and must be 0 where JIKE_PUBLIC_URL is https."
        )
    return problems


def prepare_home(values: dict[str, Any]) -> list[str]:
    """Make JIKE_HOME, the files folder and the secret key; what the system refuses becomes a sentence."""
    for key, path in (("JIKE_HOME", values["home"]), ("JIKE_FILES", values["files"])):
        try:
            make_private_folder(path, passable=key == "JIKE_HOME" and os.geteuid() == 0)
        except OSError as error:
            return [
                f"{key} is {path}, which cannot be used: {error.strerror}. Name a folder you may write to."
            ]
    if not values["secret_key"]:
        try:
            values["secret_key"] = kept_secret(values["home"] / "secret.key")
        except ValueError as error:
            return [str(error)]
        except OSError as error:
            return [f"The secret key cannot be kept in {values['home']}: {error.strerror}."]
    return []


def make_private_folder(path: Path, *, passable: bool) -> None:
    """Parents as the umask says, the folder itself for its owner alone; an existing folder keeps its mode.

    Root's JIKE_HOME may be passed through (not listed) by others, because PostgreSQL, which refuses to be
    root, keeps its data below it; everything else in there is closed on its own.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o711 if passable else 0o700, exist_ok=True)
    if not os.access(path, os.W_OK | os.X_OK):
        raise PermissionError(13, "no permission to write there")


def kept_secret(path: Path) -> str:
    """The secret in the file at `path`, made on first use; of processes starting together one wins."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ValueError(
            f"{path} can be read by others: run chmod 600 {path}, and renew it if it may have been read."
        )
    secret = path.read_text(encoding="utf-8").strip()
    if len(secret) < SECRET_LENGTH:
        raise ValueError(
            f"{path} holds no usable key: delete it and Jike makes a new one (everybody signs in anew)."
        )
    return secret
