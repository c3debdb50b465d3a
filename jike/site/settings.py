"""Django's settings, every variable part of them from `jike.site.config`.

``JIKE_ROLE`` says as whom this process reaches the database: ``app`` (default), ``owner`` (migrations), or ``none`` for
tools that only read the code.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from jike.site.config import load
from jike.site.mail import mail_settings
from jike.site.postgres import django_database, open_database

CONFIG = load()
SITE = Path(__file__).resolve().parent
PACKAGE = SITE.parent
DATABASE_ROLE = os.environ.get("JIKE_ROLE", "app")

DEBUG = CONFIG.debug
SECRET_KEY = CONFIG.secret_key
ALLOWED_HOSTS = sorted(
    {urlsplit(CONFIG.origin).hostname or CONFIG.host, CONFIG.host, "127.0.0.1", "localhost", "[::1]"}
)
CSRF_TRUSTED_ORIGINS = [CONFIG.origin]
ROOT_URLCONF = "jike.site.urls"
WSGI_APPLICATION = "jike.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "jike.site.apps.SiteConfig",
    "jike.apps.analytics",
    "jike.apps.workplans",
    "jike.apps.servicedesk",
    "jike.apps.ordering",
    "jike.apps.inventory",
    "jike.apps.quoting",
    "jike.apps.sales",
    "jike.apps.customers",
    "jike.apps.catalogue",
    "jike.apps.tasks",
    "jike.apps.organisation",
    "jike.foundation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "procrastinate.contrib.django",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "jike.site.middleware.request_id",
    "jike.site.middleware.database_down",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jike.site.compressing.Compressed",  # pages; tokens in them are masked, lengths padded
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jike.site.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jike.site.middleware.errors",
    "jike.site.middleware.actor",
    "jike.site.middleware.SignedIn",
    "jike.site.middleware.duties",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "jike.site.shell.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "jike.foundation.templatetags.ui",
            ],
        },
    }
]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    # Parts of the frame, for {% cache %}: one of each role, language and place; made anew by each process.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if not DEBUG
        else "django.core.cache.backends.dummy.DummyCache",
        "LOCATION": "frame",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}

if DATABASE_ROLE == "none":
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}}
else:
    _database = open_database(CONFIG)
    DATABASES = {
        "default": django_database(
            _database.owner if DATABASE_ROLE == "owner" else _database.app, pool_size=CONFIG.db_pool
        )
    }

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SITE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = CONFIG.home / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": CONFIG.files},
    },
    "staticfiles": {"BACKEND": "jike.foundation.bundles.BundledStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# A grid of 300 lines sends some 25 fields a line.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
ATTACHMENTS_FOLDER = CONFIG.files
EXPORT_RELEASE_ROWS = CONFIG.export_release_rows
IMPORT_FOLDER, IMPORT_PERSON = CONFIG.import_folder, CONFIG.import_person
ATTACHMENT_BYTES_MAX = CONFIG.max_upload_mb * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = CONFIG.files
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "jike.foundation.files.receiving.LimitedUpload",
]

AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "jike.apps.organisation.pages.signing_in.StaffBackend",
]
PASSWORD_HASHERS = ["jike.site.passwords.StaffPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("staff_no", "name", "phone", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "jike.apps.organisation.pages.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_no"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # without the second, allauth asks for no password
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = False  # axes counts, in the database and for all processes together
ACCOUNT_FORMS = {"change_password": "jike.apps.organisation.pages.signing_in.ChangePasswordForm"}
SOCIALACCOUNT_ADAPTER = "jike.apps.organisation.pages.company.CompanyAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": CONFIG.oidc_name,
                "client_id": CONFIG.oidc_client_id,
                "secret": CONFIG.oidc_client_secret,
                "settings": {"server_url": CONFIG.oidc_issuer},
            }
        ]
        if CONFIG.oidc_issuer
        else [],
    }
}
MFA_ADAPTER = "jike.apps.organisation.pages.signing_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "jike.apps.organisation.pages.signing_in.SecondFactorForm",
    "reauthenticate": "jike.apps.organisation.pages.signing_in.SecondFactorAgainForm",
}
MFA_TOTP_TOLERANCE = 1  # a code before and after: clocks of phones are never quite right
MFA_TOTP_ISSUER = "Jike 集客"
USERSESSIONS_TRACK_ACTIVITY = False  # jike.site.middleware.duties notes it, every few minutes

AXES_FAILURE_LIMIT = CONFIG.lockout_failures
AXES_COOLOFF_TIME = timedelta(minutes=CONFIG.lockout_minutes)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "jike.apps.organisation.pages.signing_in.locked_name"
AXES_SENSITIVE_PARAMETERS = ["login", "password", "code", "oldpassword", "password1", "password2"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "jike.apps.organisation.pages.signing_in.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W006"
]  # names are locked, not addresses: a whole branch office shares one address

SESSION_ENGINE = "jike.site.sessions"
SESSION_COOKIE_AGE = CONFIG.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "jike_session"
CSRF_COOKIE_NAME = "jike_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "jike.site.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "jike_language"
SECURE_TRANSPORT = CONFIG.origin.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_TRANSPORT
SECURE_HSTS_SECONDS = 31536000 if SECURE_TRANSPORT else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *([CONFIG.oidc_issuer] if CONFIG.oidc_issuer else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
PROCRASTINATE_ON_APP_READY = "jike.site.wiring.attach_jobs"
PROCRASTINATE_IMPORT_PATHS: list[str] = []
JOB_CONCURRENCY = CONFIG.job_concurrency
globals().update(mail_settings(CONFIG.mail_url))
DEFAULT_FROM_EMAIL = CONFIG.mail_from
EMAIL_SUBJECT_PREFIX = ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": CONFIG.log_level.upper()},
}
